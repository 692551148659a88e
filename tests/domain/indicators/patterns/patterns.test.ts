import { describe, expect, it } from '@jest/globals';
import { cdlengulfing } from '../../../../domain/indicators/patterns/cdlengulfing.ts';
import { cdlmorningstar } from '../../../../domain/indicators/patterns/cdlmorningstar.ts';
import { type Bars, randomWalk, walkWithPauses } from '../../../contracts/indicator-bars.ts';
import { lineOf } from '../lines.ts';
import { columnOn } from '../statistics/talib-columns.ts';

/** How many bars show a pattern, the sum of its values, and their sum weighted by the bar. */
function found(line: Float64Array): readonly [number, number, number] {
  let [count, sum, weighted] = [0, 0, 0];
  line.forEach((value, bar) => {
    if (Number.isNaN(value) || value === 0) return;
    count++;
    sum += value;
    weighted += bar * value;
  });
  return [count, sum, weighted];
}

// TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2. Prices in whole ticks tie often; pauses are all ties.
const talib: readonly (readonly [string, Bars, readonly (readonly [string, number, number, number])[]])[] = [
  [
    'a walk',
    randomWalk(7, 600),
    [
      ['CDLDOJI', 121, 12_100, 3_489_200],
      ['CDLENGULFING', 73, -2740, -932_940],
      ['CDLHAMMER', 8, 800, 288_800],
      ['CDLSHOOTINGSTAR', 8, -800, -181_800],
      ['CDLHARAMI', 54, -600, -192_800],
      ['CDLMORNINGSTAR', 6, 600, 236_600],
      ['CDLEVENINGSTAR', 7, -700, -124_600],
    ],
  ],
  [
    'a walk with pauses',
    walkWithPauses(4, 600),
    [
      ['CDLDOJI', 352, 35_200, 11_325_700],
      ['CDLENGULFING', 33, -860, -181_400],
      ['CDLHAMMER', 5, 500, 104_500],
      ['CDLSHOOTINGSTAR', 1, -100, -17_100],
      ['CDLHARAMI', 28, -360, 55_040],
      ['CDLMORNINGSTAR', 3, 300, 105_600],
      ['CDLEVENINGSTAR', 1, -100, -36_600],
    ],
  ],
];

describe.each(talib)('candle patterns on %s', (_, bars, rows) => {
  it.each(rows)('%s are those that TA-Lib finds', (name, count, sum, weighted) => {
    expect(found(columnOn(bars, name))).toEqual([count, sum, weighted]);
  });
});

describe('candle patterns', () => {
  it('give 80 to an engulfing body that shares an end with the other', () => {
    const bodies = (open: readonly number[], close: readonly number[]) =>
      lineOf(cdlengulfing, {}, open, [20, 20, 20], [1, 1, 1], close)[2];
    expect(bodies([5, 11, 9], [5, 10, 12])).toBe(100);
    expect(bodies([5, 11, 10], [5, 10, 12])).toBe(80);
    expect(bodies([5, 10, 12], [5, 11, 10])).toBe(-80);
    // Both ends shared covers nothing more, and a body of the same colour is none.
    expect(bodies([5, 11, 10], [5, 10, 11])).toBe(0);
    expect(bodies([5, 10, 9], [5, 11, 12])).toBe(0);
  });

  it('ask of a morning star that it comes back as far as the penetration says', () => {
    // Ten bodies of 2, then a black one of 10, a short one below it, and a white one of 5 that closes 4 into the first.
    const open = [...Array.from({ length: 10 }, () => 100), 100, 88, 89];
    const close = [...Array.from({ length: 10 }, () => 102), 90, 88.5, 94];
    const high = open.map((price, i) => Math.max(price, close[i]!) + 1);
    const low = open.map((price, i) => Math.min(price, close[i]!) - 1);
    const star = (penetration: number) => lineOf(cdlmorningstar, { penetration }, open, high, low, close)[12];
    expect(star(0.3)).toBe(100);
    expect(star(0.39)).toBe(100);
    expect(star(0.41)).toBe(0);
  });
});
