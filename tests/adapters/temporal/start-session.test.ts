import { describe, expect, it } from '@jest/globals';
import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { SessionRecord } from '../../../adapters/ports/session-store.ts';
import { createOrderWorkflows } from '../../../adapters/temporal/order-workflows.ts';
import { startSession } from '../../../adapters/temporal/start-session.ts';
import { searchAttributes } from '../../../workflows/search-attributes.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';

/** A client that writes down how workflows are started. */
function clientOf(failure: Error | null = null): { readonly client: Client; readonly starts: WorkflowStartOptions[] } {
  const starts: WorkflowStartOptions[] = [];
  const workflow = {
    start: async (_type: string, options: WorkflowStartOptions) => {
      starts.push(options);
      if (failure !== null) throw failure;
    },
    getHandle: () => ({
      cancel: async () => {
        if (failure !== null) throw failure;
      },
    }),
  };
  const withDeadline = <T>(_deadline: number, work: () => T): T => work();
  return { client: { workflow, withDeadline } as unknown as Client, starts };
}

const PAUSED: SessionRecord = { ...new SessionBench().record, status: 'paused', bars: 7, lastBar: 60_000, version: 12 };

const statusOf = ({ typedSearchAttributes }: WorkflowStartOptions): unknown =>
  (typedSearchAttributes as readonly { readonly key: unknown; readonly value: unknown }[]).find(
    ({ key }) => key === searchAttributes.status,
  )?.value;

describe('the workflow of a session', () => {
  it('is started once for ever, and knows nothing of the session', async () => {
    const { client, starts } = clientOf();
    await startSession(client, PAUSED);
    expect(starts[0]).toMatchObject({
      workflowId: 'session/s1',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    expect((starts[0]!.args as readonly object[])[0]).not.toHaveProperty('glance');
    expect(statusOf(starts[0]!)).toBe('running');
  });

  it('is started again after its end, as its record says it stands, but never beside one that runs', async () => {
    const { client, starts } = clientOf();
    await startSession(client, PAUSED, true);
    expect(starts[0]).toMatchObject({
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ sessionId: 's1', glance: { status: 'paused', bars: 7, lastBar: 60_000, version: 12, problem: null } }],
    });
    expect(statusOf(starts[0]!)).toBe('paused');
  });

  it('that has been started before is no failure', async () => {
    const { client } = clientOf(new WorkflowExecutionAlreadyStartedError('known', 'session/s1', 'session'));
    await expect(startSession(client, PAUSED)).resolves.toBeUndefined();
  });
});

describe('an order that is asked to end', () => {
  it.each([
    ['has been asked when its workflow runs', null, true],
    ['has not when none does', new WorkflowNotFoundError('unknown', 'execution/e1', undefined), false],
  ])('%s', async (_, failure, asked) => {
    await expect(createOrderWorkflows(clientOf(failure).client).cancel('e1')).resolves.toBe(asked);
  });

  it('is asked again when the server does not answer', async () => {
    const { cancel } = createOrderWorkflows(clientOf(new Error('14 UNAVAILABLE')).client);
    await expect(cancel('e1')).rejects.toThrow('UNAVAILABLE');
  });
});
