import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { adx } from '../../../../domain/indicators/trend/adx.ts';
import { aroon } from '../../../../domain/indicators/trend/aroon.ts';
import { ichimoku } from '../../../../domain/indicators/trend/ichimoku.ts';
import { minusDi } from '../../../../domain/indicators/trend/minus-di.ts';
import { plusDi } from '../../../../domain/indicators/trend/plus-di.ts';
import { sar } from '../../../../domain/indicators/trend/sar.ts';
import { supertrend } from '../../../../domain/indicators/trend/supertrend.ts';
import { straight } from '../../../contracts/indicator-bars.ts';
import { describeWithData, testData } from '../../../helpers/test-data.ts';
import { lineOf, linesOf, near, numbersOf } from '../lines.ts';
import { offTalib } from '../statistics/talib-columns.ts';

describe('trend indicators in a market that pauses', () => {
  // TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2.
  it.each([
    [
      'ADX_5',
      [
        25.6362532885973, 14.847350988309046, 71.11388551076331, 31.807581205943382, 58.57519151754159,
        65.51829739951657,
      ],
    ],
    [
      'ADXR_5',
      [
        30.231213676001502, 14.84736960720611, 58.30808694000297, 35.99055070611876, 58.575169342251584,
        65.51827521939867,
      ],
    ],
    [
      'DX_5',
      [
        14.847325153958618, 14.847325153958648, 67.18079684040148, 41.46366555984463, 58.57522228650765,
        65.5183281751815,
      ],
    ],
    [
      'PLUS_DI_5',
      [13.67108467305496, 13.671084673054956, 9.16474128770726, 32.394281308353, 7.285354385469437, 5.130675409662693],
    ],
    [
      'MINUS_DI_5',
      [
        18.43849896074796, 18.438498960747967, 46.68512955248028, 13.404448959454122, 27.88854291752825,
        24.628179878611597,
      ],
    ],
    ['AROON_7.down', [100, 100, 71.42857142857143, 57.142857142857146, 100, 100]],
    ['AROON_7.up', [28.571428571428573, 100, 14.285714285714286, 85.71428571428572, 100, 100]],
    ['AROONOSC_7', [-71.42857142857143, 0, -57.142857142857146, 28.571428571428573, 0, 0]],
    [
      'SAR_0.02_0.2',
      [109.64373765735412, 107.99680170256151, 106.004728544, 97.65078171613185, 96.48086925315516, 99.1185610678633],
    ],
    ['SAR_0.3_0.1', [109.1812, 107.95273145565587, 106.357612, 98.17, 96.84581057748731, 99.31607241639436]],
  ])('%s is that of TA-Lib', (name, values) => {
    expect(offTalib(name, values)).toEqual([]);
  });
});

describe('directional movement', () => {
  it('is percent of the true range for a period of 1 too', () => {
    // Rises of 2 and 1 over true ranges of 12 - 9.5 = 2.5 and 13 - 11.5 = 1.5; a fall of 0.5 over a range of 1.5.
    const [high, low, close] = [
      [10, 12, 13, 12.5],
      [8.5, 10.5, 11.5, 11],
      [9.5, 11.5, 12.5, 12],
    ];
    expect(numbersOf(lineOf(plusDi, { period: 1 }, high!, low!, close!))).toEqual(near([80, 200 / 3, 0]));
    expect(numbersOf(lineOf(minusDi, { period: 1 }, high!, low!, close!))).toEqual(near([0, 0, 100 / 3]));
  });

  it('is all one way on a straight line', () => {
    for (const direction of [1, -1] as const) {
      const { high, low, close } = straight(direction, 100);
      expect(lineOf(adx, { period: 14 }, high, low, close).at(-1)).toBeCloseTo(100, 9);
    }
  });
});

describe('AROON', () => {
  it('counts the latest of equal extremes', () => {
    // Four bars each. Highs: 7 at bar 2, one and then two bars ago. Lows: 3 at bar 3, now and then one bar ago.
    const [down, up] = linesOf(aroon, { period: 3 }, [5, 7, 7, 6, 5], [4, 3, 5, 3, 6]);
    expect(numbersOf(down!)).toEqual(near([100, 200 / 3]));
    expect(numbersOf(up!)).toEqual(near([200 / 3, 100 / 3]));
  });
});

describe('SAR', () => {
  it('follows the extreme of a rise and turns where a low reaches it', () => {
    // Long from bar 1: stop at the low before, 9, extreme 11. Bar 2: 9 + 0.1 (11 - 9) = 9.2; its high of 12 makes the share 0.2, so bar 3
    // would be at 9.2 + 0.2 (12 - 9.2) = 9.76. The low of bar 3 reaches that: the stop goes to the extreme, 12, and is then that of a short
    // position, 12 + 0.1 (9.5 - 12) = 11.75, but not below the high of 12 of bar 2.
    const line = lineOf(sar, { acceleration: 0.1, maximum: 0.2 }, [10, 11, 12, 11, 10], [9, 10, 11, 9.5, 9]);
    expect(numbersOf(line)).toEqual(near([9, 9.2, 12, 12]));
  });
});

describe('SUPERTREND', () => {
  it('turns with a close beyond the band, and moves each band towards the price only', () => {
    // Period 1 and one range: bands at the middle +- the true range TR.
    // bar 1: TR 2, bands 13 and 9; falling.   bar 2: TR 4, bands 18 and 10, upper stays 13; close 14 beyond it: rising, line 10.
    // bar 3: TR 2, bands 17 and 13; the close before was beyond 13, so 17.   bar 4: TR 1, bands 15.5 and 13.5.
    // bar 5: TR 3.5, bands 16 and 9, both stay; close 12 beyond 13.5: falling, line 15.5.   bar 6: TR 1, bands 13.5 and 11.5.
    const [line, direction] = linesOf(
      supertrend,
      { period: 1, multiplier: 1 },
      [11, 12, 15, 16, 15, 14, 13],
      [9, 10, 13, 14, 14, 11, 12],
      [10, 11, 14, 15, 14.5, 12, 12.5],
    );
    expect(numbersOf(line!)).toEqual(near([13, 10, 13, 13.5, 15.5, 13.5]));
    expect(numbersOf(direction!)).toEqual([-1, 1, 1, 1, -1, -1]);
  });
});

describe('ICHIMOKU', () => {
  it('draws the cloud that was computed `displacement` bars before', () => {
    // Highs i + 1 and lows i - 1: the middle of n bars is i - (n - 1) / 2, so conversion i - 0.5, base i - 1 and span B i - 1.5.
    const bars = [0, 1, 2, 3, 4, 5, 6];
    const lines = linesOf(
      ichimoku,
      { conversionPeriod: 2, basePeriod: 3, spanPeriod: 4, displacement: 2 },
      bars.map((i) => i + 1),
      bars.map((i) => i - 1),
      bars,
    );
    expect(lines.map(numbersOf)).toEqual([
      [4.5, 5.5],
      [4, 5],
      [2.25, 3.25],
      [1.5, 2.5],
      [2, 2],
    ]);
  });
});

describeWithData('trend indicators beside another program on GOOG daily bars', () => {
  const bars = (): Record<'high' | 'low' | 'close', number[]> => {
    const rows = readFileSync(testData('backtesting/bars/GOOG_1d_2004-2013.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    const column = (k: number) => rows.map((row) => Number(row.split(',')[k]));
    return { high: column(2), low: column(3), close: column(4) };
  };

  // pandas-ta-classic 0.8.32: supertrend(length=10, multiplier=3), bars 50, 100, 500, 1000 and 2147.
  it('SUPERTREND is that of pandas-ta-classic once both have turned', () => {
    const { high, low, close } = bars();
    const [line, direction] = linesOf(supertrend, { period: 10, multiplier: 3 }, high, low, close);
    const at = [50, 100, 500, 1000, 2147];
    expect(at.map((bar) => line![bar]!)).toEqual(
      near([166.60437436873673, 182.6904785598186, 398.25631045849366, 517.0040263182538, 767.5980604290022]),
    );
    expect(at.map((bar) => direction![bar])).toEqual([1, 1, -1, -1, 1]);
  });

  // pandas-ta-classic 0.8.32: ichimoku(), bars 100 and 2147.
  it('ICHIMOKU is that of pandas-ta-classic', () => {
    const { high, low, close } = bars();
    const params = { conversionPeriod: 9, basePeriod: 26, spanPeriod: 52, displacement: 26 };
    const lines = linesOf(ichimoku, params, high, low, close);
    expect(lines.slice(0, 4).map((line) => line[100]!)).toEqual(near([195.68, 186.055, 176.805, 159.205]));
    expect(lines.slice(0, 4).map((line) => line[2147]!)).toEqual(near([796.685, 774.74, 722.26, 692.5]));
  });
});
