import { describe, expect, it } from '@jest/globals';
import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { SessionBooks } from '../../../../domain/session/books/session-books.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import { describeWithData } from '../../../helpers/test-data.ts';
import { btcQuarters } from './bars.ts';
import { backtestOf, booksInputOf, type Replay, ReplayedSession } from './replayed-run.ts';

const CASES: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['sma-cross', {}],
  ['rsi-reversion', {}],
  ['donchian-turtle', {}],
  ['supertrend', { trailingStop: 0.01 }],
  ['macd', { stopLoss: 0.005 }],
  ['macd', { stopLoss: 0.01, takeProfit: 0.01 }],
  ['ema-cross', { takeProfit: 0.005, maxBars: 12 }],
  ['bollinger-breakout', { stopLoss: 0.02, trailingStop: 0.015, maxBars: 30 }],
  ['bracket-breakout', { shorts: 0 }],
  ['turtle-pyramid', { shorts: 0 }],
  ['buy-and-hold', {}],
];

function replayOf(id: string, given: Readonly<Record<string, number>>, candles: Replay['candles']): Replay {
  const strategy = strategyOf(id);
  return { candles, strategy, params: completeParams(strategy.params, given).params };
}

/** What must be equal: all of a trade but what the books do not record. */
function essence({ symbol, size, entryBar, exitBar, entryTime, exitTime, entryPrice, exitPrice, ...rest }: Trade) {
  const { sl, tp, pnl, returnRatio, mae, mfe, exitReason, tag } = rest;
  const where = { symbol, size, entryBar, exitBar, entryTime, exitTime };
  return { ...where, entryPrice, exitPrice, sl, tp, pnl, returnRatio, mae, mfe, exitReason, tag };
}

/** What of the books must be as in the backtest. */
function told(books: SessionBooks) {
  const { trades, openTrades, equity } = books.view();
  return { trades: trades.map(({ trade }) => essence(trade)), openTrades: openTrades.map(essence), equity };
}

function toldOf({ trades, openTrades, equity }: BacktestRun) {
  return { trades: trades.map(essence), openTrades: openTrades.map(essence), equity: equity.at(-1) };
}

/** The run, the books that went through it bar by bar, and those that were made of nothing but the journal. */
function played(id: string, given: Readonly<Record<string, number>>, candles: Replay['candles']) {
  const replay = replayOf(id, given, candles);
  const run = backtestOf(replay);
  const session = new ReplayedSession(replay, run);
  session.play();
  const again = new SessionBooks(booksInputOf(replay, candles.length));
  again.fold(session.journal, candles.time[candles.length - 1]!);
  return { run, books: session.books, again };
}

const enough = (id: string): number => (id === 'buy-and-hold' ? 1 : 10);

describe('the books of a session whose orders fill as in a backtest', () => {
  const candles = syntheticCandles({ seed: 11, bars: 5_000, timeframe: '15m', volatility: 0.004, price: 20_000 });

  it.each(CASES)('%s %j trades the same on synthetic bars', (id, given) => {
    const { run, books, again } = played(id, given, candles);
    expect(run.trades.length + run.openTrades.length).toBeGreaterThanOrEqual(enough(id));
    expect(told(books)).toEqual(toldOf(run));
    expect(again.view()).toEqual(books.view());
    expect(again.wanted()).toEqual(books.wanted());
  });
});

describeWithData('the books of a session whose orders fill as in a backtest of a month of BTC-PERP', () => {
  it.each(CASES)('%s %j trades the same', (id, given) => {
    const { run, books, again } = played(id, given, btcQuarters());
    expect(run.trades.length + run.openTrades.length).toBeGreaterThanOrEqual(enough(id));
    expect(told(books)).toEqual(toldOf(run));
    expect(again.view()).toEqual(books.view());
    expect(again.wanted()).toEqual(books.wanted());
  });
});
