import type { Candles } from '../../market/candles.ts';
import type { LineBoard } from '../../strategies/lines/line-board.ts';
import type { Refusal } from '../run.ts';
import type { CashAccount } from './cash-account.ts';
import type { OpenTrade } from './open-trade.ts';
import { OrderBook } from './order-book.ts';
import type { OrderTally } from './order-tally.ts';
import { TradingSteps } from './steps.ts';
import type { BrokerTerms } from './terms.ts';
import type { TradeLedger } from './trade-ledger.ts';
import type { WorkingOrder } from './working-order.ts';
import type { InstrumentSteps } from '../settings.ts';

/** What the desks of a run share. */
export interface Broker {
  readonly terms: BrokerTerms;
  readonly tally: OrderTally;
  readonly ledger: TradeLedger;
}

/** One symbol in a run: its bars, the orders that wait and the trades that are held. */
export class SymbolDesk {
  readonly symbol: string;
  readonly candles: Candles;
  /** Of the strategy as it is prepared now. */
  board: LineBoard;
  readonly steps: TradingSteps;
  readonly terms: BrokerTerms;
  readonly tally: OrderTally;
  readonly ledger: TradeLedger;
  readonly book = new OrderBook();
  /** In the order of their entries; all of one side. */
  readonly trades: OpenTrade[] = [];
  account!: CashAccount;

  /** Last bar that has begun; -1 before the first. */
  bar = -1;
  /** Price at which what is held is valued. */
  mark = Number.NaN;
  /** Units held, negative when short. */
  size = 0;
  /** Sum of size x entry price over the trades. */
  cost = 0;
  /** Whether any trade that is held has a stop that follows, or a longest time. */
  hasTrailing = false;
  hasTimeStop = false;

  constructor(candles: Candles, board: LineBoard, broker: Broker, instrument: InstrumentSteps | undefined) {
    this.symbol = candles.symbol;
    this.candles = candles;
    this.board = board;
    this.terms = broker.terms;
    this.tally = broker.tally;
    this.ledger = broker.ledger;
    this.steps = new TradingSteps(instrument, broker.terms.wholeUnits);
  }

  unrealised(): number {
    return this.size === 0 ? 0 : this.mark * this.size - this.cost;
  }

  /** Mean entry price of what is held; NaN when flat. */
  entryPrice(): number {
    return this.size === 0 ? Number.NaN : this.cost / this.size;
  }

  barsHeld(): number {
    const oldest = this.trades[0];
    return oldest === undefined ? 0 : Math.max(0, this.bar - oldest.entryBar);
  }

  /** To be called whenever a trade was opened, reduced or closed: sums anew, so that no rounding error builds up. */
  sumTrades(): void {
    let size = 0;
    let cost = 0;
    this.hasTrailing = false;
    this.hasTimeStop = false;
    for (const trade of this.trades) {
      size += trade.size;
      cost += trade.size * trade.entryPrice;
      if (!Number.isNaN(trade.trail)) this.hasTrailing = true;
      if (trade.maxBars > 0) this.hasTimeStop = true;
    }
    this.size = size;
    this.cost = cost;
  }

  /** Takes an order that has nothing left to fill out of the book. */
  settle(order: WorkingOrder): void {
    if (!order.isLive) return;
    this.book.remove(order);
    if (!order.isContingent) this.tally.filled++;
  }

  /** Takes an order out of the book that nobody wants any more. What it filled before stays filled. */
  cancel(order: WorkingOrder): void {
    if (!order.isLive) return;
    this.book.remove(order);
    if (order.isContingent) return;
    if (order.isPartlyFilled) this.tally.filled++;
    else this.tally.cancelled++;
  }

  /** Cancels all orders but the exits of brackets. */
  cancelWorking(): void {
    for (const order of this.book.orders.slice()) if (!order.isContingent) this.cancel(order);
  }

  /** Refuses an order, or what is left of it. */
  refuse(order: WorkingOrder, code: Refusal['code'], detail: string): void {
    if (order.isLive) this.book.remove(order);
    if (order.isPartlyFilled) this.tally.filled++;
    else this.tally.refused++;
    this.tally.note({ bar: this.bar, symbol: this.symbol, code, detail });
  }

  /** After the first fill of an order: the others of its group go. */
  cancelGroup(order: WorkingOrder): void {
    if (order.oco === null) return;
    for (const other of this.book.orders.slice()) {
      if (other !== order && other.oco === order.oco) this.cancel(other);
    }
  }
}
