import { suggestion } from '../parameters/closest-match.ts';
import { adxTrend } from './adx-trend/strategy.ts';
import { bollingerBreakout } from './bollinger-breakout/strategy.ts';
import { bollingerReversion } from './bollinger-reversion/strategy.ts';
import { bracketBreakout } from './bracket-breakout/strategy.ts';
import { buyAndHold } from './buy-and-hold/strategy.ts';
import { donchianTurtle } from './donchian-turtle/strategy.ts';
import { emaCross } from './ema-cross/strategy.ts';
import { ichimoku } from './ichimoku/strategy.ts';
import { macd } from './macd/strategy.ts';
import { rsiReversion } from './rsi-reversion/strategy.ts';
import { smaCross } from './sma-cross/strategy.ts';
import { stochastic } from './stochastic/strategy.ts';
import type { Strategy } from './strategy.ts';
import { supertrend } from './supertrend/strategy.ts';
import { trendPullback } from './trend-pullback/strategy.ts';
import { turtlePyramid } from './turtle-pyramid/strategy.ts';

/** All strategies. To add one, see `docs/recipes/add-a-strategy.md`. */
export const strategies: readonly Strategy[] = [
  smaCross,
  emaCross,
  macd,
  rsiReversion,
  bollingerBreakout,
  bollingerReversion,
  donchianTurtle,
  supertrend,
  stochastic,
  adxTrend,
  ichimoku,
  trendPullback,
  buyAndHold,
  // Free-form: the event engine alone runs them.
  turtlePyramid,
  bracketBreakout,
];

/** The strategy of that id, or `undefined`. */
export function findStrategy(id: string): Strategy | undefined {
  return strategies.find((strategy) => strategy.id === id);
}

/** The strategy of that id. Throws a `RangeError` that names the nearest one when there is none. */
export function strategyOf(id: string): Strategy {
  const found = findStrategy(id);
  if (found !== undefined) return found;
  const known = strategies.map((strategy) => strategy.id);
  throw new RangeError(`unknown strategy "${id}": ${suggestion(id, known)}`);
}
