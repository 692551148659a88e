import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { TRADING_QUEUE } from '../workflows/execution/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { STREAMS_WORKFLOW, type StreamsInput, streamsWorkflowId } from '../workflows/streams/messages.ts';

const DEADLINE_MS = 5_000;
const PAUSE_MS = 1_000;

/** Sees to it that the streams of these venues are kept: started unless they run, tried until it works or `stop` comes. */
export async function startStreams(
  server: { readonly address: string; readonly namespace: string },
  venues: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  const connection = Connection.lazy({ address: server.address });
  const client = new Client({ connection, namespace: server.namespace });
  try {
    for (const venue of venues) await untilStarted(client, venue, stop);
  } finally {
    await connection.close();
  }
}

async function untilStarted(client: Client, venue: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await client.withDeadline(Date.now() + DEADLINE_MS, () => start(client, { venue }));
      return;
    } catch (error) {
      process.stderr.write(`the streams of ${venue} cannot be started: ${(error as Error).message}\n`);
      await delay(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function start(client: Client, input: StreamsInput): Promise<void> {
  const summary = `streams of ${input.venue}`;
  await client.workflow.start(STREAMS_WORKFLOW, {
    workflowId: streamsWorkflowId(input.venue),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: TRADING_QUEUE,
    args: [input],
    staticSummary: summary,
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'streams' },
      { key: searchAttributes.venue, value: input.venue },
      { key: searchAttributes.status, value: 'running' },
    ],
  });
}
