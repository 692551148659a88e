import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';

it('the sample bars of examples/ are the synthetic market that their README names', () => {
  const file = new URL('../../examples/data/synthetic-1h.csv', import.meta.url);
  const [header, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  expect(header).toBe('timestamp,open,high,low,close,volume');
  const made = syntheticCandles({ seed: 6, bars: 2_000, timeframe: '1h', volatility: 0.006 });
  const { time, open, high, low, close, volume } = made;
  const expected = Array.from(time, (at, i) => [at, open[i], high[i], low[i], close[i], volume[i]]);
  expect(rows.map((row) => row.split(',').map((cell, k) => (k === 0 ? Date.parse(cell) : Number(cell))))).toEqual(
    expected,
  );
});
