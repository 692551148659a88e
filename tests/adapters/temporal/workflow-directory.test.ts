import { describe, expect, it } from '@jest/globals';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { createWorkflowDirectory } from '../../../adapters/temporal/workflow-directory.ts';

const ENDED = new Date(Date.UTC(2026, 10, 23, 12));

/** A server that says this of any workflow. */
const fateWhere = (describeWorkflow: () => unknown) => {
  const client = {
    withDeadline: async (_: number, work: () => Promise<unknown>) => work(),
    workflow: { getHandle: () => ({ describe: async () => describeWorkflow() }) },
  };
  return createWorkflowDirectory(client as unknown as Client).fateOf('session/s1');
};

describe('how a workflow stands', () => {
  // PAUSED: a person lets it wait, and it goes on; of a status that no release of ours knows nobody can say that it is over.
  it.each(['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED', 'UNSPECIFIED', 'UNKNOWN'])(
    'is open where the server says %s',
    (name) => expect(fateWhere(() => ({ status: { name } }))).resolves.toEqual({ kind: 'open' }),
  );

  it.each(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'])('is closed where it says %s', (name) =>
    expect(fateWhere(() => ({ status: { name }, closeTime: ENDED }))).resolves.toEqual({
      kind: 'closed',
      how: name.toLowerCase(),
      at: ENDED.getTime(),
    }),
  );

  it('is missing where it knows none', () =>
    expect(
      fateWhere(() => {
        throw new WorkflowNotFoundError('not found', 'session/s1', undefined);
      }),
    ).resolves.toEqual({ kind: 'missing' }));
});
