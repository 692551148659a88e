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

/** One look, with an execution that is so and has had such children. */
async function lookAt(execution: ExecutionRecord, children: readonly number[] = []): Promise<readonly string[]> {
  platform.executions.records.set(execution.id, execution);
  platform.executions.orders = children.map((child) => ({ child }) as ChildOrderRecord);
  const { id, workflowId, plan } = execution;
  await lookAfterOrders({
    ...platform.dependencies(),
    openExecutions: { listOpen: async () => [{ id, workflowId, endAt: plan.endAt }] },
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

  it('is let be when somebody has ended its workflow: the janitor ends it', async () => {
    fate = { kind: 'closed', how: 'terminated', at: NOW - 60_000 };
    await expect(lookAt(STOP)).resolves.toEqual([]);
  });
});
