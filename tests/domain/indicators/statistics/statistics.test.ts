import { describe, expect, it } from '@jest/globals';
import { beta } from '../../../../domain/indicators/statistics/beta.ts';
import { correl } from '../../../../domain/indicators/statistics/correl.ts';
import { linearregSlope } from '../../../../domain/indicators/statistics/linearreg-slope.ts';
import { linearreg } from '../../../../domain/indicators/statistics/linearreg.ts';
import { max } from '../../../../domain/indicators/statistics/max.ts';
import { min } from '../../../../domain/indicators/statistics/min.ts';
import { sum } from '../../../../domain/indicators/statistics/sum.ts';
import { tsf } from '../../../../domain/indicators/statistics/tsf.ts';
import { lineOf, near, numbersOf } from '../lines.ts';
import { offTalib } from './talib-columns.ts';

describe('statistics in a market that pauses', () => {
  // TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2.
  it.each([
    [
      'LINEARREG_9',
      [108.05622222222222, 107.9500000000001, 102.97177777777769, 99.74177777777773, 96.8500000000003, 99.32],
    ],
    ['LINEARREG_SLOPE_9', [-0.09650000000000107, 0, -0.6073333333333587, 0.1926666666666548, 0, 0]],
    [
      'TSF_9',
      [107.95972222222221, 107.95000000000012, 102.36444444444433, 99.93444444444438, 96.85000000000038, 99.32],
    ],
    ['CORREL_12', [0.8132438697189175, 0, 0.9909565436396002, 0.6765036844376611, 0, 0]],
    ['BETA_12', [0.25362745979348306, 0, 1.389822225769209, 0.15259270592087057, 0, 0]],
    ['MAX_9', [109.03, 107.95, 107.95, 99.93, 96.85, 99.32]],
    ['MIN_9', [107.95, 107.95, 103.56, 98.15, 96.85, 99.32]],
    ['SUM_9', [975.98, 971.55, 948.61, 890.74, 871.65, 893.88]],
  ])('%s is that of TA-Lib', (name, values) => {
    expect(offTalib(name, values)).toEqual([]);
  });
});

describe('the line of least squares', () => {
  it('is drawn through the last values', () => {
    // Through 1, 2, 4: mean 7/3, slope (4 - 1) / 2 = 1.5, so 7/3 + 1.5 at the last; through 2, 4, 3: mean 3, slope 0.5.
    const values = [1, 2, 4, 3];
    expect(numbersOf(lineOf(linearregSlope, { period: 3 }, values))).toEqual(near([1.5, 0.5]));
    expect(numbersOf(lineOf(linearreg, { period: 3 }, values))).toEqual(near([7 / 3 + 1.5, 3.5]));
    expect(numbersOf(lineOf(tsf, { period: 3 }, values))).toEqual(near([7 / 3 + 3, 4]));
  });

  it('is level, exactly, where the values are, however wild those before were', () => {
    const values = [1e9, -3e8, 17.3, ...Array.from({ length: 30 }, () => 0.1)];
    const level = Array.from({ length: 26 }, () => 0);
    expect([...lineOf(linearregSlope, { period: 5 }, values).subarray(7)]).toEqual(level);
    expect([...lineOf(linearreg, { period: 5 }, values).subarray(7)]).toEqual(level.map(() => 0.1));
  });
});

describe('CORREL and BETA', () => {
  it('are those of the products of deviations', () => {
    // x 1, 2, 4 and y 1, 3, 2: xx 14/3, yy 2, xy (-4/3)(-1) + (-1/3)(1) + (5/3)(0) = 1.
    expect(lineOf(correl, { period: 3 }, [1, 2, 4], [1, 3, 2])[2]).toBeCloseTo(1 / Math.sqrt(28 / 3), 12);
    // Returns of x +100 %, -50 %, +50 %, of y +50 %, -25 %, +25 %: half.
    expect(lineOf(beta, { period: 3 }, [1, 2, 1, 1.5], [4, 6, 4.5, 5.625])[3]).toBeCloseTo(0.5, 12);
  });

  it('see movements of prices of a billionth', () => {
    const x = [1e-9, 3e-9, 2e-9, 5e-9];
    expect(lineOf(correl, { period: 4 }, x, x)[3]).toBe(1);
    expect(
      lineOf(
        correl,
        { period: 4 },
        x,
        x.map((value) => 1e-8 - value),
      )[3],
    ).toBeCloseTo(-1, 12);
  });

  it('are 0 where nothing moves, and count the return from a price of 0 as 0', () => {
    expect(lineOf(correl, { period: 3 }, [0.1, 0.1, 0.1], [1, 2, 3])[2]).toBe(0);
    expect(lineOf(beta, { period: 2 }, [0.1, 0.1, 0.1], [1, 2, 3])[2]).toBe(0);
    // Returns of x 0 and +100 %, of y +100 % and 0: (0 - 1) / (1 - 0).
    expect(lineOf(beta, { period: 2 }, [0, 1, 2], [1, 2, 2])[2]).toBe(-1);
  });
});

describe('MAX, MIN and SUM', () => {
  it('are those of the last values, this one included', () => {
    const values = [3, 1, 2, 5, 4, 0];
    expect(numbersOf(lineOf(max, { period: 3 }, values))).toEqual([3, 5, 5, 5]);
    expect(numbersOf(lineOf(min, { period: 3 }, values))).toEqual([1, 1, 2, 0]);
    expect(numbersOf(lineOf(sum, { period: 3 }, values))).toEqual([6, 8, 11, 9]);
  });

  it('a sum keeps nothing of what has left', () => {
    expect([...lineOf(sum, { period: 2 }, [1e17, 1, 1, 1, 1]).subarray(2)]).toEqual([2, 2, 2]);
  });
});
