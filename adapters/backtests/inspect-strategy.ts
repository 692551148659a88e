import { failure } from '../../domain/backtest/failure.ts';
import { barsForSizing } from '../../domain/backtest/engine/sizing.ts';
import { allocateCandles, type Candles } from '../../domain/market/candles.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import { checkSessionStrategy } from '../../domain/session/parse-strategy.ts';
import { LineBoard } from '../../domain/strategies/lines/line-board.ts';
import type { StrategyFacts, StrategyQuestion } from '../ports/strategy-inspector.ts';
import type { RunControl } from './control.ts';
import { findOrLoadStrategy } from './resolve-strategy.ts';

/**
 * Loads the strategy of a session, checks its parameters, and reckons how many bars it needs before it can be asked. It runs a user's code, so it
 * belongs into a thread. Throws `BacktestFailure` for whatever is wrong.
 */
export async function inspectStrategy(
  { strategy: choice, sizing, timeframe }: StrategyQuestion,
  control: RunControl,
): Promise<StrategyFacts> {
  const { strategy, hash, parts } = await findOrLoadStrategy(choice, control);
  control.enter('strategy');
  const { params, problems } = checkSessionStrategy(strategy, choice.params, sizing);
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
  const board = LineBoard.withoutValues(twoBars(timeframe));
  try {
    board.prepare(strategy, params);
  } catch (error) {
    const { message } = error as Error;
    throw failure('INVALID_STRATEGY', `${strategy.id} cannot be prepared for ${timeframe} bars: ${message}`, [
      { field: 'strategy', value: strategy.id, message },
    ]);
  }
  return {
    title: strategy.title,
    hash,
    ...(parts.length === 0 ? {} : { parts }),
    params,
    neededBars: Math.max(board.neededBars, barsForSizing(sizing)),
  };
}

/** What a strategy needs does not depend on how many bars there are, but two say how long one is. */
function twoBars(timeframe: Timeframe): Candles {
  const candles = allocateCandles('', timeframe, 2);
  candles.time[1] = timeframeMs(timeframe);
  for (const column of [candles.open, candles.high, candles.low, candles.close]) column.fill(1);
  return candles;
}
