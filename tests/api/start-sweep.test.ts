import { expect, it, jest } from '@jest/globals';
import { startSweep, starterOf, sweepOnce } from '../../api/start-sweep.ts';
import { FakePlatform } from './fakes/platform.ts';
import { RECORDED } from './fakes/recorded-execution.ts';

function withWaiting(...ids: readonly string[]) {
  const platform = new FakePlatform();
  for (const id of ids) platform.executions.records.set(id, { ...RECORDED, id, workflowId: `execution/${id}` });
  const { workflows } = platform.dependencies();
  return { platform, starter: starterOf(platform.executions, workflows) };
}

it('starts what was accepted and not started, once', async () => {
  const { platform, starter } = withWaiting('a', 'b');
  expect(await sweepOnce(starter)).toBe(2);
  expect(await sweepOnce(starter)).toBe(0);
  expect(platform.startedWorkflows).toEqual(['execution/a', 'execution/b']);
});

it('lets one failure keep no other from starting, and leaves the failed one for the next sweep', async () => {
  const { platform, starter } = withWaiting('a', 'b');
  const flaky = starterOf(platform.executions, {
    start: async ({ id, workflowId }) => {
      if (id === 'a') throw new Error('14 UNAVAILABLE');
      platform.startedWorkflows.push(workflowId);
    },
  });
  await expect(sweepOnce(flaky)).rejects.toThrow('UNAVAILABLE');
  expect(platform.executions.started).toEqual(new Set(['b']));
  expect(await sweepOnce(starter)).toBe(1);
});

it('sweeps at the start and again and again until it is stopped', async () => {
  jest.useFakeTimers();
  try {
    const { platform, starter } = withWaiting('a');
    platform.temporalFailure = new Error('14 UNAVAILABLE');
    const errors: unknown[] = [];
    const stop = startSweep(starter, 3_000, (error) => errors.push(error));
    await jest.advanceTimersByTimeAsync(0);
    expect(errors).toHaveLength(1);
    platform.temporalFailure = null;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(platform.startedWorkflows).toEqual(['execution/a']);
    await stop();
    platform.executions.started.clear();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(platform.startedWorkflows).toHaveLength(1);
  } finally {
    jest.useRealTimers();
  }
});
