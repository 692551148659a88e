import { beforeAll, describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { summarise } from '../../../../domain/backtest/metrics/summarise.ts';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import type { OptimizationReportInput } from '../../../../domain/optimization/report/optimization-report.ts';
import { topSpecs } from '../../../../domain/optimization/report/top-specs.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import { sampleSearch } from '../../../helpers/sample-optimization.ts';

const candles = syntheticCandles({ seed: 21, bars: 24 * 60, timeframe: '1h', volatility: 0.006 });

describe('the backtests of the best combinations', () => {
  let search: OptimizationReportInput;
  beforeAll(() => {
    search = sampleSearch({ walkForward: null, broker: { commission: 0.001 } }, candles);
  });

  // The search ran in the signal kernel, this is the event engine.
  it('give the figures of the search', () => {
    const { result, spec } = search;
    const specs = topSpecs(spec, result, 4);
    expect(specs).toHaveLength(4);
    specs.forEach(({ strategy, broker, sizing, from }, i) => {
      if (!('id' in strategy)) throw new Error('the strategy is named');
      const [own, { params }] = [strategyOf(strategy.id), strategy];
      const run = runBacktest({ markets: [candles], strategy: own, params, broker, sizing, from: Date.parse(from!) });
      const { values } = summarise(run, { periodsPerYear: 365 });
      const searched = result.top[i]!.metrics;
      expect(run.times.length).toBe(result.span.bars);
      expect(run.trades).toHaveLength(searched['trades']!);
      for (const name of ['totalReturn', 'sharpeRatio', 'maxDrawdown'])
        expect(values[name]).toBeCloseTo(searched[name]!, 9);
    });
  });

  it('are as many as there are', () => {
    const { result, spec } = search;
    expect(topSpecs(spec, { ...result, top: result.top.slice(0, 2) }, 6)).toHaveLength(2);
  });
});
