/**
 * Records the histories of sessions that the replay tests hold the workflow code against, on a stack of its own, as it is built in dist/:
 *
 *     npm run build && node --import tsx tests/replay/record-sessions.ts
 */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../../adapters/storage/database.ts';
import { createSessionStore } from '../../adapters/storage/session-store.ts';
import { TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { SESSION_WORKFLOW, sessionWorkflowId } from '../../workflows/session/messages.ts';
import { LiveSession, QUICK_SESSION } from '../helpers/live-session.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack } from '../helpers/stack.ts';
import { writeHistory } from './write-history.ts';

const BAR_MS = 5_000;
const WARM_UP_BARS = 20;
/** `temporal.api.enums.v1.PendingActivityState`, started. */
const STARTED = 2;

const stack = await startStack();
const connection = await Connection.connect({ address: stack.record().temporal.address });
const { workflow } = new Client({ connection });
try {
  const plain = await LiveSession.start(stack);
  await Promise.all([recordPlain(plain), recordPaused(), recordAmended(), recordContinued()]);
  await recordCrashed();
} finally {
  await connection.close();
  await stack.stop();
}

/** A few bars and a stop that leaves nothing. */
async function recordPlain(session: LiveSession): Promise<void> {
  await session.when('holds a position', ({ positions }) => positions[0]?.units > 0);
  await session.command('stop', { mode: 'flatten' });
  await save('plain', session.id);
}

/** Paused, resumed, and ended by a request for cancellation in the Temporal UI. */
async function recordPaused(): Promise<void> {
  const session = await begun();
  await session.command('pause', { mode: 'flatten' });
  await bars(session, 2);
  await session.command('resume', { reason: 'looked' });
  await bars(session, 2);
  await workflow.getHandle(sessionWorkflowId(session.id)).cancel();
  await save('paused', session.id);
}

async function recordAmended(): Promise<void> {
  const session = await begun();
  await session.command('amend', { params: { slow: 4 } });
  await bars(session, 2);
  await session.command('stop', { mode: 'cancel' });
  await save('amended', session.id);
}

/** Its worker is killed, so that an activity and a workflow task time out and are tried again. */
async function recordCrashed(): Promise<void> {
  const session = await begun();
  await until('the session to wait for a bar', async () => {
    const { raw } = await workflow.getHandle(sessionWorkflowId(session.id)).describe();
    return raw.pendingActivities?.[0]?.state === STARTED;
  });
  stack.kill('trading');
  await stack.waitRestarted('trading');
  await bars(session, 3);
  await session.command('stop', { mode: 'keep' });
  await save('crashed', session.id);
}

/** The history of a run that ended because it had become long enough. */
async function recordContinued(): Promise<void> {
  const database = openDatabase(stack.databaseUrl, 'tradewind recorder');
  const store = createSessionStore(database);
  const id = randomUUID();
  const startBar = Math.ceil(Date.now() / BAR_MS) * BAR_MS;
  await store.accept(
    {
      id,
      workflowId: sessionWorkflowId(id),
      owner: 'admin',
      spec: {
        ...QUICK_SESSION,
        strategy: {
          id: 'sma-cross',
          params: { fast: 2, slow: 3, shorts: 0, stopLoss: 0, takeProfit: 0, trailingStop: 0, maxBars: 0 },
        },
        hours: { kind: 'always' },
        atClose: 'keep',
        catchUp: 'latest',
        maxBarAgeMs: BAR_MS,
        orders: { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 },
      },
      strategyHash: null,
      base: { 'BTC/USDT': 'BTC' },
      quote: 'USDT',
      restsStops: true,
      startBar,
      firstCandle: startBar - WARM_UP_BARS * BAR_MS,
    },
    null,
  );
  await store.markStarted(id);
  await database.end();
  const input = { sessionId: id, barMs: BAR_MS, facts: [['strategy', 'sma-cross']], callsPerRun: 3 };
  const handle = await workflow.start(SESSION_WORKFLOW, {
    workflowId: sessionWorkflowId(id),
    taskQueue: TRADING_QUEUE,
    args: [input],
  });
  const first = workflow.getHandle(handle.workflowId, handle.firstExecutionRunId, { followRuns: false });
  await first.result().catch(() => undefined);
  writeHistory('session', 'continued-as-new', await first.fetchHistory());
  process.stdout.write('continued-as-new\n');
}

async function begun(): Promise<LiveSession> {
  const session = await LiveSession.start(stack);
  await bars(session, 2);
  return session;
}

async function bars(session: LiveSession, more: number): Promise<void> {
  const { bars: before } = await session.view();
  await session.when(`handles ${more} bars more`, (view) => view.bars >= before + more);
}

/** Waits for the end of a session and writes its history, without the names of this machine. */
async function save(name: string, id: string): Promise<void> {
  const handle = workflow.getHandle(sessionWorkflowId(id));
  const result: unknown = await handle.result();
  writeHistory('session', name, await handle.fetchHistory());
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
