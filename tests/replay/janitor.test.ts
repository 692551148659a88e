import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { replayHistories } from '../../workers/replay.ts';
import { installRuntime } from '../../workers/run-worker.ts';
import { workflowBundlePath } from '../helpers/workflow-bundle.ts';

jest.setTimeout(60_000);

const FILE = fileURLToPath(new URL('../histories/janitor/away.json', import.meta.url));

let codePath: string;
let folder: string;
beforeAll(async () => {
  installRuntime('replay');
  codePath = await workflowBundlePath();
  folder = mkdtempSync(join(tmpdir(), 'tradewind-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is said against the recorded history after `change`. */
async function replayTampered(change: (text: string) => string): Promise<readonly string[]> {
  const before = readFileSync(FILE, 'utf8');
  const after = change(before);
  if (after === before) throw new Error('the history was not changed');
  const file = join(folder, 'tampered.json');
  writeFileSync(file, after);
  return (await replayHistories([file], codePath)).failed.map(({ error }) => error);
}

describe('a tampered history of the janitor', () => {
  it('is refused when it reconciled by another activity', async () => {
    const said = await replayTampered((text) => text.replaceAll('"sweepAccount"', '"sweepEverything"'));
    expect(said).toEqual([expect.stringContaining('sweepEverything')]);
  });

  it('is refused when it looked at accounts before it ended what was abandoned', async () => {
    const said = await replayTampered((text) =>
      text
        .replaceAll('"closeAbandonedExecutions"', '"first"')
        .replaceAll('"listAccounts"', '"closeAbandonedExecutions"')
        .replaceAll('"first"', '"listAccounts"'),
    );
    expect(said).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });
});
