import { describe, expect, it } from '@jest/globals';
import { ema } from '../../../../domain/indicators/averages/ema.ts';
import { apo } from '../../../../domain/indicators/momentum/apo.ts';
import { bop } from '../../../../domain/indicators/momentum/bop.ts';
import { cci } from '../../../../domain/indicators/momentum/cci.ts';
import { cmo } from '../../../../domain/indicators/momentum/cmo.ts';
import { macd } from '../../../../domain/indicators/momentum/macd.ts';
import { mfi } from '../../../../domain/indicators/momentum/mfi.ts';
import { mom } from '../../../../domain/indicators/momentum/mom.ts';
import { ppo } from '../../../../domain/indicators/momentum/ppo.ts';
import { roc } from '../../../../domain/indicators/momentum/roc.ts';
import { rsi } from '../../../../domain/indicators/momentum/rsi.ts';
import { stoch } from '../../../../domain/indicators/momentum/stoch.ts';
import { stochf } from '../../../../domain/indicators/momentum/stochf.ts';
import { stochrsi } from '../../../../domain/indicators/momentum/stochrsi.ts';
import { trix } from '../../../../domain/indicators/momentum/trix.ts';
import { ultosc } from '../../../../domain/indicators/momentum/ultosc.ts';
import { willr } from '../../../../domain/indicators/momentum/willr.ts';
import { flat, randomWalk, straight } from '../../../contracts/indicator-bars.ts';
import { lineOf, linesOf, near, numbersOf } from '../lines.ts';

const walk = randomWalk(31, 300);

describe('RSI and CMO', () => {
  it('smooth gains and losses as Wilder does', () => {
    // Moves +2 -1 average to gain 1 and loss 1/2; +3 makes them (1 * 1 + 3) / 2 = 2 and (1/2 * 1) / 2 = 1/4.
    const closes = [10, 12, 11, 14];
    expect(numbersOf(lineOf(rsi, { period: 2 }, closes))).toEqual(near([200 / 3, 800 / 9]));
    expect(numbersOf(lineOf(cmo, { period: 2 }, closes))).toEqual(near([100 / 3, 700 / 9]));
  });

  it('reach their ends on a straight line, and are 0 where nothing moves', () => {
    const ends = (bars: { close: Float64Array }): readonly number[] => [
      lineOf(rsi, { period: 14 }, bars.close).at(-1)!,
      lineOf(cmo, { period: 14 }, bars.close).at(-1)!,
    ];
    expect(ends(straight(1, 60))).toEqual([100, 100]);
    expect(ends(straight(-1, 60))).toEqual([0, -100]);
    expect(ends(flat(60))).toEqual([0, 0]);
  });
});

describe('MACD', () => {
  it('starts its fast average late, so that both begin at the same bar', () => {
    // Slow: seed (1 + 2 + 4) / 3 = 7/3, then 7/3 + (8 - 7/3) / 2 = 31/6. Fast: seed (2 + 4) / 2 = 3, then 3 + (8 - 3) 2/3 = 19/3.
    const lines = linesOf(macd, { fastPeriod: 2, slowPeriod: 3, signalPeriod: 1 }, [1, 2, 4, 8]);
    expect(numbersOf(lines[0]!)).toEqual(near([2 / 3, 7 / 6]));
    expect(numbersOf(lines[1]!)).toEqual(near([2 / 3, 7 / 6]));
    expect(numbersOf(lines[2]!)).toEqual(near([0, 0]));
  });

  it('has the EMA of its first line as signal', () => {
    const [line] = linesOf(macd, { fastPeriod: 12, slowPeriod: 26, signalPeriod: 1 }, walk.close);
    const [, signal] = linesOf(macd, { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 }, walk.close);
    expect(signal).toEqual(lineOf(ema, { period: 9 }, line!));
  });
});

describe('APO and PPO', () => {
  it('compare two simple averages', () => {
    // (2 + 4) / 2 = 3 and (1 + 2 + 4) / 3 = 7/3.
    expect(numbersOf(lineOf(apo, { fastPeriod: 2, slowPeriod: 3 }, [1, 2, 4]))).toEqual(near([2 / 3]));
    expect(numbersOf(lineOf(ppo, { fastPeriod: 2, slowPeriod: 3 }, [1, 2, 4]))).toEqual(near([200 / 7]));
  });
});

describe('periods in another order', () => {
  it('are swapped', () => {
    const swapped = { fastPeriod: 26, slowPeriod: 12, signalPeriod: 9 };
    const usual = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 };
    for (const indicator of [macd, apo, ppo]) {
      expect(indicator.lookback(swapped)).toBe(indicator.lookback(usual));
      expect(linesOf(indicator, swapped, walk.close)).toEqual(linesOf(indicator, usual, walk.close));
    }
    const columns = [walk.high, walk.low, walk.close];
    const line = lineOf(ultosc, { shortPeriod: 28, middlePeriod: 7, longPeriod: 14 }, ...columns);
    expect(line).toEqual(lineOf(ultosc, { shortPeriod: 7, middlePeriod: 14, longPeriod: 28 }, ...columns));
  });
});

describe('stochastics', () => {
  it('say where the close lies in the range', () => {
    // Ranges 8..12 and 9..13: (11 - 8) / 4, (10 - 9) / 4; their average is 1/2.
    const [k, d] = linesOf(stochf, { fastKPeriod: 2, fastDPeriod: 2 }, [12, 11, 13], [8, 9, 10], [9, 11, 10]);
    expect(numbersOf(k!)).toEqual(near([25]));
    expect(numbersOf(d!)).toEqual(near([50]));
    // The range less the same: -(12 - 11) / 4 and -(13 - 10) / 4.
    expect(numbersOf(lineOf(willr, { period: 2 }, [12, 11, 13], [8, 9, 10], [9, 11, 10]))).toEqual(near([-25, -75]));
  });

  it('slow is fast smoothed once more', () => {
    const columns = [walk.high, walk.low, walk.close];
    const [slowK] = linesOf(stoch, { fastKPeriod: 14, slowKPeriod: 3, slowDPeriod: 1 }, ...columns);
    const [, fastD] = linesOf(stochf, { fastKPeriod: 14, fastDPeriod: 3 }, ...columns);
    expect(slowK).toEqual(fastD);
  });

  it('of the RSI read the RSI as all three prices', () => {
    const strength = lineOf(rsi, { period: 14 }, walk.close);
    const expected = linesOf(stochf, { fastKPeriod: 5, fastDPeriod: 3 }, strength, strength, strength);
    // Inside, the RSI has TA-Lib's last digits, which decide about the differences of values that are nearly equal.
    const lines = linesOf(stochrsi, { period: 14, fastKPeriod: 5, fastDPeriod: 3 }, walk.close);
    expect(lines.map(numbersOf)).toEqual(expected.map((line) => near(numbersOf(line))));
  });

  it('are 0 where there is no range', () => {
    const { high, low, close } = flat(20);
    expect(lineOf(stoch, { fastKPeriod: 5, slowKPeriod: 3, slowDPeriod: 3 }, high, low, close).at(-1)).toBe(0);
    expect(lineOf(willr, { period: 5 }, high, low, close).at(-1)).toBe(0);
  });
});

describe('CCI', () => {
  it('divides the distance from the average by 0.015 of the mean deviation', () => {
    // Typical prices 10 and 13: average 11.5, mean deviation 1.5, (13 - 11.5) / (0.015 * 1.5) = 200/3.
    expect(numbersOf(lineOf(cci, { period: 2 }, [11, 15], [9, 11], [10, 13]))).toEqual(near([200 / 3]));
  });
});

describe('MFI', () => {
  it('is the share of turnover at rising typical prices', () => {
    // Typical prices 10, 11, 10.5 at volumes 1, 10, 20: 110 rose, 210 fell. Then 10.5 again, which is neither: 0 rose.
    const columns = [
      [11, 12, 11.5, 11.5],
      [9, 10, 9.5, 9.5],
      [10, 11, 10.5, 10.5],
    ];
    expect(numbersOf(lineOf(mfi, { period: 2 }, ...columns, [1, 10, 20, 5]))).toEqual(near([34.375, 0]));
  });

  it('is 0 where turnover is below 1, as in TA-Lib', () => {
    const rising = [1, 2, 3];
    expect(lineOf(mfi, { period: 2 }, rising, rising, rising, [1, 0.1, 0.2]).at(-1)).toBe(0);
    expect(lineOf(mfi, { period: 2 }, rising, rising, rising, [1, 0.1, 0.3]).at(-1)).toBe(100);
  });
});

describe('changes', () => {
  it('MOM is in units and ROC in percent, 0 after a price of 0', () => {
    expect(numbersOf(lineOf(mom, { period: 2 }, [1, 4, 3, 9]))).toEqual([2, 5]);
    expect(numbersOf(lineOf(roc, { period: 1 }, [4, 5, 0, 7]))).toEqual([25, -100, 0]);
  });

  it('TRIX is the rate of change of the third EMA', () => {
    let line = walk.close;
    for (let k = 0; k < 3; k++) line = lineOf(ema, { period: 15 }, line);
    expect(lineOf(trix, { period: 15 }, walk.close)).toEqual(lineOf(roc, { period: 1 }, line));
  });
});

describe('BOP', () => {
  it('is the body as a share of the range, 0 where there is none', () => {
    expect([...lineOf(bop, {}, [10, 12, 5], [14, 12, 5], [9, 8, 5], [11, 8, 5])]).toEqual([0.2, -1, 0]);
  });
});
