import { expect, it } from '@jest/globals';
import type { Indicator } from '../../../../domain/indicators/indicator.ts';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import type { LineSpec } from '../../../../domain/strategies/line-spec.ts';
import { lineKey } from '../../../../domain/strategies/lines/line-key.ts';

const bands: Indicator = {
  name: 'BANDS',
  title: 'Two bands',
  params: [
    { name: 'period', kind: 'integer', title: 'Bars', min: 1, max: 100, default: 20 },
    { name: 'width', kind: 'number', title: 'Width', min: 0, max: 10, default: 2.5 },
  ],
  inputs: ['high', 'low'],
  outputs: ['upper', 'lower'],
  lookback: () => 0,
  compute: () => {},
  stream: () => ({ next: () => {} }),
};

it.each<[string, LineSpec]>([
  ['close', price('close')],
  ['high[3]', price('high', { shift: 3 })],
  ['low@4h[1]', price('low', { timeframe: '4h', shift: 1 })],
  ['SMA(30)', indicator('SMA')],
  ['SMA(20)@1h[1]', indicator('SMA', { period: 20 }, { timeframe: '1h', shift: 1 })],
  ['BANDS(20,2.5).upper', indicator(bands)],
  ['BANDS(10,2.5).lower', indicator(bands, { period: 10 }, { output: 'lower' })],
  ['SMA(high[1],5)', indicator('SMA', { period: 5 }, { of: price('high', { shift: 1 }) })],
  [
    'SMA(SMA(10),5)@1h',
    indicator('SMA', { period: 5 }, { timeframe: '1h', of: indicator('SMA', { period: 10 }, { timeframe: '1h' }) }),
  ],
])('calls a line %s', (key, spec) => {
  expect(lineKey(spec)).toBe(key);
});

it.each<[string, () => LineSpec]>([
  ['unknown indicator "SMAA": did you mean "SMA"?', () => indicator('SMAA')],
  ['SMA: period = 0: give a value from 2 to 100000', () => indicator('SMA', { period: 0 })],
  ['SMA: period = 2.5: give a whole number', () => indicator('SMA', { period: 2.5 })],
  ['SMA: length = 5: unknown parameter; known: period', () => indicator('SMA', { length: 5 })],
  ['BANDS has no output "uper": did you mean "upper"?', () => indicator(bands, {}, { output: 'uper' })],
  ['BANDS reads high, low: only an indicator of the close alone', () => indicator(bands, {}, { of: price('open') })],
  ['"clsoe" is no field of a bar', () => price('clsoe' as 'close')],
  ['"1y" is no timeframe', () => price('close', { timeframe: '1y' })],
  ['shift = -1: give a whole number of bars, at least 0', () => price('close', { shift: -1 })],
  ['shift = 0.5: give a whole number of bars, at least 0', () => indicator('SMA', {}, { shift: 0.5 })],
  [
    "SMA at the run's own timeframe cannot read a line at 1h",
    () => indicator('SMA', {}, { of: price('close', { timeframe: '1h' }) }),
  ],
])('refuses: %s', (message, build) => {
  expect(build).toThrow(RangeError);
  expect(build).toThrow(message);
});
