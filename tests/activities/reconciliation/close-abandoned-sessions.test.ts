import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeAbandonedSessions } from '../../../activities/reconciliation/close-abandoned-sessions.ts';
import { createJanitorActivities } from '../../../activities/reconciliation/janitor-activities.ts';
import type { WorkflowFate } from '../../../adapters/ports/workflow-directory.ts';
import type { Problem } from '../../../domain/execution/commands.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

let fates: Map<string, WorkflowFate>;
let listed: Set<string>;
let failed: Map<string, Problem>;
beforeEach(() => {
  fates = new Map();
  listed = new Set();
  failed = new Map();
});

const depsOf = (...started: string[]) => ({
  sessions: {
    started: async () => started.map((id) => ({ id, workflowId: `session/${id}` })),
    fail: async (id: string, problem: Problem) => void failed.set(id, problem),
  },
  workflows: {
    openWorkflows: async (type: string) => (type === 'session' ? listed : new Set<string>()),
    fateOf: async (workflowId: string): Promise<WorkflowFate> => fates.get(workflowId) ?? { kind: 'missing' },
  },
  clock: { now: () => NOW },
  sessionWorkflowType: 'session',
});

describe('sessions that Postgres takes for running', () => {
  it('end as failed when their workflow was terminated, with what that means', async () => {
    fates.set('session/s1', { kind: 'closed', how: 'terminated', at: NOW - 10_000 });
    await expect(closeAbandonedSessions(depsOf('s1'))).resolves.toEqual(['s1']);
    expect(failed.get('s1')).toMatchObject({
      code: 'WORKFLOW_ENDED',
      detail: expect.stringContaining('session/s1 was terminated at 2026-11-23T11:59:50.000Z before the session had'),
    });
  });

  it.each<[string, WorkflowFate]>([
    ['goes on although the list lags behind', { kind: 'open' }],
    [
      'has just ended, so that its last words may be on their way',
      { kind: 'closed', how: 'completed', at: NOW - 9_999 },
    ],
    ['is not known to this server, which may be the wrong one', { kind: 'missing' }],
  ])('are let alone when their workflow %s', async (_, fate) => {
    fates.set('session/s1', fate);
    await expect(closeAbandonedSessions(depsOf('s1'))).resolves.toEqual([]);
    expect(failed.size).toBe(0);
  });

  it('are not even asked about when the list shows their workflow as open', async () => {
    listed.add('session/s1');
    fates.set('session/s1', { kind: 'closed', how: 'terminated', at: null });
    await expect(closeAbandonedSessions(depsOf('s1'))).resolves.toEqual([]);
  });

  it('are looked at in each run of the janitor', async () => {
    fates.set('session/s1', { kind: 'closed', how: 'timed_out', at: null });
    const activities = createJanitorActivities({
      ...depsOf('s1'),
      open: { listOpen: async () => [] },
      executions: { recordEnd: () => Promise.reject(new Error('there is none')) },
      workflowType: 'execution',
      accounts: async () => [],
    });
    // What it answers are executions.
    await expect(activities.closeAbandonedExecutions()).resolves.toEqual([]);
    expect(failed.get('s1')!.detail).toContain('was timed out before');
  });
});
