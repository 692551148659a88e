import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ema } from '../../../../domain/indicators/averages/ema.ts';
import { sma } from '../../../../domain/indicators/averages/sma.ts';
import { atr } from '../../../../domain/indicators/volatility/atr.ts';
import { bbands } from '../../../../domain/indicators/volatility/bbands.ts';
import { donchian } from '../../../../domain/indicators/volatility/donchian.ts';
import { keltner } from '../../../../domain/indicators/volatility/keltner.ts';
import { natr } from '../../../../domain/indicators/volatility/natr.ts';
import { stddev } from '../../../../domain/indicators/volatility/stddev.ts';
import { trange } from '../../../../domain/indicators/volatility/trange.ts';
import { variance } from '../../../../domain/indicators/volatility/var.ts';
import { randomWalk } from '../../../contracts/indicator-bars.ts';
import { lineOf, linesOf, near, numbersOf } from '../lines.ts';
import { offTalib } from '../statistics/talib-columns.ts';

describe('volatility in a market that pauses', () => {
  // TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2.
  it.each([
    [
      'BBANDS_8_2_1.5_SMA.upper',
      [109.27476741040812, 107.95000000000003, 108.46904322281586, 100.21703200808022, 96.84999999999995, 99.32],
    ],
    [
      'BBANDS_8_2_1.5_SMA.lower',
      [107.77017444219392, 107.95000000000003, 102.5425925828881, 98.21628849393976, 96.84999999999995, 99.32],
    ],
    ['ATR_1', [0, 0, 0.8700000000000045, 0, 0, 0]],
    [
      'ATR_6',
      [
        0.6803560079127415, 1.7386971947934543e-5, 0.7691656308178282, 0.9609975838532361, 1.8888843625373412e-5,
        1.840168862153978e-5,
      ],
    ],
    [
      'NATR_6',
      [
        0.6302510494791491, 1.6106504815131582e-5, 0.7379503317833908, 0.9616707533806024, 1.9503194244061346e-5,
        1.8527676823942592e-5,
      ],
    ],
    ['TRANGE', [0, 0, 0.8700000000000045, 0, 0, 0]],
    ['STDDEV_8_3', [1.2896511156121662, 0, 5.079814834223782, 1.7149230121204018, 0, 0]],
    ['VAR_1_1', [0, 0, 0, 0, 0, 0]],
    ['VAR_8_1', [0.1848, 0, 2.8671687499999994, 0.3267734375000124, 0, 0]],
  ])('%s is that of TA-Lib', (name, values) => {
    expect(offTalib(name, values)).toEqual([]);
  });
});

describe('true range', () => {
  it('reaches to the close before', () => {
    // 12 - 10 within the bar; 13 - 9 up from the close of 9; 8.5 down to 6 over the gap.
    const [high, low, close] = [
      [11, 12, 13, 7],
      [9, 10, 12, 6],
      [11, 9, 8.5, 7],
    ];
    expect(numbersOf(lineOf(trange, {}, high!, low!, close!))).toEqual([2, 4, 2.5]);
    // Mean of the first two, 3; then (3 * 1 + 2.5) / 2.
    expect(numbersOf(lineOf(atr, { period: 2 }, high!, low!, close!))).toEqual(near([3, 2.75]));
    expect(numbersOf(lineOf(natr, { period: 1 }, high!, low!, close!))).toEqual(near([200 / 9, 400 / 8.5, 250 / 7]));
  });

  it('in percent is 0 where the close is 0', () => {
    expect(numbersOf(lineOf(natr, { period: 1 }, [1, 1, 1], [0, 0, 0], [1, 0, 0.5]))).toEqual([0, 200]);
  });
});

describe('variance', () => {
  it('does not lose small deviations from a large value', () => {
    // Deviations -6, -3, 3 and 6: (36 + 9 + 9 + 36) / 4.
    const values = [4, 7, 13, 16].map((value) => value + 1e9);
    expect(lineOf(variance, { period: 4, deviations: 1 }, values)[3]).toBe(22.5);
    const tiny = lineOf(stddev, { period: 3, deviations: 1 }, [1e-9, 2e-9, 3e-9])[2]!;
    expect(tiny / 1e-9).toBeCloseTo(Math.sqrt(2 / 3), 12);
  });

  it('is 0 exactly for equal values, however wild those before were', () => {
    const values = [1e9, -3e8, 17.3, ...Array.from({ length: 40 }, () => 100.1)];
    for (const period of [2, 5, 9]) {
      const line = lineOf(variance, { period, deviations: 1 }, values);
      expect([...line.subarray(3 + period - 1)]).toEqual(Array.from({ length: 41 - period }, () => 0));
    }
  });

  it('is the exact one to twelve digits, anywhere in a series', () => {
    const steps = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 30, maxLength: 120 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 25 }), (moves, period) => {
        let level = 1_000_000_000;
        const values = moves.map((move) => (level += move));
        const line = lineOf(variance, { period, deviations: 1 }, values);
        for (let i = period - 1; i < values.length; i++) {
          const window = values.slice(i - period + 1, i + 1).map(BigInt);
          const sum = window.reduce((total, value) => total + value, 0n);
          const squares = window.reduce((total, value) => total + value * value, 0n);
          const exact = Number(squares * BigInt(period) - sum * sum) / period ** 2;
          expect(Math.abs(line[i]! - exact)).toBeLessThanOrEqual(1e-12 * exact);
        }
      }),
    );
  });
});

describe('channels', () => {
  const walk = randomWalk(17, 300);

  it('BBANDS has the bits of SMA in the middle', () => {
    const [, middle] = linesOf(bbands, { period: 20, deviationsUp: 2, deviationsDown: 2 }, walk.close);
    expect(middle).toEqual(lineOf(sma, { period: 20 }, walk.close));
  });

  it.each([
    [20, 10, 19],
    [3, 10, 10],
  ])('KELTNER of %i and %i is EMA and ATR, from bar %i on', (period, atrPeriod, start) => {
    const lines = linesOf(keltner, { period, atrPeriod, multiplier: 1.5 }, walk.high, walk.low, walk.close);
    const middle = lineOf(ema, { period }, walk.close);
    const wide = lineOf(atr, { period: atrPeriod }, walk.high, walk.low, walk.close);
    expect(lines.map((line) => line.findIndex((value) => !Number.isNaN(value)))).toEqual([start, start, start]);
    expect(lines[0]!.subarray(start)).toEqual(middle.map((value, i) => value + wide[i]! * 1.5).subarray(start));
    expect(lines[1]!.subarray(start)).toEqual(middle.subarray(start));
    expect(lines[2]!.subarray(start)).toEqual(middle.map((value, i) => value - wide[i]! * 1.5).subarray(start));
  });

  it('DONCHIAN holds this bar too', () => {
    const [upper, middle, lower] = linesOf(donchian, { period: 3 }, [5, 8, 6, 7, 6], [4, 5, 3, 5, 4]);
    expect(numbersOf(upper!)).toEqual([8, 8, 7]);
    expect(numbersOf(middle!)).toEqual([5.5, 5.5, 5]);
    expect(numbersOf(lower!)).toEqual([3, 3, 3]);
  });
});
