/**
 * Records the histories of optimisations that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record-optimizations.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { barsOf, writeBars } from '../helpers/bars-file.ts';
import { gatedSearch } from '../helpers/gated-search.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { writeHistory } from './write-history.ts';

/** Rows after which a gated search surely waits. */
const SOME_ROWS = 34;

const files = mkdtempSync(join(tmpdir(), 'tradewind-record-'));
const stack = await startStack();
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  await recordPlain();
  await recordPaused();
  await recordCancelled();
  await recordCrashed();
} finally {
  await connection.close();
  await stack.stop();
  rmSync(files, { recursive: true, force: true });
}

/** A grid that nothing happens to. */
async function recordPlain(): Promise<void> {
  const bars = writeBars(join(files, 'bars.csv'), 5_000);
  const space = { fast: { min: 2, max: 21, step: 1 }, slow: { min: 25, max: 74, step: 1 } };
  await save('plain', await start({ data: barsOf(bars), strategy: { id: 'sma-cross' }, space }));
}

/** Paused and resumed in the middle. */
async function recordPaused(): Promise<void> {
  const search = gatedSearch(files, 'paused');
  const id = await started(search.spec);
  await command(id, 'pause');
  search.open();
  await command(id, 'resume');
  await save('paused', id);
}

/** Cancelled in the middle. */
async function recordCancelled(): Promise<void> {
  const id = await started(gatedSearch(files, 'cancelled').spec);
  await command(id, 'cancel');
  await save('cancelled', id);
}

/** Both workers are killed in the middle, so that chunks and a workflow task time out and are tried again. */
async function recordCrashed(): Promise<void> {
  const search = gatedSearch(files, 'crashed');
  const id = await started(search.spec);
  stack.kill('compute');
  stack.kill('trading');
  search.open();
  await Promise.all([stack.waitRestarted('compute'), stack.waitRestarted('trading')]);
  await save('crashed', id);
}

async function start(spec: object): Promise<string> {
  const answer = await stack.call('POST', '/v1/optimizations', spec);
  if (answer.status !== 201) throw new Error(`the start was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

/** A search that waits, with some rows stored. */
async function started(spec: object): Promise<string> {
  const id = await start(spec);
  await until('the search to have some rows', async () => {
    const { body } = await stack.call('GET', `/v1/optimizations/${id}`);
    return body.done >= SOME_ROWS;
  });
  return id;
}

async function command(id: string, name: 'pause' | 'resume' | 'cancel'): Promise<void> {
  const answer = await stack.call('POST', `/v1/optimizations/${id}/${name}`);
  if (answer.status !== 200) throw new Error(`${name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Waits for the end of a search and writes its history, without the names of this machine. */
async function save(name: string, id: string): Promise<void> {
  const handle = workflow.getHandle(`optimization/${id}`);
  const result: unknown = await handle.result();
  writeHistory('optimization', name, await handle.fetchHistory(), files);
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
