/**
 * Records the histories of streams that the replay tests hold the workflow code against, with workers of its own on a real server:
 *
 *     node --import tsx tests/replay/record-streams.ts
 */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { StreamActivities } from '../../domain/market/stream-session.ts';
import { connect, createWorker, installRuntime } from '../../workers/run-worker.ts';
import { MARKET_DATA_QUEUE } from '../../workflows/download/messages.ts';
import { TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { STREAMS_WORKFLOW, type StreamsInput, streamsWorkflowId } from '../../workflows/streams/messages.ts';
import { until } from '../helpers/rig-until.ts';
import { startTestTemporal } from '../helpers/temporal-server.ts';
import { workflowBundlePath } from '../helpers/workflow-bundle.ts';
import { writeHistory } from './write-history.ts';

const INPUT: StreamsInput = { venue: 'sim', sessionMs: 1_000, sessionsPerRun: 3 };

installRuntime('record');
const server = await startTestTemporal();
const connection = await Connection.connect({ address: server.address });
const { workflow } = new Client({ connection, namespace: server.namespace });
const native = await connect(server.address);
try {
  await record('continued-as-new', async () => undefined, continued);
  // One session whose worker falls silent: the server gives it to another attempt.
  let attempts = 0;
  const silentOnce = async (): Promise<void> => {
    attempts += 1;
    if (attempts === 1) await aborted(cancellationSignal());
  };
  await record('crashed', silentOnce, continued);
  const untilCancelled = async (): Promise<void> => {
    const beating = setInterval(heartbeat, 200);
    await aborted(cancellationSignal());
    clearInterval(beating);
    cancellationSignal().throwIfAborted();
  };
  await record('cancelled', untilCancelled, async (handle) => {
    await until('the session to begin', async () => {
      const [pending] = (await handle.describe()).raw.pendingActivities ?? [];
      return pending?.lastStartedTime != null;
    });
    await handle.cancel();
    await handle.result().catch(() => undefined);
  });
} finally {
  await native.close();
  await connection.close();
  await server.stop();
}

/** Waits for a second run of the workflow. */
async function continued(handle: WorkflowHandle): Promise<void> {
  const { runId } = await handle.describe();
  await until('the history to be begun anew', async () => (await handle.describe()).runId !== runId);
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Runs the streams on workers whose sessions are `watchVenue` until `ended`, and writes the history of the first run. */
async function record(
  name: string,
  watchVenue: StreamActivities['watchVenue'],
  ended: (handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const common = { connection: native, namespace: server.namespace };
  const trading = await createWorker({
    ...common,
    taskQueue: TRADING_QUEUE,
    workflowBundle: { codePath: await workflowBundlePath() },
  });
  const marketData = await createWorker({ ...common, taskQueue: MARKET_DATA_QUEUE, activities: { watchVenue } });
  const handle = await trading.runUntil(
    marketData.runUntil(async () => {
      const started = await workflow.start(STREAMS_WORKFLOW, {
        workflowId: `${streamsWorkflowId('sim')}-${name}`,
        taskQueue: TRADING_QUEUE,
        args: [INPUT],
      });
      // The handle of a start follows the chain of runs; the history is that of the first.
      await ended(workflow.getHandle(started.workflowId));
      await workflow
        .getHandle(started.workflowId)
        .terminate('recorded')
        .catch(() => undefined);
      return workflow.getHandle(started.workflowId, started.firstExecutionRunId);
    }),
  );
  writeHistory('streams', name, await handle.fetchHistory());
  process.stdout.write(`${name}: recorded\n`);
}
