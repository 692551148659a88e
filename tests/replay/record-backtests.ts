/**
 * Records the histories of backtests that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record-backtests.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { barsOf, writeBars } from '../helpers/bars-file.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { writeGatedStrategy, writeStrategy } from '../helpers/user-strategies.ts';
import { writeHistory } from './write-history.ts';

const GATED_BAR = 100;

const files = mkdtempSync(join(tmpdir(), 'tradewind-record-'));
const bars = writeBars(join(files, 'bars.csv'), 1_000);
const stack = await startStack();
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  await save('plain', await start({ id: 'sma-cross', params: { fast: 2, slow: 5 } }));
  await save('failed', await start({ file: writeStrategy(files, 'throws.mjs') }));
  await recordCancelled();
  await recordCrashed();
} finally {
  await connection.close();
  await stack.stop();
  rmSync(files, { recursive: true, force: true });
}

/** Cancelled while its worker works on it. */
async function recordCancelled(): Promise<void> {
  const id = await start({ file: writeGatedStrategy(files, join(files, 'never')) });
  await gated(id);
  const answer = await stack.call('POST', `/v1/backtests/${id}/cancel`);
  if (answer.status !== 200) throw new Error(`the cancel was answered ${answer.status}`);
  await save('cancelled', id);
}

/** Its worker is killed in the middle, so that the activity times out and is tried again. */
async function recordCrashed(): Promise<void> {
  const gate = join(files, 'gate');
  const id = await start({ file: writeGatedStrategy(files, gate) });
  await gated(id);
  stack.kill('compute');
  writeFileSync(gate, '');
  await stack.waitRestarted('compute');
  await save('crashed', id);
}

async function start(strategy: object): Promise<string> {
  const answer = await stack.call('POST', '/v1/backtests', { data: barsOf(bars), strategy });
  if (answer.status !== 201) throw new Error(`the start was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

async function gated(id: string): Promise<void> {
  await until('the run to reach its gate', async () => {
    const { body } = await stack.call('GET', `/v1/backtests/${id}`);
    return body.progress.barsDone >= GATED_BAR;
  });
}

/** Waits for the end of a backtest and writes its history, without the names of this machine. */
async function save(name: string, id: string): Promise<void> {
  const handle = workflow.getHandle(`backtest/${id}`);
  const result: unknown = await handle.result();
  writeHistory('backtest', name, await handle.fetchHistory(), files);
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
