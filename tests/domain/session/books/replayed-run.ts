import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { type Commission, DEFAULT_BROKER, type Sizing } from '../../../../domain/backtest/settings.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import type { Candles } from '../../../../domain/market/candles.ts';
import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { BookInstrument } from '../../../../domain/session/books/book-instrument.ts';
import { type BooksInput, SessionBooks } from '../../../../domain/session/books/session-books.ts';
import type { JournalEntry, SessionEvent } from '../../../../domain/session/journal.ts';
import type { OrderPurpose, WantedOrder } from '../../../../domain/session/order.ts';
import type { Strategy, StrategyParams } from '../../../../domain/strategies/strategy.ts';

export interface Replay {
  readonly candles: Candles;
  readonly strategy: Strategy;
  readonly params: StrategyParams;
  readonly sizing?: Sizing;
  readonly capital?: string;
  readonly commission?: Commission;
}

export const ORDERS = { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 } as const;

/** Steps in which the symbols of these tests are traded. */
export function instrumentOf(symbol: string, tick = '0.5', lot = '0.001'): BookInstrument {
  return { symbol, tick, lot, minQuantity: lot, minNotional: '1', restsStops: true };
}

/** The backtest that the books have to equal. */
export function backtestOf({ candles, strategy, params, sizing, capital, commission }: Replay) {
  const { tick, lot, minNotional } = instrumentOf(candles.symbol);
  return runBacktest({
    markets: [candles],
    strategy,
    params,
    sizing: sizing ?? { kind: 'units', value: 0.5 },
    broker: {
      ...DEFAULT_BROKER,
      cash: Number(capital ?? '1000000'),
      direction: 'long',
      commission: commission ?? DEFAULT_BROKER.commission,
      instruments: { [candles.symbol]: { tick: Number(tick), lot: Number(lot), minNotional: Number(minNotional) } },
    },
  });
}

export function booksInputOf(replay: Replay, bars: number): BooksInput {
  const { candles, strategy, params, sizing, capital, commission } = replay;
  const known = { ...candles, length: bars };
  return {
    spec: {
      symbols: [candles.symbol],
      capital: capital ?? '1000000',
      sizing: sizing ?? { kind: 'units', value: 0.5 },
      orders: ORDERS,
    },
    strategy,
    params,
    instruments: [instrumentOf(candles.symbol)],
    candles: [known],
    startBar: candles.time[0]!,
    ...(commission === undefined ? {} : { commission }),
  };
}

/** How the exits of trades show in the orders of a session. */
const PURPOSE: Readonly<Record<string, OrderPurpose>> = {
  signal: 'exit',
  'time-stop': 'exit',
  'stop-loss': 'stop-loss',
  'trailing-stop': 'stop-loss',
  'take-profit': 'take-profit',
};

interface Fill {
  readonly bar: number;
  readonly purpose: OrderPurpose;
  readonly units: number;
  readonly price: number;
  readonly isOfNewTrade: boolean;
}

/** All fills of a backtest, by their bars, in the order in which a bar has them: old exits, entries, exits of what was just entered. */
function fillsOf(trades: readonly Trade[], open: readonly Trade[]): Map<number, Fill[]> {
  const fills: Fill[] = [];
  for (const { entryBar: bar, size: units, entryPrice: price } of [...trades, ...open]) {
    fills.push({ bar, purpose: 'entry', units, price, isOfNewTrade: false });
  }
  for (const { entryBar, exitBar: bar, size: units, exitPrice: price, exitReason } of trades) {
    fills.push({ bar, purpose: PURPOSE[exitReason]!, units, price, isOfNewTrade: entryBar === bar });
  }
  const rank = (fill: Fill): number => (fill.isOfNewTrade ? 2 : fill.purpose === 'entry' ? 1 : 0);
  const byBar = new Map<number, Fill[]>();
  for (const fill of fills.toSorted((a, b) => rank(a) - rank(b))) {
    byBar.set(fill.bar, [...(byBar.get(fill.bar) ?? []), fill]);
  }
  return byBar;
}

/** A session whose venue fills as the backtest did. Throws when the session does not want an order that the backtest has filled. */
export class ReplayedSession {
  readonly journal: JournalEntry[] = [];
  readonly books: SessionBooks;
  readonly #replay: Replay;
  readonly #fills: Map<number, Fill[]>;

  constructor(replay: Replay, run = backtestOf(replay)) {
    this.#replay = replay;
    this.#fills = fillsOf(run.trades, run.openTrades);
    this.books = new SessionBooks(booksInputOf(replay, replay.candles.length));
  }

  /** Goes through all bars. */
  play(): void {
    const { candles } = this.#replay;
    for (let bar = 0; bar < candles.length; bar++) {
      for (const fill of this.#fills.get(bar) ?? []) this.#fill(fill, bar);
      this.books.decide(candles.time[bar]!);
    }
  }

  #fill(fill: Fill, bar: number): void {
    let order = this.#orderFor(fill, bar);
    if (order.held === 'session') {
      this.#happens({ kind: 'reached', order: order.order, price: String(fill.price) });
      order = this.#orderFor(fill, bar);
    }
    const { order: number, version, quantity } = order;
    this.#happens({
      kind: 'execution',
      order: number,
      version,
      quantity,
      price: String(fill.price),
      feeBase: '0',
      feeQuote: this.#feeOf(fill),
      maker: false,
    });
    this.#happens({ kind: 'ended', order: number, version, status: 'filled', problem: null });
  }

  #feeOf({ units, price }: Fill): string {
    return (units * price * (this.#replay.commission?.taker ?? 0)).toFixed(18);
  }

  #orderFor({ purpose, units }: Fill, bar: number): WantedOrder {
    const wanted = this.books.wanted();
    const found = wanted.find((order) => order.purpose === purpose && Number(order.quantity) === units);
    if (found !== undefined) return found;
    throw new Error(`bar ${bar}: no ${purpose} of ${units} among ${JSON.stringify(wanted)}`);
  }

  #happens(event: SessionEvent): void {
    const after: EpochMs | null = this.books.handled;
    this.journal.push({ seq: this.journal.length + 1, after, event });
    this.books.fold(this.journal, after);
  }
}
