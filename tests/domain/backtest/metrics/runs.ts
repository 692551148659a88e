import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import { csvRows, type Row } from './golden.ts';

export const DAY_MS = 86_400_000;

/** A long trade of one unit from 100 over one day that ended at break-even, with what `changes` says. */
export function tradeOf(changes: Partial<Trade> = {}): Trade {
  return {
    symbol: 'TEST',
    size: 1,
    entryBar: 0,
    exitBar: 1,
    entryTime: 0,
    exitTime: DAY_MS,
    entryPrice: 100,
    exitPrice: 100,
    sl: null,
    tp: null,
    pnl: 0,
    commission: 0,
    returnRatio: 0,
    mae: 0,
    mfe: 0,
    exitReason: 'signal',
    tag: null,
    entryValues: {},
    ...changes,
  };
}

/** A run of daily bars from 1970-01-01 whose equity is given, without trades, with what `changes` says. */
export function runOf(equity: readonly number[], changes: Partial<BacktestRun> = {}): BacktestRun {
  return {
    symbols: ['TEST'],
    timeframe: '1d',
    warmUpBars: 0,
    times: Float64Array.from(equity, (_, bar) => bar * DAY_MS),
    equity: Float64Array.from(equity),
    initialCash: equity[0] ?? 100,
    trades: [],
    openTrades: [],
    exposureBars: 0,
    commission: 0,
    orders: { submitted: 0, filled: 0, cancelled: 0, refused: 0 },
    refusals: [],
    ruined: false,
    ...changes,
  };
}

/** The trades of a case of backtesting.py. */
export function btpyTrades(name: string): Trade[] {
  return csvRows(`backtesting/golden/btpy_trades_${name}.csv`).map((row: Row) => ({
    ...tradeOf(),
    symbol: 'GOOG',
    size: Number(row['Size']),
    entryBar: Number(row['EntryBar']),
    exitBar: Number(row['ExitBar']),
    entryTime: Date.parse(row['EntryTime']!),
    exitTime: Date.parse(row['ExitTime']!),
    entryPrice: Number(row['EntryPrice']),
    exitPrice: Number(row['ExitPrice']),
    pnl: Number(row['PnL']),
    commission: Number(row['Commission']),
    returnRatio: Number(row['ReturnPct']),
  }));
}

/** Bars on which one of the trades was open, entry and exit bar included. */
export function barsHeld(trades: readonly Trade[]): number {
  const held = new Set<number>();
  for (const { entryBar, exitBar } of trades) for (let bar = entryBar; bar <= exitBar; bar++) held.add(bar);
  return held.size;
}
