/**
 * Records the histories of the janitor that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record-janitor.ts
 */
import { Client, Connection } from '@temporalio/client';
import { TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { JANITOR_WORKFLOW, type JanitorReport } from '../../workflows/janitor/messages.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { writeHistory } from './write-history.ts';

// Its own schedule stays out of the way: once a day.
const stack = await startStack({ env: { TRADEWIND_JANITOR_EVERY_S: '86400' } });
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  await recordPlain();
  await recordAbandoned();
  await recordAway();
} finally {
  await connection.close();
  await stack.stop();
}

/** One account, nothing to do. */
async function recordPlain(): Promise<void> {
  await save('plain');
}

/** An execution is ended whose workflow was terminated. */
async function recordAbandoned(): Promise<void> {
  const { body } = await stack.call('POST', '/v1/executions', {
    algo: 'twap',
    venue: 'sim',
    symbol: 'BTC/USDT',
    side: 'buy',
    quantity: '0.02',
    durationMs: 600_000,
    slices: 60,
  });
  const id = body.id as string;
  const read = async () => (await stack.call('GET', `/v1/executions/${id}`)).body;
  await until('its first fill', async () => (await read()).filled !== '0');
  await workflow.getHandle(`execution/${id}`).terminate('a drill');
  // The janitor gives its end a moment to arrive, so that only a later round ends it.
  await until('the round that ends it', async () => {
    await save('abandoned');
    return (await read()).status === 'failed';
  });
}

/** The worker of the account stands still, so that its activity times out. */
async function recordAway(): Promise<void> {
  const { pid } = stack.record().processes.find(({ name }) => name === 'venue')!;
  if (pid === null) throw new Error('the venue worker is down');
  process.kill(pid, 'SIGSTOP');
  try {
    await save('away', 1_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Runs one round and writes its history, without the name of this machine. */
async function save(name: string, workerWithinMs?: number): Promise<void> {
  const handle = await workflow.start(JANITOR_WORKFLOW, {
    workflowId: `janitor-${name}-${Date.now()}`,
    taskQueue: TRADING_QUEUE,
    args: workerWithinMs === undefined ? [] : [{ workerWithinMs }],
  });
  const result = (await handle.result()) as JanitorReport;
  writeHistory('janitor', name, await handle.fetchHistory());
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
