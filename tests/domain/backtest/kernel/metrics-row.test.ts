import { describe, expect, it } from '@jest/globals';
import { columnIndex, type MetricColumn } from '../../../../domain/backtest/kernel/metrics-row.ts';
import { prepareGrid } from '../../../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../../../domain/backtest/kernel/run-grid.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';

const DAY_MS = 86_400_000;

/** A day for each close, the first included. */
function days(closes: readonly number[]): Candles {
  const candles = allocateCandles('X', '1d', closes.length);
  closes.forEach((close, i) => {
    candles.time[i] = i * DAY_MS;
    for (const prices of [candles.open, candles.high, candles.low, candles.close]) prices[i] = close;
  });
  return candles;
}

/** Metrics of what is bought with all cash at the first close and held. */
function held(candles: Candles, from?: number): (column: MetricColumn) => number {
  const strategy = strategyOf('buy-and-hold');
  const grid = prepareGrid({
    candles,
    rulesOf: strategy.rules!,
    combos: 1,
    comboAt: () => ({}),
    broker: { ...DEFAULT_BROKER, fill: 'close' },
    sizing: { kind: 'cashShare', value: 1 },
    periodsPerYear: 365,
    ...(from === undefined ? {} : { from }),
  });
  const row = new Float64Array(grid.rowWidth);
  runGrid(grid, 0, 1, row);
  return (column) => row[columnIndex(column)]!;
}

describe('a row of the kernel', () => {
  it('has the deviation of returns whose mean is millions of times as large', () => {
    // 40 returns, half 0.5 + d and half 0.5 - d: mean 0.5, deviation d x sqrt(40 / 39). A sum of their squares, 0.25 each, is rounded by
    // some 1e-15, ten times d^2.
    const d = 1e-8;
    const closes = [100];
    for (let k = 0; k < 40; k++) closes.push(closes.at(-1)! * (1.5 + (k % 2 === 0 ? d : -d)));
    const metric = held(days(closes));
    const deviation = d * Math.sqrt(40 / 39);
    expect(metric('returns')).toBe(40);
    expect(metric('annualVolatility') / (deviation * Math.sqrt(365))).toBeCloseTo(1, 6);
    expect((metric('sharpeRatio') * deviation) / (0.5 * Math.sqrt(365))).toBeCloseTo(1, 6);
  });

  it('has no number for what is beyond the range of numbers', () => {
    // 1,000 times as much each day: 1,000^365 a year.
    const metric = held(days([1, 1_000, 1_000_000]));
    expect(metric('totalReturn')).toBeCloseTo(999_999, 6);
    expect(metric('annualReturn')).toBeNaN();
  });

  it('names the range in which no bar opens', () => {
    expect(() => held(days([1, 2]), 5 * DAY_MS)).toThrow(
      'no bar opens in the range from 1970-01-06T00:00:00.000Z to the data: widen it, or take other data',
    );
  });
});
