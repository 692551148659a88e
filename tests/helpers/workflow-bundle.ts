import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflows } from '../../workers/bundle.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** All that can be in the bundle. */
const SOURCES = ['workflows', 'domain', 'package-lock.json'];

/**
 * The path of the bundle of the workflow code as it is now. Built by the first test file that asks, since jest shares nothing
 * between files but the disk; any change of a source makes another.
 */
export async function workflowBundlePath(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesIn)) hash.update(file).update(readFileSync(join(ROOT, file)));
  const path = join(tmpdir(), `tradewind-workflow-bundle-${hash.digest('hex').slice(0, 16)}.js`);
  if (!existsSync(path)) {
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, await bundleWorkflows());
    renameSync(unfinished, path);
  }
  return path;
}

function filesIn(name: string): string[] {
  if (name.endsWith('.json')) return [name];
  return readdirSync(join(ROOT, name), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(name, file))
    .sort();
}
