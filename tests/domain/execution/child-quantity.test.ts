import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { sizeChild, type SizingInput } from '../../../domain/execution/child-quantity.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';

/** Whole units, so that the arithmetic can be done by eye. */
const units: Instrument = {
  symbol: 'A/B',
  base: 'A',
  quote: 'B',
  tick: '1',
  lot: '1',
  minQuantity: '1',
  maxQuantity: null,
  minNotional: '0',
};

/** Ten slices of 10, at the third: 20 done, 30 wanted. */
const third: SizingInput = {
  previousTarget: '20',
  target: '30',
  finalTarget: '100',
  filled: '20',
  open: '0',
  catchUp: 'skip',
  catchUpFactor: 2,
  participationCap: null,
  instrument: units,
  price: '1',
};

const size = (given: Partial<SizingInput>, instrument: Partial<Instrument> = {}) => {
  const sizing = sizeChild({ ...third, ...given, instrument: { ...units, ...instrument } });
  return { ...sizing, quantity: sizing.quantity.toFixed() };
};

const child = (quantity: string) => ({ kind: 'child', quantity });
const nothing = (reason: string, quantity: string) => ({ kind: 'nothing', reason, quantity });

describe('the size of a child', () => {
  it.each([
    ['the slice when all before it filled', {}, child('10')],
    ['more when a part is wanting', { filled: '17' }, child('13')],
    ['less by what is open or unknown', { filled: '17', open: '4' }, child('9')],
    ['nothing when ahead of the curve', { filled: '31' }, nothing('ON_SCHEDULE', '0')],
    ['nothing when open orders would bring it there', { filled: '20', open: '10' }, nothing('ON_SCHEDULE', '0')],
  ])('is %s', (_, given, expected) => {
    expect(size(given)).toEqual(expected);
  });

  // After a gap of k slices of 10 the curve lacks 10 * (k + 1); one child makes up at most b of them.
  it.each([
    [1, 2, '20'],
    [4, 2, '20'],
    [1, 3, '20'],
    [4, 3, '30'],
    [4, 2.55, '25'],
    [4, 1, '10'],
  ])('after a gap of %i slices and with a bound of %f is %s', (gap, catchUpFactor, quantity) => {
    const at = 10 * (gap + 1);
    const given = { previousTarget: String(at - 10), target: String(at), filled: '0', catchUpFactor };
    expect(size(given)).toEqual(child(quantity));
  });

  it('is bounded by a lot, not by nothing, where a slice of the curve is none', () => {
    expect(size({ previousTarget: '30', target: '30', filled: '20' })).toEqual(child('2'));
  });

  describe('against the minimums of the venue', () => {
    it('waits for the next slice when it is below the minimum quantity', () => {
      expect(size({ filled: '26' }, { minQuantity: '5' })).toEqual(nothing('BELOW_MINIMUM', '4'));
    });

    it('waits when it is below the minimum notional, and goes when it reaches it', () => {
      // 4 * 1.24 = 4.96 < 5 <= 4 * 1.25.
      expect(size({ filled: '26', price: '1.24' }, { minNotional: '5' })).toEqual(nothing('BELOW_MINIMUM', '4'));
      expect(size({ filled: '26', price: '1.25' }, { minNotional: '5' })).toEqual(child('4'));
    });

    it('takes the last slice with it when that could not trade by itself', () => {
      // The ninth of ten: 10 now would leave 4, below the minimum of 5.
      const ninth = { previousTarget: '80', target: '90', finalTarget: '94', filled: '80' };
      expect(size(ninth, { minQuantity: '5' })).toEqual(child('14'));
      expect(size({ ...ninth, finalTarget: '95' }, { minQuantity: '5' })).toEqual(child('10'));
    });

    // A falling price can put a slice below the minimum: 10 * 0.4 = 4 < 5, and so can a bound on it. 13 * 0.4 = 5.2.
    it('is the least order that the venue takes when the bound is below it', () => {
      const late = { filled: '0', target: '30', previousTarget: '20', catchUpFactor: 1, price: '0.4' };
      expect(size(late, { minNotional: '5' })).toEqual(child('13'));
      // 12 are wanted, 12 * 0.4 = 4.8.
      expect(size({ ...late, filled: '18' }, { minNotional: '5' })).toEqual(nothing('BELOW_MINIMUM', '12'));
    });
  });

  it('is at most the largest order of the venue, in whole lots', () => {
    expect(size({}, { lot: '2', maxQuantity: '7' })).toEqual(child('6'));
  });

  it('is whole lots where the fills are none', () => {
    // 30 - 20.5 = 9.5, down to lots of 2.
    expect(size({ filled: '20.5' }, { lot: '2' })).toEqual(child('8'));
  });

  it('never exceeds what is left, is whole lots and obeys both ends of the venue', () => {
    const quantity = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(
        fc.record({
          previous: quantity,
          step: quantity,
          rest: quantity,
          filled: quantity,
          open: quantity,
          factor: fc.double({ min: 1, max: 10, noNaN: true }),
          lot: fc.integer({ min: 1, max: 20 }),
          minQuantity: fc.integer({ min: 0, max: 50 }),
          minNotional: fc.integer({ min: 0, max: 500 }),
          maxQuantity: fc.option(fc.integer({ min: 50, max: 500 })),
          price: fc.integer({ min: 1, max: 100 }),
        }),
        ({ previous, step, rest, filled, open, factor, lot, minQuantity, minNotional, maxQuantity, price }) => {
          const instrument = {
            ...units,
            lot: String(lot),
            minQuantity: String(minQuantity),
            minNotional: String(minNotional),
            maxQuantity: maxQuantity === null ? null : String(maxQuantity),
          };
          const sizing = sizeChild({
            previousTarget: String(previous),
            target: String(previous + step),
            finalTarget: String(previous + step + rest),
            filled: String(filled),
            open: String(open),
            catchUp: 'skip',
            catchUpFactor: factor,
            participationCap: null,
            instrument,
            price: String(price),
          });
          expect(sizing.quantity.mod(lot).eq(0)).toBe(true);
          expect(sizing.quantity.lte(Math.max(0, previous + step + rest - filled - open))).toBe(true);
          if (sizing.kind === 'nothing') return;
          expect(sizing.quantity.gt(0) && sizing.quantity.gte(minQuantity)).toBe(true);
          expect(sizing.quantity.times(price).gte(minNotional)).toBe(true);
          if (maxQuantity !== null) expect(sizing.quantity.lte(maxQuantity)).toBe(true);
          // The bound gives way to one least order; a rest below another is merged into it.
          const least = new Big(Math.max(minQuantity, minNotional / price) + lot);
          const bound = new Big(Math.max(step, lot)).times(factor);
          expect(sizing.quantity.lt((bound.gt(least) ? bound : least).plus(least))).toBe(true);
        },
      ),
    );
  });
});

describe('catching up', () => {
  /** Ten slices of 10; none of the first `missed` has traded, and the next is due. */
  const late = (missed: number, given: Partial<SizingInput> = {}) =>
    size({
      previousTarget: String(10 * missed),
      target: String(10 * missed + 10),
      filled: '0',
      ...given,
    });

  it.each([
    // 60 are wanting at the sixth slice. skip: two slices at most; spread: 100 over the five slices left; burst: all 60.
    ['skip', '20'],
    ['spread', '20'],
    ['burst', '60'],
  ] as const)('by %s makes up a gap of five slices with %s', (catchUp, quantity) => {
    expect(late(5, { catchUp })).toEqual(child(quantity));
  });

  it('by spread shares a small gap among all slices left', () => {
    // One missed of ten: 100 over nine slices, 11.1 in whole lots.
    expect(late(1, { catchUp: 'spread' })).toEqual(child('11'));
    // Where skip takes both at once.
    expect(late(1, { catchUp: 'skip' })).toEqual(child('20'));
  });

  it('by spread is bounded like skip when few slices are left', () => {
    // 100 over the last two slices would be 50 each.
    expect(late(8, { catchUp: 'spread', catchUpFactor: 3 })).toEqual(child('30'));
    expect(late(8, { catchUp: 'burst', catchUpFactor: 3 })).toEqual(child('90'));
  });

  it('by spread is the plain slice on schedule, and never more than the curve lacks', () => {
    expect(size({ catchUp: 'spread' })).toEqual(child('10'));
    // Ahead by 4 of 10: the curve lacks 6.
    expect(size({ catchUp: 'spread', filled: '24' })).toEqual(child('6'));
  });

  it('by spread fills exactly all, whatever was missed, when nothing is missed any more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (slices, lots, share) => {
          const missed = Math.floor(slices * share);
          let filled = new Big(0);
          const sizes: Big[] = [];
          for (let k = missed + 1; k <= slices; k += 1) {
            const sizing = sizeChild({
              ...third,
              previousTarget: String(lots * (k - 1)),
              target: String(lots * k),
              finalTarget: String(lots * slices),
              filled: filled.toFixed(),
              catchUp: 'spread',
              // At most half was missed, so that no child is more than two slices, and a lot for rounding.
              catchUpFactor: 3,
            });
            filled = filled.plus(sizing.kind === 'child' ? sizing.quantity : 0);
            sizes.push(sizing.quantity);
          }
          expect(filled.eq(lots * slices)).toBe(true);
          const even = (lots * slices) / (slices - missed);
          // Each child is the even share, and what rounding down has left for later ones.
          for (const each of sizes) expect(Math.abs(Number(each) - even)).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
});

describe('the bound by the volume of the market', () => {
  it.each([
    ['leaves a child that is below it alone', '10', child('10')],
    ['cuts a child to whole lots', '7.9', child('7')],
    ['sends nothing where it is below one lot', '0.9', nothing('PARTICIPATION_CAP', '10')],
  ])('%s', (_, participationCap, expected) => {
    expect(size({ participationCap })).toEqual(expected);
  });

  it('sends nothing where it is below the minimum of the venue: unlike the catch-up bound it gives way to nothing', () => {
    expect(size({ participationCap: '4' }, { minQuantity: '5' })).toEqual(nothing('PARTICIPATION_CAP', '10'));
  });

  it('holds also for a burst, and for a rest that would be merged', () => {
    expect(size({ filled: '0', catchUp: 'burst', participationCap: '12' })).toEqual(child('12'));
    const ninth = { previousTarget: '80', target: '90', finalTarget: '94', filled: '80' };
    expect(size({ ...ninth, participationCap: '11' }, { minQuantity: '5' })).toEqual(child('11'));
  });
});
