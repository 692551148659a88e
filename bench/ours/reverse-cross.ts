import { type BrokerSettings, DEFAULT_BROKER } from '../../domain/backtest/settings.ts';
import { above, all, below } from '../../domain/strategies/conditions.ts';
import { indicator } from '../../domain/strategies/line-builders.ts';
import { barsParam } from '../../domain/strategies/params.ts';
import { ruleStrategy } from '../../domain/strategies/rule-strategy.ts';
import type { Condition, Operand } from '../../domain/strategies/rules.ts';
import type { StrategyParams } from '../../domain/strategies/strategy.ts';

/** The example of backtesting.py: each crossing of two averages turns the position round. */
export const reverseCross = ruleStrategy({
  id: 'reverse-cross',
  title: 'Cross of two simple moving averages, always in the market',
  params: [barsParam('n1', 'Bars of the fast average', 10), barsParam('n2', 'Bars of the slow average', 20)],
  rules: ({ n1, n2 }) => {
    const sma = (period: number, shift: number): Operand => indicator('SMA', { period }, { shift });
    // A crossing there is strictly below at the bar before and strictly above now; equal bars in between hide it.
    const crossed = (a: number, b: number): Condition => all(below(sma(a, 1), sma(b, 1)), above(sma(a, 0), sma(b, 0)));
    const up = crossed(n1, n2);
    const down = crossed(n2, n1);
    return { enterLong: up, exitLong: down, enterShort: down, exitShort: up };
  },
});

export const reverseRules = reverseCross.rules;

export const REVERSE_BROKER: BrokerSettings = {
  ...DEFAULT_BROKER,
  commission: { maker: 0.002, taker: 0.002, fixed: 0 },
  wholeUnits: true,
  exclusive: true,
};

/** n1 from 5 to 50 in steps of 5, n2 from 10 to 120 in steps of 10, n1 below n2: 95 pairs. */
export function reversePairs(): readonly StrategyParams[] {
  const pairs: StrategyParams[] = [];
  for (let n1 = 5; n1 <= 50; n1 += 5) {
    for (let n2 = 10; n2 <= 120; n2 += 10) if (n1 < n2) pairs.push({ n1, n2 });
  }
  return pairs;
}
