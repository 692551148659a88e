import type { GridInput } from '../../../../domain/backtest/kernel/prepare-grid.ts';
import { type BrokerSettings, DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import type { Candles } from '../../../../domain/market/candles.ts';
import { crossedAbove, crossedBelow } from '../../../../domain/strategies/conditions.ts';
import { indicator } from '../../../../domain/strategies/line-builders.ts';
import type { Rules } from '../../../../domain/strategies/rules.ts';
import type { StrategyParams } from '../../../../domain/strategies/strategy.ts';

/** Long while the fast average is above the slow one, from the cross on. */
export function crossRules({ fast, slow }: StrategyParams): Rules {
  const [a, b] = [indicator('SMA', { period: fast! }), indicator('SMA', { period: slow! })];
  return { enterLong: crossedAbove(a, b), exitLong: crossedBelow(a, b) };
}

/** All pairs of windows from `first` to `last`, the fast one shorter. */
export function pairsOf(first: number, last: number): readonly StrategyParams[] {
  const pairs: StrategyParams[] = [];
  for (let fast = first; fast < last; fast++)
    for (let slow = fast + 1; slow <= last; slow++) pairs.push({ fast, slow });
  return pairs;
}

/** The broker of the vectorbt grid: long only, fills at the signal bar's close, 10 basis points. */
export const LONG_AT_CLOSE: BrokerSettings = {
  ...DEFAULT_BROKER,
  cash: 100,
  commission: { maker: 0.001, taker: 0.001, fixed: 0 },
  fill: 'close',
  direction: 'long',
};

/** The grid that vectorbt runs: all cash, each pair from the first bar on, every bar a return. */
export function vectorbtGrid(candles: Candles, pairs: readonly StrategyParams[]): GridInput {
  return {
    candles,
    rulesOf: crossRules,
    combos: pairs.length,
    comboAt: (index) => pairs[index]!,
    broker: LONG_AT_CLOSE,
    sizing: { kind: 'cashShare', value: 1 },
    periodsPerYear: 365,
    commonStart: false,
    returnEnds: Int32Array.from({ length: candles.length }, (_, bar) => bar),
  };
}
