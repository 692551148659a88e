import type { Trade } from '../trade.ts';

/** What one pass over the closed trades adds up; money in quote currency, net of commission. */
export interface TradeTotals {
  readonly count: number;
  readonly pnl: Float64Array;
  readonly returnRatio: Float64Array;
  readonly wins: number;
  readonly losses: number;
  /** Sum of the gains; sum of the losses as a positive number. */
  readonly grossProfit: number;
  readonly grossLoss: number;
  readonly winRatios: number;
  readonly lossRatios: number;
  readonly longs: number;
  readonly commission: number;
  readonly ms: number;
  readonly winMs: number;
  readonly lossMs: number;
  readonly maxMs: number;
  readonly bars: number;
  readonly maxBars: number;
  readonly mae: number;
  readonly mfe: number;
  readonly maxConsecutiveWins: number;
  readonly maxConsecutiveLosses: number;
}

/** Adds up closed trades in their order. A trade that ended at exactly 0 is neither a win nor a loss, and ends a row of either. */
export function totalTrades(trades: readonly Trade[]): TradeTotals {
  const totals = {
    count: trades.length,
    pnl: Float64Array.from(trades, (trade) => trade.pnl),
    returnRatio: Float64Array.from(trades, (trade) => trade.returnRatio),
    wins: 0,
    losses: 0,
    grossProfit: 0,
    grossLoss: 0,
    winRatios: 0,
    lossRatios: 0,
    longs: 0,
    commission: 0,
    ms: 0,
    winMs: 0,
    lossMs: 0,
    maxMs: 0,
    bars: 0,
    maxBars: 0,
    mae: 0,
    mfe: 0,
    maxConsecutiveWins: 0,
    maxConsecutiveLosses: 0,
  };
  let [winsInRow, lossesInRow] = [0, 0];
  for (const trade of trades) {
    const ms = trade.exitTime - trade.entryTime;
    const bars = trade.exitBar - trade.entryBar;
    totals.ms += ms;
    totals.maxMs = Math.max(totals.maxMs, ms);
    totals.bars += bars;
    totals.maxBars = Math.max(totals.maxBars, bars);
    totals.commission += trade.commission;
    totals.mae += trade.mae;
    totals.mfe += trade.mfe;
    if (trade.size > 0) totals.longs += 1;
    winsInRow = trade.pnl > 0 ? winsInRow + 1 : 0;
    lossesInRow = trade.pnl < 0 ? lossesInRow + 1 : 0;
    totals.maxConsecutiveWins = Math.max(totals.maxConsecutiveWins, winsInRow);
    totals.maxConsecutiveLosses = Math.max(totals.maxConsecutiveLosses, lossesInRow);
    if (trade.pnl > 0) {
      totals.wins += 1;
      totals.grossProfit += trade.pnl;
      totals.winRatios += trade.returnRatio;
      totals.winMs += ms;
    } else if (trade.pnl < 0) {
      totals.losses += 1;
      totals.grossLoss -= trade.pnl;
      totals.lossRatios -= trade.returnRatio;
      totals.lossMs += ms;
    }
  }
  return totals;
}
