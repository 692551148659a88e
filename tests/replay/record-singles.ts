/**
 * Records the histories of single orders that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record-singles.ts
 */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { executionWorkflowId } from '../../workflows/execution/messages.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { writeHistory } from './write-history.ts';

const WITHIN_MS = 120_000;

const stack = await startStack();
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  await recordMarketable();
  await recordCancelled();
  await recordPaused();
  await recordFilled();
} finally {
  await connection.close();
  await stack.stop();
}

/** It fills at once. */
async function recordMarketable(): Promise<void> {
  await save('single-marketable', await start({ side: 'buy' }));
}

/** A stop far away whose worker is killed while it rests, and which is cancelled then. */
async function recordCancelled(): Promise<void> {
  const id = await start({ side: 'sell', kind: 'stop', stopPrice: '30000', reduceOnly: 1 });
  await rests(id);
  stack.kill('venue');
  await stack.waitRestarted('venue');
  await call(`${id}/cancel`);
  await save('single-stop-cancelled', id);
}

/** A limit order far away that is paused, resumed, amended so that it trades at once. */
async function recordPaused(): Promise<void> {
  const id = await start({ side: 'buy', kind: 'limit', limit: '30000' });
  await rests(id);
  await call(`${id}/pause`);
  await until('the order to be taken back', async () => (await ordersOf(id))[0]?.state === 'cancelled', WITHIN_MS);
  await call(`${id}/resume`);
  await until('a second order to rest', async () => (await ordersOf(id)).length > 1, WITHIN_MS);
  const market = Number((await read(id)).decision);
  await call(`${id}/amend`, { limit: (market * 1.002).toFixed(2) });
  await save('single-limit-amended', id);
}

/** A stop on either side of the market: it comes to one of them soon. */
async function recordFilled(): Promise<void> {
  for (;;) {
    const quick = await start({ side: 'sell' });
    await workflow.getHandle(executionWorkflowId(quick)).result();
    const price = Number((await read(quick)).decision);
    const ids = [
      await start({ side: 'sell', kind: 'stop', stopPrice: (price - 5).toFixed(2) }),
      await start({ side: 'buy', kind: 'stop', stopPrice: (price + 5).toFixed(2) }),
    ];
    const ended = await until(
      'one of the stops to end',
      async () => {
        for (const id of ids) if ((await read(id)).status !== 'running') return id;
        return null;
      },
      WITHIN_MS,
    );
    for (const id of ids) if ((await read(id)).status === 'running') await call(`${id}/cancel`);
    // Else the market was there before the order was.
    if ((await read(ended)).status === 'completed') return save('single-stop-filled', ended);
  }
}

async function start(given: object): Promise<string> {
  const body = { algo: 'single', venue: 'sim', symbol: 'BTC/USDT', quantity: '0.04', ...given };
  const answer = await stack.call('POST', '/v1/executions', body, { 'idempotency-key': randomUUID() });
  if (answer.status !== 201) throw new Error(`the start was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

async function call(path: string, body?: object): Promise<void> {
  const answer = await stack.call('POST', `/v1/executions/${path}`, body);
  if (answer.status >= 300) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

async function read(id: string): Promise<{ readonly status: string; readonly decision: string }> {
  return (await stack.call('GET', `/v1/executions/${id}`)).body;
}

async function ordersOf(id: string): Promise<readonly { readonly state: string }[]> {
  const { items } = (await stack.call('GET', `/v1/orders?execution=${id}`)).body;
  // Newest first.
  return items.toReversed();
}

async function rests(id: string): Promise<void> {
  await until('the order to rest', async () => (await ordersOf(id))[0]?.state === 'working', WITHIN_MS);
}

/** Waits for the end of an execution and writes its history. */
async function save(name: string, id: string): Promise<void> {
  const handle = workflow.getHandle(executionWorkflowId(id));
  const result: unknown = await handle.result();
  writeHistory('execution', name, await handle.fetchHistory());
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
