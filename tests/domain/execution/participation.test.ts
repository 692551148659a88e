import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { participationCap } from '../../../domain/execution/participation.ts';

describe('the most that a slice may be by the volume of the market', () => {
  it.each([
    // 0.1 / 0.9 of the others' 90: 10, which is 10 % of 100 in all.
    [0.1, { tape: '90', own: '0', sliceFilled: '0' }, '10'],
    // Our own 30 of the 120 on the tape are no market: 0.25 / 0.75 of 90.
    [0.25, { tape: '120', own: '30', sliceFilled: '0' }, '30'],
    [0.25, { tape: '120', own: '30', sliceFilled: '12.5' }, '17.5'],
    [0.5, { tape: '10', own: '0', sliceFilled: '10' }, '0'],
    [0.5, { tape: '10', own: '0', sliceFilled: '11' }, '0'],
    [0.5, { tape: '0', own: '0', sliceFilled: '0' }, '0'],
    // A trade of ours that the tape does not show yet makes no negative market.
    [0.5, { tape: '1', own: '3', sliceFilled: '0' }, '0'],
  ])('at %f with %o is %s', (ratio, volume, expected) => {
    expect(participationCap(ratio, volume)).toBe(expected);
  });

  it.each([0, 1, -0.1, 1.5, Number.NaN])('refuses the ratio %f', (ratio) => {
    expect(() => participationCap(ratio, { tape: '1', own: '0', sliceFilled: '0' })).toThrow('maxParticipation');
  });

  it('makes our share of the whole the ratio, not more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.0001, max: 0.99, noNaN: true }),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (ratio, others) => {
          const cap = new Big(participationCap(ratio, { tape: String(others), own: '0', sliceFilled: '0' }));
          const share = cap.div(cap.plus(others));
          expect(share.minus(ratio).abs().lt('0.000000001')).toBe(true);
        },
      ),
    );
  });
});
