import { expect, it } from '@jest/globals';
import type { Indicator } from '../../../../domain/indicators/indicator.ts';
import { sliceCandles } from '../../../../domain/market/candles.ts';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import { columnOf, warmUpOf } from '../../../../domain/strategies/lines/column.ts';
import { ColumnCache } from '../../../../domain/strategies/lines/column-cache.ts';
import { barsOf } from '../bars-of.ts';

const NONE = Number.NaN;
const sma = (period: number, options = {}) => indicator('SMA', { period }, options);

it('gives an indicator its warm-up and its shift', () => {
  const candles = barsOf([1, 2, 3, 4, 5, 6]);
  // Means of pairs: 1.5 2.5 3.5 4.5 5.5.
  expect([...columnOf(candles, sma(2))]).toEqual([NONE, 1.5, 2.5, 3.5, 4.5, 5.5]);
  expect([...columnOf(candles, sma(2, { shift: 2 }))]).toEqual([NONE, NONE, NONE, 1.5, 2.5, 3.5]);
  expect([...columnOf(candles, price('close', { shift: 7 }))]).toEqual(Array.from({ length: 6 }, () => NONE));
});

it('lets an indicator read another line', () => {
  const candles = barsOf([1, 2, 4, 8, 16]);
  // Pairs: 1.5 3 6 12; pairs of those: 2.25 4.5 9.
  expect([...columnOf(candles, sma(2, { of: sma(2) }))]).toEqual([NONE, NONE, 2.25, 4.5, 9]);
  expect(warmUpOf(candles, sma(2, { of: sma(2) }))).toBe(2);
});

it('shows a higher bar from the close of its last part on', () => {
  // Hourly bars from 22:00; two-hour bars open at even hours: closes 20, 40, 60; the last part of a fourth is missing.
  const start = Date.UTC(2024, 0, 1, 22);
  const candles = barsOf([10, 20, 30, 40, 50, 60, 70], { start });
  expect([...columnOf(candles, price('close', { timeframe: '2h' }))]).toEqual([NONE, 20, 20, 40, 40, 60, 60]);
  expect([...columnOf(candles, price('close', { timeframe: '2h', shift: 1 }))]).toEqual([
    NONE,
    NONE,
    NONE,
    20,
    20,
    40,
    40,
  ]);
  expect([...columnOf(candles, sma(2, { timeframe: '2h' }))]).toEqual([NONE, NONE, NONE, 30, 30, 50, 50]);
  expect([...columnOf(candles, sma(2, { timeframe: '2h', of: price('open') }))]).toEqual([
    NONE,
    NONE,
    NONE,
    20,
    20,
    40,
    40,
  ]);
  expect(warmUpOf(candles, sma(2, { timeframe: '2h' }))).toBe(3);
  expect(warmUpOf(candles, sma(9, { timeframe: '2h' }))).toBe(7);
});

it('tells at no bar what bars after it change', () => {
  const values = Array.from({ length: 60 }, (_, i) => 100 + ((i * 37) % 23));
  const candles = barsOf(values, { start: Date.UTC(2024, 0, 1, 5) });
  for (const spec of [
    sma(3, { timeframe: '4h', shift: 1 }),
    sma(5, { of: sma(4) }),
    price('low', { timeframe: '1d' }),
  ]) {
    const whole = columnOf(candles, spec);
    for (let cut = 0; cut <= candles.length; cut++) {
      expect([...columnOf(sliceCandles(candles, 0, cut), spec)]).toEqual([...whole.subarray(0, cut)]);
    }
  }
});

it('reads bars of the own timeframe as they are', () => {
  const candles = barsOf([1, 2, 3]);
  expect(columnOf(candles, price('close', { timeframe: '60m' }))).toBe(candles.close);
});

it('computes equal lines once and an indicator of several outputs once', () => {
  let calls = 0;
  const range: Indicator = {
    name: 'RANGE',
    title: 'Counts its calls',
    params: [],
    inputs: ['high', 'low'],
    outputs: ['top', 'bottom'],
    lookback: () => 0,
    compute: ([high, low], _, [top, bottom]) => {
      calls += 1;
      top!.set(high!);
      bottom!.set(low!);
      high!.fill(0);
    },
    stream: () => ({ next: () => {} }),
  };
  const candles = barsOf([1, 2], { high: [3, 4] });
  const cache = new ColumnCache();
  const top = columnOf(candles, indicator(range), cache);
  expect(columnOf(candles, indicator(range), cache)).toBe(top);
  expect([...columnOf(candles, indicator(range, {}, { output: 'bottom' }), cache)]).toEqual([1, 2]);
  expect([...columnOf(candles, indicator(range, {}, { shift: 1 }), cache)]).toEqual([NONE, 3]);
  expect(calls).toBe(1);
  // An indicator from outside works on copies.
  expect([...candles.high]).toEqual([3, 4]);
  expect(() => columnOf(candles, indicator({ ...range, outputs: ['other'] }), cache)).toThrow(
    'two indicators are called "RANGE"',
  );
});

it('refuses bars that cannot be made of those of the run', () => {
  const candles = barsOf([1, 2, 3]);
  expect(() => columnOf(candles, price('close', { timeframe: '90m' }))).toThrow('90m bars cannot be made of 1h bars');
  expect(() => columnOf(candles, price('close', { timeframe: '5m' }))).toThrow(RangeError);
});

it('refuses a lookback that is no count of bars', () => {
  const odd = { ...indicator('SMA').indicator, name: 'ODD', lookback: () => Number.NaN };
  expect(() => warmUpOf(barsOf([1]), indicator(odd))).toThrow('ODD: lookback gives NaN');
});
