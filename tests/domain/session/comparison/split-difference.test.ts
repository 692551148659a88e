import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { type ComparedTrade, profitOf } from '../../../../domain/session/comparison/compared-trade.ts';
import {
  addSplits,
  type DifferenceSplit,
  splitExtra,
  splitMissed,
  splitPair,
} from '../../../../domain/session/comparison/split-difference.ts';
import { roundedParts } from '../../../../domain/session/comparison/sentence.ts';
import '../../../helpers/property-seed.ts';
import { compared, side } from './trades.ts';

const sumOf = ({ timing, price, size, missed }: DifferenceSplit): Big =>
  new Big(timing).plus(price).plus(size).plus(missed);

describe('the difference of two trades', () => {
  // Backtest: 2 (110 - 100) - 0.42 = 19.58, a fee of 0.21 for each unit.
  const backtest = compared({ units: '2', fees: '0.42' });

  it('is nothing where they are the same', () => {
    expect(splitPair(backtest, backtest)).toEqual({ timing: '0', price: '0', size: '0', missed: '0' });
  });

  it('is timing where the market stood elsewhere when the orders were sent', () => {
    // 2 ((110.4 - 100.5) - (110 - 100)) = -0.2
    const session = { ...backtest, entry: side(1, '100.5'), exit: side(3, '110.4') };
    expect(splitPair(session, backtest)).toEqual({ timing: '-0.2', price: '0', size: '0', missed: '0' });
  });

  it('is price where fills were worse than the market, or fees higher', () => {
    // 2 ((109.9 - 110) - (100.1 - 100)) = -0.4, and 0.5 - 0.42 more in fees
    const session = { ...backtest, entry: side(1, '100.1', '100'), exit: side(3, '109.9', '110'), fees: '0.5' };
    expect(splitPair(session, backtest)).toEqual({ timing: '0', price: '-0.48', size: '0', missed: '0' });
  });

  it('is size where other units were traded, at the profit of the backtest for each', () => {
    // (1.5 - 2) (10 - 0.21) = -4.895; the fees of 1.5 units at the rate of the backtest are 0.315
    expect(splitPair({ ...backtest, units: '1.5', fees: '0.315' }, backtest)).toEqual({
      timing: '0',
      price: '0',
      size: '-4.895',
      missed: '0',
    });
  });

  it('is all three, which sum to it', () => {
    // Session: 1.5 (109.7 - 100.3) - 0.4 = 13.7; 13.7 - 19.58 = -5.88
    // timing 1.5 ((109.9 - 100.2) - 10) = -0.45; price 1.5 (-0.2 - 0.1) - (0.4 - 0.315) = -0.535; size -4.895
    const session = compared({
      units: '1.5',
      entry: side(1, '100.3', '100.2'),
      exit: side(3, '109.7', '109.9'),
      fees: '0.4',
    });
    const split = splitPair(session, backtest);
    expect(split).toEqual({ timing: '-0.45', price: '-0.535', size: '-4.895', missed: '0' });
    expect(sumOf(split).toFixed()).toBe('-5.88');
  });

  it('is exact where the fee of a unit is no decimal', () => {
    // 1 in fees for 3 units; 4 units: (4 - 3) (10 - 1/3), and -(2 - 4/3): together 9.
    const three = compared({ units: '3', fees: '1' });
    const split = splitPair(compared({ units: '4', fees: '2' }), three);
    expect(sumOf(split).toFixed()).toBe('9');
    expect(split.size).toBe('9.666666666666666667');
    expect(split.price).toBe('-0.666666666666666667');
  });

  it('is missed where only one of the two has traded', () => {
    expect(splitMissed(backtest)).toEqual({ timing: '0', price: '0', size: '0', missed: '-19.58' });
    expect(splitExtra(compared({ fees: '12' }))).toEqual({ timing: '0', price: '0', size: '0', missed: '-2' });
  });
});

const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => new Big(n).div(100).toFixed());
const anyTrade: fc.Arbitrary<ComparedTrade> = fc
  .record({
    units: fc.integer({ min: 1, max: 10_000_000 }).map((n) => new Big(n).div(100_000).toFixed()),
    prices: fc.array(cents(1, 10_000_000), { minLength: 4, maxLength: 4 }),
    fees: fc.integer({ min: -1_000, max: 1_000_000 }).map((n) => new Big(n).div(10_000_000).toFixed()),
  })
  .map(({ units, prices: [a, b, c, d], fees }) =>
    compared({ units, fees, entry: side(1, a!, b!), exit: side(3, c!, d!) }),
  );

describe('every split', () => {
  it('of a pair sums to the difference of the profits, to the last digit', () => {
    fc.assert(
      fc.property(anyTrade, anyTrade, (session, backtest) => {
        const difference = profitOf(session).minus(profitOf(backtest));
        expect(sumOf(splitPair(session, backtest)).toFixed()).toBe(difference.toFixed());
      }),
    );
  });

  it('of a run sums to the difference of all profits', () => {
    fc.assert(
      fc.property(
        fc.array(anyTrade),
        fc.array(anyTrade),
        fc.array(fc.tuple(anyTrade, anyTrade)),
        (extra, missed, pairs) => {
          const splits = [
            ...extra.map(splitExtra),
            ...missed.map(splitMissed),
            ...pairs.map(([session, backtest]) => splitPair(session, backtest)),
          ];
          const total = (trades: readonly ComparedTrade[]): Big =>
            trades.reduce((sum, trade) => sum.plus(profitOf(trade)), new Big(0));
          const session = total([...extra, ...pairs.map(([trade]) => trade)]);
          const backtest = total([...missed, ...pairs.map(([, trade]) => trade)]);
          expect(sumOf(addSplits(splits)).toFixed()).toBe(session.minus(backtest).toFixed());
        },
      ),
    );
  });

  it('is shown in cents that sum to the rounded sum, none of them off by a cent or more', () => {
    // Fees and means are binary fractions in the books: such a text may have more than 18 digits after the point.
    expect(roundedParts(['-0.0039371000000001002', '1']).map((part) => part.toFixed(2))).toEqual(['0.00', '1.00']);
    expect(roundedParts(['0.004', '0.004', '0.004']).map((part) => part.toFixed(2))).toEqual(['0.01', '0.00', '0.00']);
    expect(roundedParts(['-1.006', '0.006', '0.006']).map((part) => part.toFixed(2))).toEqual([
      '-1.01',
      '0.01',
      '0.01',
    ]);
    const amount = fc.integer({ min: -1e9, max: 1e9 }).map((n) => new Big(n).div(1e5).toFixed());
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 6 }), (amounts) => {
        const parts = roundedParts(amounts);
        const total = (list: readonly (Big | string)[]): Big =>
          list.reduce<Big>((sum, each) => sum.plus(each), new Big(0));
        expect(total(parts).eq(total(amounts).round(2))).toBe(true);
        parts.forEach((part, i) => expect(part.minus(amounts[i]!).abs().lt('0.01')).toBe(true));
      }),
    );
  });
});
