import { describe, expect, it } from '@jest/globals';
import { htDcperiod } from '../../../../domain/indicators/cycle/ht-dcperiod.ts';
import { htTrendline } from '../../../../domain/indicators/cycle/ht-trendline.ts';
import { randomWalk } from '../../../contracts/indicator-bars.ts';
import { lineOf } from '../lines.ts';
import { columnOn } from '../statistics/talib-columns.ts';

describe('cycle indicators on a walk', () => {
  const bars = randomWalk(7, 600);
  const at = [32, 63, 100, 300, 599];

  // TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2.
  it.each([
    ['HT_DCPERIOD', [15.646696015449784, 24.2608326964531, 26.74488377499431, 34.589461045339476, 26.19274117063259]],
    ['HT_TRENDLINE', [Number.NaN, 101.43085794466404, 105.76068945868947, 107.91010079365083, 97.26815597238011]],
    [
      'MAMA_0.5_0.05.mama',
      [103.05905737333127, 102.81592313327332, 108.36312177743753, 108.93500924270353, 98.31581607655882],
    ],
    [
      'MAMA_0.5_0.05.fama',
      [98.0122161744282, 101.31320854436211, 107.11319045858478, 108.55873929603267, 97.4931853115231],
    ],
    [
      'MAMA_0.2_0.3.mama',
      [102.57904859834568, 103.3572588915984, 108.90565552088411, 108.61201694092216, 98.16528071712005],
    ],
  ])('%s is that of TA-Lib', (name, values) => {
    const line = columnOn(bars, name);
    const off = at.filter((bar, k) => {
      const [ours, theirs] = [line[bar]!, values[k]!];
      return !(Object.is(ours, theirs) || Math.abs(ours - theirs) <= 1e-9 * theirs);
    });
    expect(off).toEqual([]);
  });
});

describe('the dominant cycle', () => {
  it.each([12, 20, 30])('of a sine is its period of %i bars, and its trendline the level', (period) => {
    const prices = Array.from({ length: 400 }, (_, i) => 100 + 5 * Math.sin((2 * Math.PI * i) / period));
    expect(Math.abs(lineOf(htDcperiod, {}, prices).at(-1)! - period)).toBeLessThan(0.05 * period);
    expect(Math.abs(lineOf(htTrendline, {}, prices).at(-1)! - 100)).toBeLessThan(0.5);
  });
});
