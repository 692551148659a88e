import type { BacktestRun } from '../../backtest/run.ts';
import type { Trade } from '../../backtest/trade.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { WalkedFold } from './walk-fold.ts';

/**
 * The trials of a walk-forward as one run: each goes on with the capital that the one before has left, so money and sizes of its trades are
 * in proportion to that. A fold without a choice is flat. The figures are returns, drawdowns and trades of having followed the choices; what
 * a trial still held at its end is taken at the last close.
 */
export function stitchRuns({ plan, times, input }: PreparedOptimization, folds: readonly WalkedFold[]): BacktestRun {
  const first = plan.folds[0]!.test.from;
  const last = plan.folds.at(-1)!.test.to;
  const { cash } = input.spec.backtest.broker;
  const equity = new Float64Array(last - first);
  const trades: Trade[] = [];
  const openTrades: Trade[] = [];
  let capital = cash;
  let [exposureBars, commission] = [0, 0];
  const orders = { submitted: 0, filled: 0, cancelled: 0, refused: 0 };
  folds.forEach(({ test }, k) => {
    const { from, to } = plan.folds[k]!.test;
    if (test === null) {
      equity.fill(capital, from - first, to - first);
      return;
    }
    const scale = capital / cash;
    test.equity.forEach((value, bar) => {
      equity[from - first + bar] = value * scale;
    });
    trades.push(...test.trades.map((trade) => scaled(trade, scale)));
    // At the end of all trials nothing is left open but what the last one holds; earlier ones were left at the mark.
    (k === folds.length - 1 ? openTrades : trades).push(...test.openTrades.map((trade) => scaled(trade, scale)));
    capital = equity[to - first - 1]!;
    exposureBars += test.exposureBars;
    commission += test.commission * scale;
    for (const name of ['submitted', 'filled', 'cancelled', 'refused'] as const) orders[name] += test.orders[name];
  });
  return {
    symbols: input.markets.map(({ symbol }) => symbol),
    timeframe: input.markets[0]!.timeframe,
    warmUpBars: first,
    times: times.slice(first, last),
    equity,
    initialCash: cash,
    trades,
    openTrades,
    exposureBars,
    commission,
    orders,
    refusals: [],
    ruined: folds.some(({ test }) => test?.ruined === true),
  };
}

function scaled(trade: Trade, scale: number): Trade {
  return { ...trade, size: trade.size * scale, pnl: trade.pnl * scale, commission: trade.commission * scale };
}
