import Big from 'big.js';
import { stepsOf, TradingSteps } from '../../backtest/engine/steps.ts';
import type { BacktestRun } from '../../backtest/run.ts';
import type { Trade } from '../../backtest/trade.ts';
import { type EpochMs, toText } from '../../market/decimal.ts';
import type { SessionBroker } from '../spec.ts';
import type { BacktestDecision } from './backtest-of.ts';
import type { ComparedTrade } from './compared-trade.ts';
import { groupedBy } from './grouped-by.ts';

/**
 * The trades of a session's backtest as they are compared. An order that waited for a price has that as its reference, as that of the session has: a
 * bar that opens beyond it fills both elsewhere. One at market is its own reference, since the engine fills it without spread and slippage.
 */
export function backtestTrades(
  run: BacktestRun,
  decisions: readonly BacktestDecision[],
  broker: SessionBroker,
): readonly ComparedTrade[] {
  const buys = decisions.filter(({ signals }) => signals.some(({ action }) => action === 'buy'));
  const bought = groupedBy(buys, ({ symbol }) => symbol);
  const made = (trade: Trade, isOpen: boolean): ComparedTrade => {
    const decision = bought.get(trade.symbol)?.findLast(({ bar }) => bar < trade.entryTime);
    const steps = new TradingSteps(stepsOf(broker, trade.symbol), false);
    return {
      symbol: trade.symbol,
      decidedAt: decision?.bar ?? null,
      units: toText(new Big(trade.size)),
      entry: sideOf(trade.entryTime, trade.entryPrice, entryLevel(trade, decision, steps)),
      exit: sideOf(trade.exitTime, trade.exitPrice, isOpen ? null : exitLevel(trade)),
      isOpen,
      fees: toText(new Big(trade.commission)),
    };
  };
  return [...run.trades.map((trade) => made(trade, false)), ...run.openTrades.map((trade) => made(trade, true))];
}

function sideOf(bar: EpochMs, price: number, level: number | null): ComparedTrade['entry'] {
  return { bar, price: toText(new Big(price)), reference: toText(new Big(level ?? price)) };
}

/** Of several orders of one bar, the level nearest to the fill is taken for its own. */
function entryLevel({ entryPrice }: Trade, decision: BacktestDecision | undefined, steps: TradingSteps): number | null {
  const levels = (decision?.signals ?? []).flatMap(({ action, level, isStop }) => {
    if (action !== 'buy') return [];
    return [level === null ? entryPrice : isStop ? steps.stop(1, level) : steps.limit(1, level)];
  });
  const nearest = levels.toSorted((a, b) => Math.abs(a - entryPrice) - Math.abs(b - entryPrice))[0];
  return nearest ?? null;
}

function exitLevel({ exitReason, sl, tp }: Trade): number | null {
  if (exitReason === 'take-profit') return tp;
  return exitReason === 'stop-loss' || exitReason === 'trailing-stop' ? sl : null;
}
