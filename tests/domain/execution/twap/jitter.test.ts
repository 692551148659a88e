import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { ExecutionPlan } from '../../../../domain/execution/plan.ts';
import { checkTwap } from '../../../../domain/execution/twap/check.ts';
import { twapSchedule } from '../../../../domain/execution/twap/schedule.ts';
import { btc, planOf, START } from '../good-plan.ts';

const slicesOf = (plan: ExecutionPlan): number[] =>
  Array.from({ length: twapSchedule.sliceCount(plan) }, (_, k) => k + 1);

/** Plans of up to 60 slices with any jitter that is allowed, of many executions. */
const plans = fc
  .record({
    executionId: fc.uuid(),
    slices: fc.integer({ min: 1, max: 60 }),
    gapMs: fc.integer({ min: 10_000, max: 60_000 }),
    lots: fc.integer({ min: 1, max: 1_000_000 }),
    dust: fc.integer({ min: 0, max: 9_999 }),
    jitterTime: fc.double({ min: 0, max: 0.99, noNaN: true }),
    jitterSize: fc.double({ min: 0, max: 0.99, noNaN: true }),
  })
  .map(({ executionId, slices, gapMs, lots, dust, jitterTime, jitterSize }) =>
    planOf({
      executionId,
      quantity: new Big(lots).times(btc.lot).plus(new Big(dust).times('0.000000001')).toFixed(),
      endAt: START + slices * gapMs,
      params: { slices, jitterTime, jitterSize },
    }),
  );

describe('the jitter of time', () => {
  it('keeps every slice within j/2 intervals of the grid, in order, from the start on and before the end', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const slices = slicesOf(plan);
        const intervalMs = (plan.endAt - plan.startAt) / slices.length;
        const times = slices.map((n) => twapSchedule.dueAt(plan, n));
        times.forEach((time, k) => {
          const off = time - (plan.startAt + intervalMs * k);
          // Half an interval times j, and the millisecond that rounding down takes.
          expect(Math.abs(off)).toBeLessThanOrEqual(((plan.params['jitterTime'] as number) * intervalMs) / 2 + 1);
          expect(time).toBeGreaterThanOrEqual(plan.startAt);
          expect(time).toBeLessThan(plan.endAt);
          if (k > 0) expect(time).toBeGreaterThan(times[k - 1]!);
        });
      }),
    );
  });

  it('moves slices apart, another way for another execution, and the same way each time', () => {
    const timesOf = (executionId: string): number[] => {
      const plan = planOf({ executionId, params: { slices: 20, jitterTime: 0.8 } });
      return slicesOf(plan).map((n) => twapSchedule.dueAt(plan, n) - START);
    };
    expect(timesOf('e1')).toEqual(timesOf('e1'));
    expect(timesOf('e1')).not.toEqual(timesOf('e2'));
    const gaps = timesOf('e1').map((time, k, all) => time - (all[k - 1] ?? 0));
    expect(new Set(gaps.slice(1)).size).toBeGreaterThan(10);
  });

  it('draws what the hash of another program gives', () => {
    // Python: mmh3.hash("e1|time|7", signed=False) = 0xafc0f908, / 2^31 - 1 = 0.373077; (6 + 0.373077 * 0.5 / 2) * 15000 ms, rounded down.
    const plan = planOf({ params: { slices: 20, jitterTime: 0.5 } });
    expect(twapSchedule.dueAt(plan, 7) - START).toBe(91_399);
  });

  it('leaves room for slices at least 100 ms apart, or is refused', () => {
    // 20 slices in 10 s are 500 ms apart; with j = 0.8 two of them may come as near as 0.2 * 500 = 100 ms.
    const plan = planOf({ endAt: START + 10_000, params: { slices: 20, jitterTime: 0.8 } });
    expect(checkTwap(plan, btc, '60000')).toEqual([]);
    const [problem] = checkTwap({ ...plan, params: { ...plan.params, slices: 21 } }, btc, '60000');
    expect(problem).toMatchObject({ field: 'slices', value: 21 });
    expect(problem?.message).toContain('use at most 20 slices');
  });
});

describe('the jitter of size', () => {
  it('keeps the curve within d slices and a lot of the straight line, whole lots that never fall, and its end exact', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const slices = slicesOf(plan);
        const count = slices.length;
        const targets = slices.map((n) => new Big(twapSchedule.target(plan, n)));
        const d = new Big(plan.params['jitterSize'] as number);
        targets.forEach((target, k) => {
          // |T_k - Q*k/N| < Q*d/N + lot, times N so that no quotient is rounded; points of the curve have nine decimals.
          const off = target
            .times(count)
            .minus(new Big(plan.quantity).times(k + 1))
            .abs();
          const bound = new Big(plan.quantity).times(d.plus('0.000000001')).plus(new Big(plan.lot).times(count));
          expect(off.lt(bound)).toBe(true);
          expect(target.mod(plan.lot).eq(0)).toBe(true);
          expect(target.gte(targets[k - 1] ?? 0)).toBe(true);
        });
        const whole = new Big(plan.quantity).div(plan.lot).round(0, Big.roundDown).times(plan.lot);
        expect(targets.at(-1)?.eq(whole)).toBe(true);
      }),
    );
  });

  it('makes slices unlike each other', () => {
    const plan = planOf({ quantity: '20', params: { slices: 20, jitterSize: 0.4 } });
    const targets = slicesOf(plan).map((n) => new Big(twapSchedule.target(plan, n)));
    const sizes = targets.map((target, k) => target.minus(targets[k - 1] ?? 0).toFixed());
    expect(new Set(sizes).size).toBeGreaterThan(15);
  });

  it('changes nothing where it is 0', () => {
    const plain = planOf({});
    const zero = planOf({ params: { jitterTime: 0, jitterSize: 0 } });
    for (const n of slicesOf(plain)) {
      expect(twapSchedule.target(zero, n)).toBe(twapSchedule.target(plain, n));
      expect(twapSchedule.dueAt(zero, n)).toBe(twapSchedule.dueAt(plain, n));
    }
  });
});
