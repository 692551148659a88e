import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { twapSchedule } from '../../../../domain/execution/twap/schedule.ts';
import { planOf, START } from '../good-plan.ts';

const planWith = (quantity: string, slices: number, lot: string) => planOf({ quantity, lot, params: { slices } });

const targetsOf = (quantity: string, slices: number, lot: string): Big[] =>
  Array.from({ length: slices }, (_, k) => new Big(twapSchedule.target(planWith(quantity, slices, lot), k + 1)));

const childrenOf = (quantity: string, slices: number, lot: string): string[] =>
  targetsOf(quantity, slices, lot).map((target, k, all) => target.minus(all[k - 1] ?? 0).toFixed());

/** An order in whole and broken lots: Q = units * 10^-decimals, where a lot may be several of these units. */
const orders = fc.record({
  units: fc.bigInt({ min: 1n, max: 10n ** 15n }),
  lotUnits: fc.integer({ min: 1, max: 5_000 }),
  decimals: fc.integer({ min: 0, max: 12 }),
  slices: fc.integer({ min: 1, max: 60 }),
});

describe('the targets of a TWAP', () => {
  // Vectors of the execution reference: children of whole lots whose sum is exact.
  it.each([
    ['1.0', 7, '0.01', ['0.14', '0.14', '0.14', '0.15', '0.14', '0.14', '0.15']],
    ['0.00105', 4, '0.00001', ['0.00026', '0.00026', '0.00026', '0.00027']],
    ['10', 3, '1', ['3', '3', '4']],
  ])('cut %s into %i slices of lot %s', (quantity, slices, lot, children) => {
    expect(childrenOf(quantity, slices, lot)).toEqual(children);
  });

  it('leave what is no whole lot as dust', () => {
    // 1.0057 in lots of 0.01: floor(1.0057 / 0.01) = 100 lots = 1.00, dust 0.0057.
    expect(twapSchedule.target(planWith('1.0057', 7, '0.01'), 7)).toBe('1');
  });

  it('are plain decimal text, however small the lot', () => {
    // 3e-18 in 2 slices of lot 1e-18: floor(1.5) = 1 lot, then 3.
    expect(childrenOf('0.000000000000000003', 2, '0.000000000000000001')).toEqual([
      '0.000000000000000001',
      '0.000000000000000002',
    ]);
  });

  it('stay within one lot of the straight line, in whole lots, and end at all whole lots of the order', () => {
    fc.assert(
      fc.property(orders, ({ units, lotUnits, decimals, slices }) => {
        const unit = new Big(10).pow(-decimals);
        const quantity = new Big(units.toString()).times(unit);
        const lot = new Big(lotUnits).times(unit);
        const targets = targetsOf(quantity.toFixed(), slices, lot.toFixed());
        targets.forEach((target, index) => {
          // |T_k - Q*k/N| < lot, both sides times N: no quotient is rounded.
          const off = target
            .times(slices)
            .minus(quantity.times(index + 1))
            .abs();
          expect(off.lt(lot.times(slices))).toBe(true);
          expect(target.mod(lot).eq(0)).toBe(true);
          expect(target.gte(targets[index - 1] ?? 0)).toBe(true);
        });
        const wholeLots = (units / BigInt(lotUnits)) * BigInt(lotUnits);
        expect(targets.at(-1)?.eq(new Big(wholeLots.toString()).times(unit))).toBe(true);
      }),
    );
  });
});

describe('the times of a TWAP', () => {
  it('are equally far apart, the first at the start', () => {
    const plan = planOf({ params: { slices: 4 } });
    // 300 s / 4 = 75 s.
    expect([1, 2, 3, 4].map((n) => twapSchedule.dueAt(plan, n) - START)).toEqual([0, 75_000, 150_000, 225_000]);
  });

  it('are whole milliseconds, rounded down, where the distance is none', () => {
    const plan = planOf({ endAt: START + 1_000, params: { slices: 3 } });
    // 1000 * 1/3 = 333.3, 1000 * 2/3 = 666.7.
    expect([1, 2, 3].map((n) => twapSchedule.dueAt(plan, n) - START)).toEqual([0, 333, 666]);
  });
});
