import { describe, expect, it } from '@jest/globals';
import { dema } from '../../../../domain/indicators/averages/dema.ts';
import { ema } from '../../../../domain/indicators/averages/ema.ts';
import { hma } from '../../../../domain/indicators/averages/hma.ts';
import { kama } from '../../../../domain/indicators/averages/kama.ts';
import { midpoint } from '../../../../domain/indicators/averages/midpoint.ts';
import { midprice } from '../../../../domain/indicators/averages/midprice.ts';
import { t3 } from '../../../../domain/indicators/averages/t3.ts';
import { tema } from '../../../../domain/indicators/averages/tema.ts';
import { trima } from '../../../../domain/indicators/averages/trima.ts';
import { vwma } from '../../../../domain/indicators/averages/vwma.ts';
import { wma } from '../../../../domain/indicators/averages/wma.ts';
import { randomWalk } from '../../../contracts/indicator-bars.ts';
import { lineOf, near, numbersOf } from '../lines.ts';

const { close } = randomWalk(11, 300);

describe('EMA', () => {
  it('starts from the plain average of the first bars and moves by 2 / (period + 1) of the distance', () => {
    // Seed (1 + 2 + 6) / 3 = 3, weight 1/2: 3 + (7 - 3) / 2 = 5, 5 + (1 - 5) / 2 = 3.
    expect(numbersOf(lineOf(ema, { period: 3 }, [1, 2, 6, 7, 1]))).toEqual([3, 5, 3]);
  });
});

describe('WMA and TRIMA', () => {
  it('weigh 1 2 3 4, 1 2 2 1 and 1 2 3 2 1', () => {
    const input = [1, 10, 100, 1000, 10_000];
    expect(numbersOf(lineOf(wma, { period: 4 }, input))).toEqual(near([4321 / 10, 43_210 / 10]));
    expect(numbersOf(lineOf(trima, { period: 4 }, input))).toEqual(near([1221 / 6, 12_210 / 6]));
    expect(numbersOf(lineOf(trima, { period: 5 }, input))).toEqual(near([12_321 / 9]));
  });
});

describe('averages of averages', () => {
  const once = lineOf(ema, { period: 7 }, close);
  const twice = lineOf(ema, { period: 7 }, once);
  const thrice = lineOf(ema, { period: 7 }, twice);

  it('DEMA is twice the EMA less the EMA of the EMA', () => {
    expect(lineOf(dema, { period: 7 }, close)).toEqual(once.map((value, i) => 2 * value - twice[i]!));
  });

  it('TEMA is three times the difference of the first two, and the third', () => {
    const expected = once.map((value, i) => thrice[i]! + (3 * value - 3 * twice[i]!));
    expect(lineOf(tema, { period: 7 }, close)).toEqual(expected);
  });

  it('T3 without correction is the EMA of the EMA of the EMA', () => {
    const line = lineOf(t3, { period: 7, volumeFactor: 0 }, close);
    // Its six stages are ready later than three, and it writes the step of an EMA in another way.
    expect(numbersOf(line)).toEqual(near([...thrice.subarray(36)]));
  });

  it('T3 with the whole correction is DEMA applied three times', () => {
    let line = close;
    for (let k = 0; k < 3; k++) line = lineOf(dema, { period: 7 }, line);
    // The stages of a chained DEMA are seeded from corrected values, which fades out.
    const late = 280;
    expect(lineOf(t3, { period: 7, volumeFactor: 1 }, close)[late]!).toBeCloseTo(line[late]!, 6);
  });
});

describe('HMA', () => {
  it('averages twice the fast less the slow average', () => {
    // Of the bars 1 2 4 8: WMA(2) = 20/3, WMA(4) = 49/10, so 2 * 20/3 - 49/10 = 253/30. One bar on all is twice that: 506/30.
    // WMA(2) of the two: (253 + 2 * 506) / 90.
    expect(numbersOf(lineOf(hma, { period: 4 }, [1, 2, 4, 8, 16]))).toEqual(near([1265 / 90]));
  });

  it('has averages of one bar for the shortest period', () => {
    // 2 * 6 - (3 + 2 * 6) / 3 = 7, 2 * 0 - (6 + 2 * 0) / 3 = -2.
    expect(numbersOf(lineOf(hma, { period: 2 }, [3, 6, 0]))).toEqual(near([7, -2]));
  });
});

describe('VWMA', () => {
  it('weighs closes by volume', () => {
    // (10 * 1 + 20 * 3) / 4, then (20 * 3 + 40 * 0) / 3.
    expect(numbersOf(lineOf(vwma, { period: 2 }, [10, 20, 40], [1, 3, 0]))).toEqual([17.5, 20]);
  });

  it('is the plain average where nothing traded, whatever rounding left in its sums', () => {
    // 0.1 + 0.2 + 0.3 less each of them again is not 0 in binary.
    const closes = [10, 11, 12, 20, 22, 24, 31];
    const line = lineOf(vwma, { period: 3 }, closes, [0.1, 0.2, 0.3, 0, 0, 0, 0.7]);
    expect(line[5]).toBe(22);
    expect(line[6]).toBe(31);
  });
});

describe('KAMA', () => {
  it('has the fastest weight on a straight line', () => {
    // Efficiency 1 gives (2/3)^2 = 4/9: from 1, 1 + (2 - 1) 4/9 = 13/9, then 13/9 + (3 - 13/9) 4/9 = 173/81.
    expect(numbersOf(lineOf(kama, { period: 2 }, [0, 1, 2, 3]))).toEqual(near([13 / 9, 173 / 81]));
  });

  it('has the slowest weight where the price comes back to where it was', () => {
    // Efficiency 0 gives (2/31)^2: from 2, 2 + (1 - 2) 4/961.
    expect(numbersOf(lineOf(kama, { period: 2 }, [1, 2, 1]))).toEqual(near([2 - 4 / 961]));
  });
});

describe('MIDPOINT and MIDPRICE', () => {
  it('halve the sum of the extremes', () => {
    expect(numbersOf(lineOf(midpoint, { period: 3 }, [1, 5, 2, 3, 9]))).toEqual([3, 3.5, 5.5]);
    expect(numbersOf(lineOf(midprice, { period: 2 }, [5, 9, 6], [4, 3, 1]))).toEqual([6, 5]);
  });
});
