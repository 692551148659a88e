import Big from 'big.js';
import { planOrders } from '../../../../domain/session/books/plan-orders.ts';
import { type BooksInput, SessionBooks } from '../../../../domain/session/books/session-books.ts';
import type { JournalEntry, SessionEvent } from '../../../../domain/session/journal.ts';
import type { OrderPlan, PlacedOrder, WantedOrder } from '../../../../domain/session/order.ts';

/** An order at the toy venue. */
export interface ToyOrder {
  placed: PlacedOrder;
  filled: Big;
}

/** Share of what is bought that the venue keeps as its fee. */
const FEE = new Big('0.001');

/**
 * A session at a venue that does to its orders whatever a test says, in any order. It keeps account of its own of what the session holds, and throws as
 * soon as something happens that must never happen.
 */
export class ToySession {
  readonly journal: JournalEntry[] = [];
  readonly orders: ToyOrder[] = [];
  readonly books: SessionBooks;
  readonly #input: BooksInput;
  readonly #times: Float64Array;
  /** Units of the account by symbol, of which the books know nothing. */
  readonly base = new Map<string, Big>();
  /** Limits of orders by their executions. */
  readonly limits = new Map<string, string | null>();
  plan: OrderPlan = { start: [], cancel: [], settled: true };
  #bar = 0;

  constructor(input: BooksInput) {
    this.#input = input;
    this.#times = input.candles[0]!.time;
    this.books = new SessionBooks(input);
  }

  get active(): readonly ToyOrder[] {
    return this.orders.filter(({ placed }) => placed.state !== 'ended');
  }

  /** Decides the next bar, if there is one. */
  bar(mode: 'ask' | 'exits' | 'mute' = 'ask'): void {
    if (this.#bar >= this.#times.length) return;
    const time = this.#times[this.#bar++]!;
    if (mode === 'ask') this.books.decide(time);
    else {
      const reason = mode === 'exits' ? 'HOURS' : 'MISSED';
      this.#write({ kind: 'bar', time, mode, reason });
      this.books.decide(time, mode, reason);
    }
    this.step();
  }

  happens(event: SessionEvent): void {
    this.#write(event);
    this.books.fold(this.journal, this.books.handled);
    this.step();
  }

  #write(event: SessionEvent): void {
    this.journal.push({ seq: this.journal.length + 1, after: this.books.handled, event });
  }

  /** Starts and cancels what the plan says, and looks whether all is as it must be. */
  step(): void {
    const wanted = this.books.wanted();
    this.plan = planOrders(
      wanted,
      this.orders.map(({ placed }) => placed),
      this.books.holdings(),
    );
    for (const order of this.plan.start) this.#place(order);
    for (const id of this.plan.cancel) this.#change(id, { cancelRequested: true });
    this.#check(wanted);
  }

  #place({ order, version, symbol, side, kind, purpose, quantity, limit }: WantedOrder): void {
    const executionId = `${order}.${version}`;
    this.limits.set(executionId, limit);
    if (this.orders.some(({ placed }) => placed.executionId === executionId)) {
      throw new Error(`${executionId} was started twice`);
    }
    const terms = { order, version, symbol, side, kind, purpose, quantity };
    this.orders.push({
      placed: { ...terms, executionId, state: 'open', cancelRequested: false },
      filled: new Big(0),
    });
  }

  #change(id: string, change: Partial<PlacedOrder>): void {
    const order = this.orders.find(({ placed }) => placed.executionId === id)!;
    order.placed = { ...order.placed, ...change };
  }

  acknowledge(order: ToyOrder): void {
    if (order.placed.state !== 'open') return;
    this.#change(order.placed.executionId, { state: 'working' });
    this.step();
  }

  /** Fills so many lots of an order at most, and ends it once it is filled. */
  fill(order: ToyOrder, lots: number, price: string, lot: string): void {
    const { placed } = order;
    const left = new Big(placed.quantity).minus(order.filled);
    const quantity = new Big(lot).times(lots).lt(left) ? new Big(lot).times(lots) : left;
    if (placed.state === 'ended' || !quantity.gt(0)) return;
    const isBuy = placed.side === 'buy';
    const feeBase = isBuy ? quantity.times(FEE) : new Big(0);
    const had = this.base.get(placed.symbol) ?? new Big(0);
    this.base.set(placed.symbol, isBuy ? had.plus(quantity).minus(feeBase) : had.minus(quantity));
    order.filled = order.filled.plus(quantity);
    const isWhole = order.filled.eq(placed.quantity);
    this.#write({
      kind: 'execution',
      order: placed.order,
      version: placed.version,
      quantity: quantity.toFixed(),
      price,
      feeBase: feeBase.toFixed(),
      feeQuote: isBuy ? '0' : quantity.times(price).times(FEE).toFixed(),
      maker: false,
    });
    if (isWhole) this.end(order, 'filled');
    else {
      this.books.fold(this.journal, this.books.handled);
      this.step();
    }
  }

  /** A person finds so much more in the account. */
  adjust(symbol: string, quantity: string, price: string): void {
    this.base.set(symbol, (this.base.get(symbol) ?? new Big(0)).plus(quantity));
    this.happens({ kind: 'adjusted', symbol, quantity, price, reason: 'found' });
  }

  end(
    { placed }: ToyOrder,
    status: 'filled' | 'cancelled' | 'expired' | 'failed',
    code = status === 'failed' ? 'REFUSED' : null,
  ): void {
    this.#change(placed.executionId, { state: 'ended' });
    const problem = code === null ? null : { code, detail: 'the venue said no' };
    this.happens({ kind: 'ended', order: placed.order, version: placed.version, status, problem });
  }

  /** Lets the venue do all that it still has to do at a price of 100, and throws when that never comes to an end. */
  drain(lot: string): void {
    for (let round = 0; round < 50; round++) {
      if (this.plan.settled && this.active.every(({ placed }) => placed.kind !== 'marketable')) return;
      for (const order of this.active) {
        this.acknowledge(order);
        if (order.placed.cancelRequested) this.end(order, 'cancelled');
        else if (order.placed.kind === 'marketable') this.#take(order, lot);
      }
    }
    throw new Error(`not settled: ${JSON.stringify([this.books.wanted(), this.active])}`);
  }

  /** Fills an order at market at 100, or ends it where that is beyond its limit. */
  #take(order: ToyOrder, lot: string): void {
    const { side, order: number, version } = order.placed;
    const limit = this.limits.get(`${number}.${version}`) ?? null;
    const isBeyond = limit !== null && (side === 'buy' ? new Big(limit).lt(100) : new Big(limit).gt(100));
    if (isBeyond) this.end(order, 'expired');
    else this.fill(order, Number.MAX_SAFE_INTEGER, '100', lot);
  }

  #check(wanted: readonly WantedOrder[]): void {
    for (const [symbol, units] of this.base) {
      if (units.lt(0)) throw new Error(`${units.toFixed()} of ${symbol} are held`);
      const selling = this.active.filter(({ placed }) => placed.symbol === symbol && placed.side === 'sell');
      const left = selling.reduce((sum, { placed, filled }) => sum.plus(placed.quantity).minus(filled), new Big(0));
      if (left.gt(units)) throw new Error(`${left.toFixed()} of ${units.toFixed()} ${symbol} are being sold`);
      const numbers = selling.map(({ placed }) => placed.order);
      if (new Set(numbers).size < numbers.length) throw new Error(`two orders of one number: ${numbers.join(', ')}`);
      this.#checkUnits(symbol, units);
      this.#checkStops(symbol, wanted);
    }
  }

  /** What the books hold, with the dust, is what the account has. */
  #checkUnits(symbol: string, units: Big): void {
    const { positions, dust } = this.books.view();
    const known = new Big(positions.find((each) => each.symbol === symbol)!.quantity).plus(dust[symbol]!);
    if (!known.eq(units)) throw new Error(`the books hold ${known.toFixed()} of ${units.toFixed()} ${symbol}`);
  }

  /** Every whole lot of a trade with a stop is covered by its stop, or on its way out. */
  #checkStops(symbol: string, wanted: readonly WantedOrder[]): void {
    const { openTrades } = this.books.view();
    const { lot } = this.#input.instruments.find((each) => each.symbol === symbol)!;
    const lots = (quantity: Big.BigSource): number => Number(new Big(quantity).div(lot).round(0, Big.roundDown));
    const open = openTrades.filter((trade) => trade.symbol === symbol && trade.sl !== null);
    const needed = open.reduce((sum, { size }) => sum + lots(size), 0);
    const covering = wanted.filter(
      (order) =>
        order.symbol === symbol &&
        order.side === 'sell' &&
        // A target, even one that is tried at market, and a sell that rests cover nothing: they need not trade.
        order.purpose !== 'take-profit' &&
        order.kind !== 'limit',
    );
    // Of an order that is under way only what it has not sold yet covers anything.
    const covered = covering.reduce((sum, order) => {
      const placed = this.orders.find(
        (each) => each.placed.order === order.order && each.placed.version === order.version,
      );
      return sum + lots(order.quantity) - lots(placed?.filled ?? 0);
    }, 0);
    if (covered < needed) throw new Error(`${covered} of ${needed} lots of ${symbol} are protected`);
  }

  /** The same session out of nothing but its journal. */
  again(): SessionBooks {
    const books = new SessionBooks(this.#input);
    books.fold(this.journal, this.books.handled);
    return books;
  }
}
