/**
 * Records the histories that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record.ts
 */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../../adapters/storage/database.ts';
import { createExecutionStore } from '../../adapters/storage/execution-store.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { twapParams } from '../../domain/execution/twap/params.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import {
  EXECUTION_WORKFLOW,
  type ExecutionInput,
  executionWorkflowId,
  TRADING_QUEUE,
} from '../../workflows/execution/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { type History, writeHistory } from './write-history.ts';

const WITHIN_MS = 120_000;

const stack = await startStack();
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  await Promise.all([
    recordPlain(),
    recordPaused(),
    recordCancelled(),
    recordAmended(),
    recordMakerFirst(),
    recordContinued(),
  ]);
  // The kill concerns whatever runs, so that it comes last.
  await recordCrashed();
} finally {
  await connection.close();
  await stack.stop();
}

/** Four slices, nothing happens. */
async function recordPlain(): Promise<void> {
  await save('plain', await start('buy', 4, 8_000));
}

/** Paused and resumed between slices, and paused again while the last lies ahead, so that it is missed. */
async function recordPaused(): Promise<void> {
  const id = await start('sell', 4, 12_000);
  await handled(id, 1);
  await command(id, 'pause');
  await command(id, 'resume');
  await handled(id, 2);
  await command(id, 'pause');
  await save('paused', id);
}

/** Cancelled while slices lie ahead. */
async function recordCancelled(): Promise<void> {
  const id = await start('buy', 6, 18_000);
  await handled(id, 2);
  await command(id, 'cancel');
  await save('cancelled', id);
}

/** Amended in quantity and end while slices lie ahead, then in its limit; a third time it is refused before it is recorded. */
async function recordAmended(): Promise<void> {
  const id = await start('buy', 4, 12_000);
  await handled(id, 1);
  await amend(id, { quantity: '0.05', durationMs: 18_000 }, 200);
  await handled(id, 2);
  await amend(id, { limit: '1000000' }, 200);
  await amend(id, { quantity: '0.001' }, 409);
  await save('amended', id);
}

/** Slices that wait at the touch before they cross, one of which is taken back by a pause. */
async function recordMakerFirst(): Promise<void> {
  const id = await start('sell', 3, 15_000, {
    style: 'maker-first',
    crossAfter: 0.5,
    jitterTime: 0.3,
    jitterSize: 0.3,
  });
  await scheduled(id, 1);
  await command(id, 'pause');
  await handled(id, 1);
  await command(id, 'resume');
  await save('maker-first', id);
}

/** Amended in its first run, so that the second begins with an amendment and ends by beginning a third. */
async function recordContinued(): Promise<void> {
  const id = randomUUID();
  const startAt = Date.now();
  const plan: ExecutionPlan = {
    executionId: id,
    algo: 'twap',
    venue: 'sim',
    symbol: 'BTC/USDT',
    side: 'buy',
    quantity: '0.08',
    lot: '0.00001',
    startAt,
    endAt: startAt + 16_000,
    limit: null,
    params: completeParams(twapParams, { slices: 8 }).params,
  };
  const database = openDatabase(stack.databaseUrl, 'histories');
  try {
    const decision = { price: '60000', at: startAt };
    const workflowId = executionWorkflowId(id);
    await createExecutionStore(database).accept(
      { id, workflowId, owner: 'admin', plan, base: 'BTC', quote: 'USDT', decision },
      null,
    );
    const handle = await workflow.start(EXECUTION_WORKFLOW, {
      workflowId,
      taskQueue: TRADING_QUEUE,
      args: [{ plan, slicesPerRun: 3 } satisfies ExecutionInput],
      typedSearchAttributes: [{ key: searchAttributes.status, value: 'running' }],
    });
    await handled(id, 1);
    await amend(id, { quantity: '0.1', durationMs: 20_000 }, 200);
    await handle.result();
    const second = continuedRun(await workflow.getHandle(workflowId, handle.firstExecutionRunId).fetchHistory());
    const history = await workflow.getHandle(workflowId, second).fetchHistory();
    // Fails when the second run was the last.
    continuedRun(history);
    writeHistory('execution', 'continued-as-new', history);
  } finally {
    await database.end();
  }
}

/** The run that a history was continued in. */
function continuedRun({ events }: History): string {
  const next = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  if (!next) throw new Error('the run was not continued as new');
  return next;
}

/** The workers of both queues are killed while a child works, so that its activity times out and is tried again. */
async function recordCrashed(): Promise<void> {
  const id = await start('buy', 4, 32_000);
  await handled(id, 1);
  await holdOrders(true);
  await scheduled(id, 2);
  stack.kill('venue');
  stack.kill('trading');
  await holdOrders(false);
  await Promise.all([stack.waitRestarted('venue'), stack.waitRestarted('trading')]);
  await save('crashed', id);
}

async function start(side: 'buy' | 'sell', slices: number, durationMs: number, more: object = {}): Promise<string> {
  const body = { algo: 'twap', venue: 'sim', symbol: 'BTC/USDT', side, quantity: '0.04', slices, durationMs, ...more };
  const answer = await stack.call('POST', '/v1/executions', body, { 'idempotency-key': randomUUID() });
  if (answer.status !== 201) throw new Error(`the start was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
}

/** Lets the exchange hold its next answer to an order, so that the child surely works when it is killed; or no longer. */
async function holdOrders(held: boolean): Promise<void> {
  const fault = { endpoint: 'order.create', kind: 'delay', count: 1, delayMs: 5_000 };
  const answer = await fetch(`${stack.record().venues[0]?.admin}/faults`, {
    method: held ? 'POST' : 'DELETE',
    ...(held ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) } : {}),
  });
  if (!answer.ok) throw new Error(`the fault was answered ${answer.status}`);
}

async function command(id: string, name: 'pause' | 'resume' | 'cancel'): Promise<void> {
  const answer = await stack.call('POST', `/v1/executions/${id}/${name}`);
  if (answer.status >= 300) throw new Error(`${name} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

async function amend(id: string, body: object, status: number): Promise<void> {
  const answer = await stack.call('POST', `/v1/executions/${id}/amend`, body);
  if (answer.status !== status) {
    throw new Error(`the amendment was answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  }
}

/** Waits until so many children have ended. */
async function handled(id: string, children: number): Promise<void> {
  const areEnded = async () => (await childrenOf(id)).filter(({ ended }) => ended).length >= children;
  await until(`${children} children to have ended`, areEnded, WITHIN_MS);
}

/** Waits until so many children have been asked for. */
async function scheduled(id: string, children: number): Promise<void> {
  const areThere = async () => (await childrenOf(id)).length >= children;
  await until(`${children} children to be asked for`, areThere, WITHIN_MS);
}

async function childrenOf(id: string): Promise<readonly { readonly ended: boolean }[]> {
  const { events = [] } = await workflow.getHandle(executionWorkflowId(id)).fetchHistory();
  const ended = new Set(events?.map((event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId)));
  return (events ?? [])
    .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'executeChild')
    .map((event) => ({ ended: ended.has(String(event.eventId)) }));
}

/** Waits for the end of an execution and writes its history. */
async function save(name: string, id: string): Promise<void> {
  const handle = workflow.getHandle(executionWorkflowId(id));
  const result: unknown = await handle.result();
  writeHistory('execution', name, await handle.fetchHistory());
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
