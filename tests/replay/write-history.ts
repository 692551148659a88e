import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** A history as the server gives it. */
export type History = Parameters<typeof historyToJSON>[0];

/**
 * Writes a history to `tests/histories/<kind>/<name>.json`, without the name of this machine.
 *
 * @param files a temporary folder that the history may name; it becomes `/data`.
 */
export function writeHistory(kind: string, name: string, history: History, files?: string): void {
  const folder = fileURLToPath(new URL(`../histories/${kind}/`, import.meta.url));
  const told = historyToJSON(history).replaceAll(`@${hostname()}`, '@host');
  const text = files === undefined ? told : told.replaceAll(files, '/data');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}.json`, `${text}\n`);
}
