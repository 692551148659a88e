import { describe, expect, it } from '@jest/globals';
import { adosc } from '../../../../domain/indicators/volume/adosc.ts';
import { ad } from '../../../../domain/indicators/volume/ad.ts';
import { obv } from '../../../../domain/indicators/volume/obv.ts';
import { vwap } from '../../../../domain/indicators/volume/vwap.ts';
import { lineOf, near, numbersOf } from '../lines.ts';
import { offTalib } from '../statistics/talib-columns.ts';

describe('volume indicators in a market that pauses', () => {
  // TA-Lib 0.8.1, by its Python package TA-Lib 0.8.2.
  it.each([
    ['OBV', [8185.291000000001, 8185.291000000001, 7816.697000000002, 7115.757, 882.8880000000004, 3674.1639999999975]],
    [
      'AD',
      [
        1563.5085555755659, 1563.5085555755659, 1569.4547171542324, 3717.0908939949204, -402.3634246705162,
        1033.4909739646605,
      ],
    ],
    [
      'ADOSC_10_3',
      [
        -21.996575395484797, -4.060575065523153e-5, -30.623847532940545, 22.311444841271168, 0.004109854311877825,
        0.0016410772780091065,
      ],
    ],
  ])('%s is that of TA-Lib', (name, values) => {
    expect(offTalib(name, values)).toEqual([]);
  });
});

describe('OBV', () => {
  it('begins with the first volume and leaves out bars that close where the last did', () => {
    expect([...lineOf(obv, {}, [10, 11, 11, 10], [5, 3, 7, 2])]).toEqual([5, 8, 8, 6]);
  });
});

describe('AD and ADOSC', () => {
  it('weigh volume by where the close lies, and leave out bars without range', () => {
    // Close at the high +1, in the middle 0, no range 0, three quarters up +0.5.
    const [high, low, close, volume] = [
      [2, 3, 5, 8],
      [0, 1, 5, 4],
      [2, 2, 5, 7],
      [10, 20, 40, 6],
    ];
    expect([...lineOf(ad, {}, high!, low!, close!, volume!)]).toEqual([10, 10, 10, 13]);
    // Weights 2/3 and 1/2 from 10 on: 12 and 11.5 after the last bar.
    const line = lineOf(adosc, { fastPeriod: 2, slowPeriod: 3 }, high!, low!, close!, volume!);
    expect(numbersOf(line)).toEqual(near([0, 0.5]));
  });
});

describe('VWAP', () => {
  it('begins anew with each UTC day, and is the typical price while the day has traded nothing', () => {
    const HOUR = 3_600_000;
    const time = [23, 23.5, 24, 24.5, 47.5, 48].map((hours) => Date.UTC(2024, 0, 1) + hours * HOUR);
    // Typical prices 10, 13 | 20 (no volume), 18, 24 | 30: (20 + 13) / 3 = 11 and (72 + 48) / 6 = 20.
    const typical = [10, 13, 20, 18, 24, 30];
    const high = typical.map((price) => price + 2);
    const low = typical.map((price) => price - 1);
    const close = low;
    expect([...lineOf(vwap, {}, time, high, low, close, [2, 1, 0, 4, 2, 1])]).toEqual(near([10, 11, 20, 18, 20, 30]));
  });
});
