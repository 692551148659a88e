import { completeParams } from '../domain/parameters/param-spec.ts';
import { strategies } from '../domain/strategies/registry.ts';
import type { Strategy, StrategyParams } from '../domain/strategies/strategy.ts';

type Axis = readonly number[];

const range = (from: number, to: number, step: number): Axis =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, k) => from + k * step);

/** Combinations that a grid is filled up to with stop losses, so that grids of few parameters are of a size as well. */
const ENOUGH_COMBOS = 250;
const STOP_LOSSES = range(0.01, 0.25, 0.001);

/** What each strategy is varied in; stop losses where that is not enough. All windows fit into nine years of days. */
const AXES: Readonly<Record<string, Readonly<Record<string, Axis>>>> = {
  'sma-cross': { fast: range(5, 30, 1), slow: range(35, 80, 5) },
  'ema-cross': { fast: range(5, 30, 1), slow: range(35, 80, 5) },
  macd: { fast: range(6, 15, 1), slow: range(20, 38, 2), signal: range(7, 11, 2) },
  'rsi-reversion': { period: range(5, 29, 1), oversold: range(20, 38, 2), overbought: [70] },
  'bollinger-breakout': { period: range(10, 59, 2), deviations: range(1, 2.8, 0.2) },
  'bollinger-reversion': { period: range(10, 59, 2), deviations: range(1, 2.8, 0.2) },
  'donchian-turtle': { entry: range(15, 63, 2), exit: range(4, 13, 1) },
  supertrend: { period: range(5, 29, 1), multiplier: range(1, 4.6, 0.4) },
  stochastic: { period: range(5, 29, 1), smoothK: [2, 3], oversold: range(10, 26, 4) },
  'adx-trend': { period: range(5, 29, 1), threshold: range(15, 33, 2) },
  ichimoku: { conversion: range(5, 14, 1), base: range(18, 34, 4), span: range(40, 60, 5) },
  'trend-pullback': { trendHours: [48], fast: range(10, 20, 2), slow: range(40, 60, 5), period: range(6, 18, 2) },
};

/** The ids of the strategies that the kernel runs and that have something to vary: buying and holding has not. */
export function kernelStrategies(): readonly string[] {
  return strategies.filter(({ rules, params }) => rules !== undefined && params.length > 0).map(({ id }) => id);
}

/** A few hundred sets of parameters of a strategy, complete and checked, always the same ones. */
export function gridOf(strategy: Strategy): readonly StrategyParams[] {
  const axes = Object.entries(AXES[strategy.id] ?? {});
  let sets: readonly Readonly<Record<string, number>>[] = [{}];
  for (const [name, values] of axes) sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
  if (sets.length < ENOUGH_COMBOS) {
    const losses = STOP_LOSSES.slice(0, Math.ceil(ENOUGH_COMBOS / sets.length));
    sets = sets.flatMap((set) => losses.map((stopLoss) => ({ ...set, stopLoss })));
  }
  return sets.flatMap((set) => {
    const { params, problems } = completeParams(strategy.params, set);
    return problems.length === 0 && (strategy.check?.(params) ?? []).length === 0 ? [params] : [];
  });
}
