import { describe, expect, it } from '@jest/globals';
import { summarise } from '../../../../domain/backtest/metrics/summarise.ts';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { METRIC_COLUMNS } from '../../../../domain/backtest/kernel/metrics-row.ts';
import { dailyReturnsOf, returnsPerTrial } from '../../../../domain/optimization/evaluation/daily-returns.ts';
import { evaluateRange, type ResultRows } from '../../../../domain/optimization/evaluation/evaluate-range.ts';
import { returnsOfDays } from '../../../../domain/optimization/evaluation/event-row.ts';
import type { PreparedOptimization } from '../../../../domain/optimization/evaluation/optimization.ts';
import { OBJECTIVE_METRICS } from '../../../../domain/optimization/objective/metrics.ts';
import { findCalendar } from '../../../../adapters/candles/calendars.ts';
import { findTimeZone } from '../../../../domain/market/time-zones.ts';
import { marketDays } from '../../../../domain/market/market-days.ts';
import { inputOf, prepared } from '../market.ts';

function rowsOf(search: PreparedOptimization, from = 0, to = search.plan.positions): ResultRows & { count: number } {
  const width = search.columns.length;
  const out = { indices: new Float64Array(to - from), rows: new Float64Array((to - from) * width) };
  return { ...out, count: evaluateRange(search, from, to, out) };
}

const STOPS = { strategy: { id: 'sma-cross', params: { stopLoss: 0.02 } } };

describe('a search on a market with sessions', () => {
  // Days from 17:00 to 17:00 in New York, and none on weekends: other days than those of UTC.
  const { days } = findCalendar('forex');
  const ofMarket = marketDays(days, findTimeZone(days.zone));
  const count = (search: PreparedOptimization): number => rowsOf(search).rows[search.columns.indexOf('returns')]!;

  it.each([
    ['the signal kernel', {}],
    ['the event engine', { broker: { volumeShare: 0.5 } }],
  ])('counts the days that the metrics of a run count, in %s', (_engine, own) => {
    const search = prepared({ ...inputOf(own), periodsPerYear: 252, days: ofMarket });
    const { columns, input, plan, times } = search;
    const { rows, indices } = rowsOf(search);
    const { broker, sizing } = input.spec.backtest;
    const params = search.paramsAt(indices[3]!);
    const run = runBacktest({ ...input, params, broker, sizing, from: times[plan.span.from]! });
    const { values } = summarise(run, { periodsPerYear: 252, days: ofMarket });
    for (const [name, metric] of [
      ['returns', 'n'],
      ['sharpeRatio', 'sharpeRatio'],
      ['annualReturn', 'annualReturn'],
      ['annualVolatility', 'annualVolatility'],
    ] as const) {
      expect([name, rows[3 * columns.length + columns.indexOf(name)]!]).toEqual([
        name,
        expect.closeTo(values[metric]!, 9),
      ]);
    }
    expect(returnsOfDays(run, ofMarket)).toHaveLength(search.returnEnds.length);
    // Five days a week instead of seven.
    expect(count(search)).toBeLessThan(count(prepared(inputOf(own))) * 0.75);
  });
});

describe('the rows of a search', () => {
  const search = prepared(inputOf({ ...STOPS, objective: { metric: 'calmarRatio', minTrades: 3 } }));
  const { columns } = search;
  const all = rowsOf(search);

  it('are those of the combinations that constraints and strategy leave', () => {
    // fast 4..20 step 4 and slow 10..60 step 10: of 30 pairs 12 >= 10, 16 >= 10, 20 >= 10 and 20 >= 20 are refused by the strategy.
    expect(all.count).toBe(26);
    expect(search.plan).toMatchObject({ size: 30, positions: 30, total: 26, excluded: 4 });
  });

  it('are the same bits whatever the chunks', () => {
    const parts = [0, 7, 8, 21, 30].flatMap((from, i, cuts) => {
      if (i === cuts.length - 1) return [];
      const { rows, count } = rowsOf(search, from, cuts[i + 1]!);
      return [...rows.subarray(0, count * columns.length)];
    });
    expect(Float64Array.from(parts)).toEqual(all.rows.slice(0, all.count * columns.length));
  });

  it('have the metrics that the event engine gives on the span and on each training part', () => {
    const { input, plan, times } = search;
    const { broker, sizing } = input.spec.backtest;
    for (const row of [0, 11, 25]) {
      const values = Object.fromEntries(columns.map((name, c) => [name, all.rows[row * columns.length + c]!]));
      const params = search.paramsAt(all.indices[row]!);
      const metricsOn = ({ from, to }: { from: number; to: number }) => {
        const range = { from: times[from]!, ...(to < times.length ? { to: times[to]! } : {}) };
        const run = runBacktest({ markets: input.markets, strategy: input.strategy, params, broker, sizing, ...range });
        return summarise(run, { periodsPerYear: 365 }).values;
      };
      const whole = metricsOn(plan.span);
      for (const name of [
        'totalReturn',
        'sharpeRatio',
        'sortinoRatio',
        'maxDrawdown',
        'trades',
        'profitFactor',
      ] as const) {
        expect(values[name]).toBeCloseTo(whole[name]!, 9);
      }
      expect(plan.folds).toHaveLength(5);
      plan.folds.forEach(({ train }, k) => {
        const own = metricsOn(train);
        expect(values[`fold${k}_calmarRatio`]).toBeCloseTo(own['calmarRatio'] ?? Number.NaN, 8);
        expect(values[`fold${k}_closedTrades`]).toBe(own['trades']);
      });
    }
  });

  it('have sums of blocks that add up to those of the whole', () => {
    for (let row = 0; row < all.count; row++) {
      const values = all.rows.subarray(row * columns.length, (row + 1) * columns.length);
      let [sum, squares, count] = [0, 0, 0];
      for (let b = 0; b < 16; b++) {
        sum += values[METRIC_COLUMNS.length + 3 * b]!;
        squares += values[METRIC_COLUMNS.length + 3 * b + 1]!;
        count += values[METRIC_COLUMNS.length + 3 * b + 2]!;
      }
      expect(sum).toBeCloseTo(values[METRIC_COLUMNS.indexOf('sumReturns')]!, 12);
      expect(squares).toBeCloseTo(values[METRIC_COLUMNS.indexOf('sumSquares')]!, 12);
      expect(count).toBe(returnsPerTrial(search));
    }
  });

  it('are those of the event engine where the kernel cannot run the search', () => {
    // A share of equity as size needs the event engine; flat before each entry and without leverage it is that of the cash.
    const byEvents = prepared(inputOf({ ...STOPS, sizing: { kind: 'equityShare', value: 0.5 } }));
    expect(byEvents.whole.grid).toBeNull();
    const byKernel = prepared(inputOf({ ...STOPS, sizing: { kind: 'cashShare', value: 0.5 } }));
    const [events, kernel] = [rowsOf(byEvents), rowsOf(byKernel)];
    expect(events.indices).toEqual(kernel.indices);
    const width = byKernel.columns.length;
    for (let at = 0; at < kernel.count * width; at++) {
      const name = byKernel.columns[at % width]!;
      const expected = kernel.rows[at]!;
      const isClose = Math.abs(events.rows[at]! - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
      if (!(isClose || (Number.isNaN(expected) && Number.isNaN(events.rows[at]!))))
        throw new Error(`${name} is ${events.rows[at]} for ${expected}`);
    }
  });

  it('are measured above the risk-free rate', () => {
    const rf = prepared(inputOf({ ...STOPS, riskFreeRate: 0.1 }));
    const { rows, indices } = rowsOf(rf);
    const { input, plan, times } = rf;
    const { broker, sizing } = input.spec.backtest;
    const params = rf.paramsAt(indices[3]!);
    const from = times[plan.span.from]!;
    const run = runBacktest({ markets: input.markets, strategy: input.strategy, params, broker, sizing, from });
    const { values } = summarise(run, { periodsPerYear: 365, riskFreeRate: 0.1 });
    expect(rows[3 * rf.columns.length + METRIC_COLUMNS.indexOf('sharpeRatio')]).toBeCloseTo(values['sharpeRatio']!, 9);
  });

  it('refuses a range outside of the sample and rows without room', () => {
    expect(() => rowsOf(search, 0, 31)).toThrow(/positions 0 to 31: give a range within 0 to 30/);
    const small = { indices: new Float64Array(3), rows: new Float64Array(3 * columns.length) };
    expect(() => evaluateRange(search, 0, 10, small)).toThrow(/no room for more than 3/);
  });
});

describe('daily returns', () => {
  // 60 days: four passes of 16 returns; 800 days of daily bars: single runs.
  it.each([
    ['1h', 24 * 60],
    ['1d', 800],
  ])('of combinations are those of their runs, on %s bars', (timeframe, bars) => {
    const search = prepared(inputOf(STOPS, { timeframe, bars, volatility: 0.02 }));
    const indices = Float64Array.of(0, 8, 29);
    const periods = returnsPerTrial(search);
    const out = new Float64Array(3 * periods);
    dailyReturnsOf(search, indices, 0, 3, out);
    const { input, plan, times } = search;
    const { broker, sizing } = input.spec.backtest;
    for (const [k, index] of indices.entries()) {
      const params = search.paramsAt(index);
      const from = times[plan.span.from]!;
      const run = runBacktest({ markets: input.markets, strategy: input.strategy, params, broker, sizing, from });
      const expected = returnsOfDays(run);
      expect(expected).toHaveLength(periods);
      for (let d = 0; d < periods; d++) expect(out[k * periods + d]).toBeCloseTo(expected[d]!, 13);
    }
  });

  it('end with what closes positions at the end of the run', () => {
    const search = prepared(inputOf({ ...STOPS, broker: { finalize: true, commission: 0.01 } }));
    const periods = returnsPerTrial(search);
    const out = new Float64Array(periods);
    dailyReturnsOf(search, Float64Array.of(8), 0, 1, out);
    const { input, plan, times } = search;
    const { broker, sizing } = input.spec.backtest;
    const from = times[plan.span.from]!;
    const run = runBacktest({
      markets: input.markets,
      strategy: input.strategy,
      params: search.paramsAt(8),
      broker,
      sizing,
      from,
    });
    const expected = returnsOfDays(run);
    for (let d = 0; d < periods; d++) expect(out[d]).toBeCloseTo(expected[d]!, 13);
  });
});

describe('every objective', () => {
  const search = prepared(inputOf({ ...STOPS, broker: { commission: 0.0005 } }, { bars: 24 * 120 }));
  const { rows, count, indices } = rowsOf(search);
  const { input, plan, times } = search;
  const { broker, sizing } = input.spec.backtest;
  const row = count - 1;
  const from = times[plan.span.from]!;
  const params = search.paramsAt(indices[row]!);
  const run = runBacktest({ markets: input.markets, strategy: input.strategy, params, broker, sizing, from });
  const { values } = summarise(run, { periodsPerYear: 365 });
  const bars = plan.span.to - plan.span.from;

  it.each(
    OBJECTIVE_METRICS.filter(({ name }) => values[name] !== undefined).map((metric) => [metric.name, metric] as const),
  )('%s is what the summary of the run says', (name, metric) => {
    const value = metric.of({ rows, offset: row * search.columns.length, bars });
    const expected = values[name]!;
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
  });

  it('is defined in the summary, but for those that are rows only', () => {
    const own = OBJECTIVE_METRICS.map(({ name }) => name).filter((name) => values[name] === undefined);
    expect(own).toEqual(['wins', 'meanReturn', 'returnPerExposure', 'downsideVariance', 'exposureBars', 'fills']);
  });
});
