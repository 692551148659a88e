import { describe, expect, it } from '@jest/globals';
import type { ExecutionTimeline } from '../../../adapters/storage/execution-timeline.ts';
import { recoveriesOf, recoveryFinding, spreadOf } from '../../../bin/chaos/recovery.ts';
import type { Kill } from '../../../bin/chaos/strikes.ts';

const execution = (id: string, acceptedAt: number) => ({
  id,
  workflowId: `execution/${id}`,
  acceptedAt,
  endsAt: 100_000,
});
const kill = (at: number, upAt: number | null): Kill => ({
  target: 'venue',
  process: 'venue',
  at,
  upAt,
  forGood: false,
});
const marks = (id: string, ...times: readonly number[]) => times.map((at) => ({ executionId: id, at }));
const timeline = (parts: Partial<ExecutionTimeline>): ExecutionTimeline => ({ progress: [], orders: [], ...parts });

describe('recovery', () => {
  it('is the time from "serves again" to the next progress', () => {
    const progress = [...marks('a', 900, 1_400, 2_600, 5_000)];
    const found = recoveriesOf([kill(1_000, 2_000)], [execution('a', 0)], timeline({ progress }));
    // The mark at 1400, while the process was down, is no recovery; 2600 - 2000.
    expect(found).toEqual([{ target: 'venue', executionId: 'a', ms: 600, unresolved: false }]);
  });

  it('is told apart for an execution with an open order', () => {
    const progress = marks('a', 2_600);
    const order = (sentAt: number, endedAt: number | null) => ({ executionId: 'a', sentAt, endedAt });
    const isUnresolved = (sentAt: number, endedAt: number | null) =>
      recoveriesOf(
        [kill(1_000, 2_000)],
        [execution('a', 0)],
        timeline({ progress, orders: [order(sentAt, endedAt)] }),
      )[0]?.unresolved;
    expect(isUnresolved(900, 2_600)).toBe(true);
    expect(isUnresolved(900, null)).toBe(true);
    expect(isUnresolved(900, 1_900)).toBe(false);
    expect(isUnresolved(2_100, 2_600)).toBe(false);
  });

  it('counts neither executions that came later nor those that were over', () => {
    const progress = [...marks('later', 3_000), ...marks('over', 1_900)];
    const executions = [execution('later', 1_500), execution('over', 0)];
    expect(recoveriesOf([kill(1_000, 2_000)], executions, timeline({ progress }))).toEqual([]);
  });

  it('counts from the kill where the process stays dead, and not at all where it should have come back', () => {
    const progress = marks('a', 1_700, 2_600);
    const dead = { ...kill(1_000, null), forGood: true };
    expect(recoveriesOf([dead], [execution('a', 0)], timeline({ progress }))[0]?.ms).toBe(700);
    expect(recoveriesOf([kill(1_000, null)], [execution('a', 0)], timeline({ progress }))).toEqual([]);
  });
});

describe('a spread', () => {
  it('takes the nearest rank', () => {
    // Of 20 values the median is the 10th and the 95th percentile the 19th.
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);
    expect(spreadOf(values)).toEqual({ count: 20, p50: 10, p95: 19, max: 20 });
    expect(spreadOf([7])).toEqual({ count: 1, p50: 7, p95: 7, max: 7 });
  });

  it('of nothing has no figures', () => {
    expect(spreadOf([])).toEqual({ count: 0, p50: null, p95: null, max: null });
  });
});

describe('a bound on recoveries', () => {
  const spread = spreadOf([1_000, 2_000, 16_000]);

  it('is kept by those that are as long, and by none at all', () => {
    expect(recoveryFinding(spread, 16_000)).toBeNull();
    expect(recoveryFinding(spreadOf([]), 1)).toBeNull();
    expect(recoveryFinding(spread, null)).toBeNull();
  });

  it('makes longer ones a failure that says how long', () => {
    expect(recoveryFinding(spread, 15_000)).toEqual({
      executionId: null,
      kind: 'recovery',
      detail: '5 in 100 recoveries took 16 s or longer, and 15 s are allowed',
    });
  });
});
