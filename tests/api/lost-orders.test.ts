import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChildOrderRecord, ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { WorkflowFate } from '../../adapters/ports/workflow-directory.ts';
import { lookAfterOrders } from '../../api/executions/look-after.ts';
import { FakePlatform, NOW } from './fakes/platform.ts';
import { RECORDED } from './fakes/recorded-execution.ts';

/** A protective stop of a session. */
const STOP: ExecutionRecord = {
  ...RECORDED,
  id: 'stop',
  workflowId: 'execution/stop',
  owner: 'session/s1',
  status: 'running',
  plan: {
    ...RECORDED.plan,
    executionId: 'stop',
    algo: 'single',
    side: 'sell',
    endAt: NOW + 86_400_000,
    params: { kind: 'stop', stopPrice: '58000', reduceOnly: 1 },
  },
};

let platform: FakePlatform;
let fate: WorkflowFate;
beforeEach(() => {
  platform = new FakePlatform();
  fate = { kind: 'missing' };
});

interface Had {
  readonly state?: ChildOrderRecord['state'];
  readonly withdrawnChild?: number;
}

/** One look, with an execution that is so and has had such children. */
async function lookAt(
  execution: ExecutionRecord,
  children: readonly number[] = [],
  { state = 'working', withdrawnChild = 0 }: Had = {},
): Promise<readonly string[]> {
  platform.executions.records.set(execution.id, execution);
  platform.executions.orders = children.map((child) => ({ child, state }) as ChildOrderRecord);
  const { id, workflowId, plan } = execution;
  await lookAfterOrders({
    ...platform.dependencies(),
    openExecutions: { listOpen: async () => [{ id, workflowId, endAt: plan.endAt, withdrawnChild }] },
    workflowDirectory: { openWorkflows: async () => new Set(), fateOf: async () => fate },
    log: { warn: () => undefined },
  });
  expect(platform.executions.restarts).toEqual(platform.startedWorkflows.map(() => id));
  return platform.startedWorkflows;
}

describe('an order whose workflow the server does not know', () => {
  it.each([
    ['was not written down yet', []],
    ['is at the venue, perhaps after attempts that never came there', [1, 1]],
  ])('is started again when it %s', async (_, children) => {
    await expect(lookAt(STOP, children)).resolves.toEqual(['execution/stop']);
  });

  it.each<[string, ExecutionRecord, readonly number[]]>([
    ['has had a second child, which it would not know', STOP, [1, 2]],
    ['is paused, which it would not know', { ...STOP, status: 'paused' }, []],
    ['was amended, which it would not know', { ...STOP, amendments: [{} as never] }, []],
    ['is one of many of an execution', { ...STOP, plan: { ...RECORDED.plan, endAt: NOW + 1_000 } }, []],
    ['has ended meanwhile', { ...STOP, status: 'completed' }, []],
    ['is past its end', { ...STOP, plan: { ...STOP.plan, endAt: NOW } }, []],
  ])('is let be when it %s', async (_, execution, children) => {
    await expect(lookAt(execution, children)).resolves.toEqual([]);
  });

  it('is let be when it was paused and resumed, and was to send another child; a session pauses none', async () => {
    const byHand = { ...STOP, owner: 'ann' };
    await expect(lookAt(byHand, [1], { state: 'cancelled', withdrawnChild: 1 })).resolves.toEqual([]);
    await expect(lookAt(byHand, [1])).resolves.toHaveLength(1);
    platform.startedWorkflows.length = platform.executions.restarts.length = 0;
    await expect(lookAt(STOP, [1], { state: 'cancelled', withdrawnChild: 1 })).resolves.toHaveLength(1);
  });

  it('is let be when somebody has ended its workflow: the janitor ends it', async () => {
    fate = { kind: 'closed', how: 'terminated', at: NOW - 60_000 };
    await expect(lookAt(STOP)).resolves.toEqual([]);
  });
});

describe('an order whose time is over and whose workflow the server does not know', () => {
  const exit = (endedBefore: number): ExecutionRecord => ({
    ...STOP,
    plan: { ...STOP.plan, params: { kind: 'marketable', reduceOnly: 1 }, endAt: NOW - endedBefore },
  });
  const status = () => platform.executions.records.get('stop')!.status;

  it.each<[string, readonly number[], ChildOrderRecord['state']]>([
    ['was never sent', [], 'expired'],
    ['has done what it could', [1, 2], 'expired'],
  ])('is ended at once when it %s, so that its session wants another one', async (_, children, state) => {
    await expect(lookAt(exit(10_000), children, { state })).resolves.toEqual([]);
    expect(platform.executions.records.get('stop')).toMatchObject({
      status: 'failed',
      problem: { code: 'WORKFLOW_MISSING' },
      endedAt: NOW,
    });
  });

  it.each<[string, ExecutionRecord, ChildOrderRecord['state']]>([
    ['may be at the venue', exit(60_000), 'sending'],
    ['is at the venue', exit(60_000), 'working'],
    ['has just ended, which may be on its way', exit(9_999), 'expired'],
    ['is one of many of an execution', { ...STOP, plan: { ...RECORDED.plan, endAt: NOW - 60_000 } }, 'expired'],
  ])('is left to the janitor when it %s', async (_, execution, state) => {
    await lookAt(execution, [1], { state });
    expect(status()).toBe('running');
  });

  it('is left to the janitor when somebody has ended its workflow', async () => {
    fate = { kind: 'closed', how: 'terminated', at: NOW - 60_000 };
    await lookAt(exit(60_000));
    expect(status()).toBe('running');
  });
});
