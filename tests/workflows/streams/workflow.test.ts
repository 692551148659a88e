import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { StreamActivities } from '../../../domain/market/stream-session.ts';
import { MARKET_DATA_QUEUE } from '../../../workflows/download/messages.ts';
import { STREAMS_WORKFLOW, type StreamsInput, streamsWorkflowId } from '../../../workflows/streams/messages.ts';
import { until } from '../../helpers/rig-until.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

jest.setTimeout(30_000);

let environment: TestWorkflowEnvironment;
let codePath: string;
beforeAll(async () => {
  ({ environment, codePath } = await startTimeSkipping());
}, 120_000);
afterAll(() => environment?.teardown());

/** Runs the streams of a venue on workers whose sessions are `session`, while `meanwhile` looks on; then terminates them. */
async function run(
  input: StreamsInput,
  session: (command: Parameters<StreamActivities['watchVenue']>[0]) => Promise<void>,
  meanwhile: (workflowId: string) => Promise<void>,
): Promise<void> {
  const queue = randomUUID();
  const { nativeConnection: connection, client } = environment;
  const [trading, marketData] = await Promise.all([
    Worker.create({ connection, taskQueue: queue, workflowBundle: { codePath } }),
    Worker.create({ connection, taskQueue: MARKET_DATA_QUEUE, activities: { watchVenue: session } }),
  ]);
  const workflowId = `${streamsWorkflowId(input.venue)}-${queue}`;
  await trading.runUntil(
    marketData.runUntil(async () => {
      const handle = await client.workflow.start(STREAMS_WORKFLOW, { workflowId, taskQueue: queue, args: [input] });
      await meanwhile(workflowId);
      await handle.terminate('the test is over');
    }),
  );
}

describe('the streams of a venue as a workflow', () => {
  it('are kept session after session, and begin their history anew', async () => {
    const commands: object[] = [];
    await run(
      { venue: 'sim', sessionMs: 5_000, sessionsPerRun: 3 },
      async (command) => {
        commands.push(command);
      },
      async (workflowId) => {
        const first = (await environment.client.workflow.getHandle(workflowId).describe()).runId;
        await until('seven sessions', async () => commands.length >= 7);
        const later = await environment.client.workflow.getHandle(workflowId).describe();
        expect(later.runId).not.toBe(first);
        // Three sessions of five events each, and what begins and ends a run.
        expect(later.historyLength).toBeLessThan(40);
      },
    );
    expect(commands.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => ({ venue: 'sim', sessionMs: 5_000 })));
  });

  it('are given to another attempt when a worker stops or fails, for as long as it takes', async () => {
    let attempts = 0;
    await run(
      { venue: 'sim', sessionMs: 5_000, sessionsPerRun: 3 },
      async () => {
        attempts += 1;
        if (attempts < 6) throw ApplicationFailure.create({ message: 'told to stop', type: 'WORKER_STOPPED' });
      },
      async () => {
        await until('the sixth attempt', async () => attempts >= 7);
      },
    );
    expect(attempts).toBeGreaterThanOrEqual(7);
  });
});
