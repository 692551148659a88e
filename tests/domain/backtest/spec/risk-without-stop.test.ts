import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { parseSpec } from '../../../../domain/backtest/spec/parse-spec.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { strategies, strategyOf } from '../../../../domain/strategies/registry.ts';
import { candlesOf } from '../engine/scripted.ts';

const sizing = { kind: 'riskPerTrade', value: 0.01 } as const;
const data = { file: '/data/x.csv', symbol: 'X', timeframe: '1h', stamp: 'open' } as const;

function problemsOf(params: Readonly<Record<string, number>>, id = 'sma-cross'): readonly string[] {
  const parsed = parseSpec({ data, strategy: { id, params }, sizing }, strategies);
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
}

describe('sizing by the risk of a trade', () => {
  it('is refused with the spec where rules have no stop', () => {
    const message =
      'sizing: sma-cross has no stop whose distance would be the risk of a trade: give it a stopLoss or a trailingStop, or another sizing';
    expect(problemsOf({})).toEqual([message]);
    expect(problemsOf({ takeProfit: 0.05, maxBars: 9 })).toEqual([message]);
  });

  it('is accepted with either stop, and for strategies that decide order by order', () => {
    expect([problemsOf({ stopLoss: 0.02 }), problemsOf({ trailingStop: 0.02 })]).toEqual([[], []]);
    expect(problemsOf({}, 'bracket-breakout')).toEqual([]);
  });

  it('is refused before the first bar where no spec was read', () => {
    const strategy = strategyOf('sma-cross');
    const { params } = completeParams(strategy.params, {});
    const markets = [candlesOf([[1, 1, 1, 1]])];
    expect(() => runBacktest({ markets, strategy, params, broker: DEFAULT_BROKER, sizing })).toThrow(
      /^sizing: sma-cross has no stop/,
    );
  });
});
