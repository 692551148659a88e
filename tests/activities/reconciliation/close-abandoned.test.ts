import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeAbandoned } from '../../../activities/reconciliation/close-abandoned.ts';
import type { WorkflowFate } from '../../../adapters/ports/workflow-directory.ts';
import type { EndCommand } from '../../../domain/execution/commands.ts';

const NOW = Date.UTC(2026, 10, 23, 12);

let fates: Map<string, WorkflowFate>;
/** What the server's list shows, which may lag behind. */
let listed: Set<string>;
/** When the executions end by themselves. */
let endAt: number;
let ended: EndCommand[];
let asked: string[];
beforeEach(() => {
  endAt = NOW + 60_000;
  fates = new Map();
  listed = new Set();
  ended = [];
  asked = [];
});

const run = (open: readonly string[]) =>
  closeAbandoned({
    open: { listOpen: async () => open.map((id) => ({ id, workflowId: `execution/${id}`, endAt, withdrawnChild: 0 })) },
    executions: {
      recordEnd: async (end) => {
        ended.push(end);
        return { filled: '0', residual: '1' };
      },
    },
    workflows: {
      openWorkflows: async (type) => {
        expect(type).toBe('execution');
        return new Set([...listed].map((id) => `execution/${id}`));
      },
      fateOf: async (workflowId) => {
        asked.push(workflowId);
        return fates.get(workflowId.slice('execution/'.length)) ?? { kind: 'missing' };
      },
    },
    clock: { now: () => NOW },
    workflowType: 'execution',
  });

describe('executions that Postgres takes for running', () => {
  it('are let alone where the server lists their workflow as open, without a question about each', async () => {
    listed = new Set(['e1', 'e2']);
    await expect(run(['e1', 'e2'])).resolves.toEqual([]);
    expect([ended, asked]).toEqual([[], []]);
  });

  it('are let alone where the list only lags behind', async () => {
    fates.set('e1', { kind: 'open' });
    await expect(run(['e1'])).resolves.toEqual([]);
    expect(ended).toEqual([]);
  });

  it.each([
    ['terminated', 'terminated'],
    ['timed_out', 'timed out'],
    ['completed', 'completed'],
  ])('are ended as failed when their workflow was %s', async (how, words) => {
    fates.set('e1', { kind: 'closed', how, at: NOW - 60_000 });
    await expect(run(['e1'])).resolves.toEqual(['e1']);
    expect(ended).toEqual([
      {
        executionId: 'e1',
        status: 'failed',
        problem: {
          code: 'WORKFLOW_ENDED',
          detail: `its workflow execution/e1 was ${words} at 2026-11-23T11:59:00.000Z before the execution had ended; nothing works it any more`,
        },
      },
    ]);
  });

  it('are given a moment after the end of their workflow', async () => {
    fates.set('e1', { kind: 'closed', how: 'completed', at: NOW - 9_999 });
    await expect(run(['e1'])).resolves.toEqual([]);
  });

  it('are ended as failed when the server has lost their workflow, once their own end has passed: it may be the wrong server', async () => {
    await expect(run(['e1'])).resolves.toEqual([]);
    endAt = NOW - 300_001 + 2;
    await expect(run(['e1'])).resolves.toEqual([]);
    endAt = NOW - 300_000;
    await expect(run(['e1'])).resolves.toEqual(['e1']);
    expect(ended).toMatchObject([{ status: 'failed', problem: { code: 'WORKFLOW_MISSING' } }]);
  });

  it('are asked about 200 at a time: the next run has the others', async () => {
    const ids = Array.from({ length: 201 }, (_, k) => `e${k}`);
    for (const id of ids) fates.set(id, { kind: 'closed', how: 'terminated', at: NOW - 60_000 });
    await expect(run(ids)).resolves.toEqual(ids.slice(0, 200));
    expect(asked).toHaveLength(200);
  });

  it('need no question to the server where there are none', async () => {
    await run([]);
    expect(asked).toEqual([]);
  });
});
