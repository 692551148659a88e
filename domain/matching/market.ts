import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';
import { isBetter } from './book-side.ts';
import type { BookWatch } from './book-watch.ts';
import type { ExchangeMarket } from './exchange-market.ts';
import type { FeedEvent } from './feed.ts';
import { JournalReplay } from './journal-replay.ts';
import type {
  BookUpdate,
  DepthView,
  MarketChange,
  MarketConfig,
  MarketFill,
  MarketOrder,
  RestingOrder,
  StopOrder,
  Submission,
  TapePrint,
  TriggeredStop,
} from './market-types.ts';
import { PublicBook } from './public-book.ts';
import type { QuoteCheckCounts } from './quote-check.ts';
import { matchQueue, type QueuedOrder, type QueueMatch } from './resting-orders.ts';
import { type MarketScales, marketScales, wholeLots } from './scale.ts';
import { Step } from './step.ts';
import { isReached, StopOrders, type WaitingStop } from './stop-orders.ts';
import { Tape } from './tape.ts';

type TradeEvent = Extract<FeedEvent, { kind: 'trade' }>;

/** A `MarketOrder` in the units of the market's scales. */
interface UnitOrder extends Omit<MarketOrder, 'quantity' | 'price'> {
  readonly quantity: bigint;
  readonly price: number | null;
}

const NO_JOURNAL = new JournalReplay([]);

/**
 * One simulated market: the outside book less what our trading has taken from it, our own resting orders among it in
 * price-time priority, and one gapless public tape. Pure: every method that depends on time takes the venue's wall time `at`
 * (ms), which must not go back. Quantities of orders must be whole lots and prices whole ticks; the venue above checks that.
 */
export class Market implements ExchangeMarket {
  readonly config: MarketConfig;
  readonly #scales: MarketScales;
  readonly #book: PublicBook;
  readonly #tape: Tape;
  readonly #stops = new StopOrders();
  #lastPrice: number | null = null;
  #journal = NO_JOURNAL;
  #extraPrints = 0;

  /** `nextTradeId` is the id that the next print gets. */
  constructor(config: MarketConfig, nextTradeId: number) {
    this.config = config;
    this.#scales = marketScales(config);
    this.#book = new PublicBook(config, this.#scales);
    this.#tape = new Tape(this.#scales, nextTradeId);
  }

  /** Whether the outside book has had its snapshot: before that there are no prices, and orders find no liquidity. */
  get ready(): boolean {
    return this.#book.outside.ready;
  }

  get nextTradeId(): number {
    return this.#tape.nextTradeId;
  }

  /** Lets the tape go on at a later id: nobody here has seen what was printed until then. Throws a `RangeError` when it has passed that id. */
  skipTapeTo(tradeId: number): void {
    this.#tape.skipTo(tradeId);
  }

  /**
   * By how much the tape has grown beyond one print for each trade of the feed since this object was made: what a venue must keep
   * to know the tape ids of a feed that it enters later than at its start.
   */
  get extraPrints(): number {
    return this.#extraPrints;
  }

  /** How often recorded quotes agreed with the book. */
  get quoteCheck(): QuoteCheckCounts {
    return this.#book.quoteCheck.counts;
  }

  /** Our orders that rest, best first, bids before asks. */
  get restingOrders(): readonly RestingOrder[] {
    return [...this.#book.own.bid, ...this.#book.own.ask].map((order) => ({
      orderId: order.orderId,
      side: order.side,
      price: this.#scales.price.text(order.price),
      remaining: this.#scales.quantity.text(order.remaining),
    }));
  }

  /** Takes one event of the feed at venue time `at`. Throws an `Error` that names the update ids when the feed has a gap. */
  apply(event: FeedEvent, at: EpochMs): MarketChange {
    const step = new Step(this.#tape, at);
    if (event.kind === 'trade') this.#feedTrade(event, step);
    else this.#book.follow(event);
    this.#settle(step);
    return this.#done(step);
  }

  /**
   * Lets resting orders trade that the outside book has come to cross, as time alone can bring it about (our displacement
   * fades). `apply` and `submit` do it by themselves.
   */
  settle(at: EpochMs): MarketChange {
    const step = new Step(this.#tape, at);
    this.#settle(step);
    return this.#done(step);
  }

  /**
   * Matches a new order at venue time `at` and lets the rest of a GTC limit order rest. Throws a `RangeError` that names the field when
   * quantity or price is no number of the market's steps; nothing has happened then.
   */
  submit(order: MarketOrder, at: EpochMs): Submission {
    const quantity = this.#scales.quantity.units(order.quantity, 'quantity');
    const price = order.price === null ? null : this.#scales.price.safeUnits(order.price, 'price');
    return this.#submit({ ...order, quantity, price }, at);
  }

  /**
   * Lets an order wait for the tape to reach its stop price; nothing of it is in the book. `false` when the last price has reached it already, and
   * then it does not wait. On a tape without a print it waits for the first one. Throws a `RangeError` like `submit`.
   */
  waitForStop(order: StopOrder): boolean {
    const waiting = this.#waitingStop(order);
    if (this.#lastPrice !== null && isReached(waiting, this.#lastPrice)) return false;
    this.#stops.add(waiting);
    return true;
  }

  /**
   * Brings the next stop order whose price the tape has reached to the market, as the limit order that it is then; `null` when there is none. To be
   * called until then after whatever may have printed: what one of them trades can trigger another.
   */
  triggerNext(at: EpochMs): TriggeredStop | null {
    const order = this.#stops.next();
    if (order === null) return null;
    return { orderId: order.orderId, ...this.#submit({ ...order, postOnly: false }, at) };
  }

  #submit(order: UnitOrder, at: EpochMs): Submission {
    const { quantity, price } = order;
    const step = new Step(this.#tape, at);
    this.#settle(step);
    const matches = this.#book.matchesFor(order.side, price, quantity, at);
    const matched = matches.reduce((sum, match) => sum + match.quantity, 0n);
    const result = (outcome: Submission['outcome'], remaining: bigint): Submission => ({
      outcome,
      ...this.#done(step),
      remaining: this.#scales.quantity.text(remaining),
    });
    if (order.postOnly && matched > 0n) return result('would-take', quantity);
    if (order.timeInForce === 'FOK' && matched < quantity) return result('expired', quantity);
    this.#take(order.orderId, order.side, matches, step);
    const remaining = quantity - matched;
    if (remaining === 0n) return result('filled', 0n);
    if (price === null || order.timeInForce !== 'GTC') return result('expired', remaining);
    this.#book.rest({ orderId: order.orderId, side: order.side, price, remaining }, at);
    return result('rested', remaining);
  }

  /** Takes an order out that rests or waits for its stop price: what was left of it, or `null` when there is no such order. */
  cancel(orderId: number, _at: EpochMs): Decimal | null {
    const left = this.#book.remove(orderId)?.remaining ?? this.#stops.remove(orderId)?.quantity ?? null;
    return left === null ? null : this.#scales.quantity.text(left);
  }

  /** The `limit` best levels of each half as the public sees them at `at`: outside and own orders together. */
  depth(limit: number, at: EpochMs): DepthView {
    return this.#book.depth(limit, at);
  }

  /** Begins to watch the levels of the book: `bookChanges` then tells what has changed since it stood as `depth` shows it at `at`. */
  watchBook(at: EpochMs): BookWatch {
    return this.#book.watch(at);
  }

  /**
   * Every level that has differed since the watch began or was last asked, as it stands at `at`; `null` when the book is the same. Update ids
   * follow without a gap, and whoever applies the update to any `depth` seen in between has the book of its last id.
   */
  bookChanges(watch: BookWatch, at: EpochMs): BookUpdate | null {
    return this.#book.changes(watch, at);
  }

  unwatchBook(watch: BookWatch): void {
    this.#book.unwatch(watch);
  }

  /** Best bid and ask at `at`, or `null` while a half is empty. */
  best(at: EpochMs): Quote | null {
    return this.#book.best(at);
  }

  /**
   * Begins the rebuilding after a restart, on a market made with the `nextTradeId` that the tape had where the replayed feed begins.
   * `journal` holds every fill that this market ever gave out, in the order of their trade ids; those from before that place only
   * bring back their displacement. Follow with `replay` per event and one `finishReplay`.
   */
  beginReplay(journal: readonly MarketFill[]): void {
    this.#journal = new JournalReplay(journal);
    for (const { fill, displaces } of this.#journal.takeBefore(this.nextTradeId)) {
      if (displaces) this.#book.displace(fill.side, this.#scales.quantity.units(fill.quantity, 'quantity'), fill.at);
    }
  }

  /**
   * Takes one event that happened before the restart: book and tape follow it, resting orders do not trade, and the
   * journalled fills return to the tape ids and the displacement that they had. Gives the prints. Throws an `Error` when the
   * feed does not fit the journal.
   */
  replay(event: FeedEvent, at: EpochMs): readonly TapePrint[] {
    const step = new Step(this.#tape, at);
    if (event.kind === 'trade') this.#replayTrade(event, step);
    else this.#book.follow(event);
    this.#lastPrice = step.prices.at(-1) ?? this.#lastPrice;
    return step.prints;
  }

  /**
   * Ends the rebuilding: puts the journal's last fills on the tape and the open orders back, oldest first, each at the end of its
   * queue; `stops` wait again, for the next print. Throws an `Error` when the journal holds a fill that the replayed feed has not reached.
   */
  finishReplay(orders: readonly RestingOrder[], at: EpochMs, stops: readonly StopOrder[] = []): readonly TapePrint[] {
    const step = new Step(this.#tape, at);
    this.#replayFills(null, step);
    this.#journal.end();
    this.#journal = NO_JOURNAL;
    for (const { orderId, side, price, remaining } of orders) {
      this.#book.rest(
        {
          orderId,
          side,
          price: this.#scales.price.safeUnits(price, 'price'),
          remaining: this.#scales.quantity.units(remaining, 'remaining'),
        },
        at,
      );
    }
    const { prints } = this.#done(step);
    for (const stop of stops) this.#stops.add(this.#waitingStop(stop));
    return prints;
  }

  #waitingStop(order: StopOrder): WaitingStop {
    return {
      ...order,
      quantity: this.#scales.quantity.units(order.quantity, 'quantity'),
      price: this.#scales.price.safeUnits(order.price, 'price'),
      stop: this.#scales.price.safeUnits(order.stop, 'stop'),
    };
  }

  /** Ends a step: its prints are on the tape for everybody to see. */
  #done(step: Step): MarketChange {
    this.#lastPrice = step.prices.at(-1) ?? this.#lastPrice;
    this.#stops.printed(step.prices);
    return { fills: step.fills, prints: step.prints };
  }

  #replayTrade(event: TradeEvent, step: Step): void {
    this.#replayFills(null, step);
    const prints = step.prints.length;
    const ours = event.sourceId === null ? 0n : this.#replayFills(event.sourceId, step);
    const rest = this.#scales.quantity.units(event.quantity, 'trade quantity') - ours;
    const price = this.#scales.price.safeUnits(event.price, 'trade price');
    if (rest > 0n) step.print(price, rest, event.buyerIsMaker, event.sourceId, false);
    this.#extraPrints += step.prints.length - prints - 1;
  }

  /** Prints the journalled fills of that source that come next on the tape and gives their quantity. */
  #replayFills(sourceId: number | null, step: Step): bigint {
    let total = 0n;
    for (;;) {
      const next = this.#journal.take(this.nextTradeId, sourceId);
      if (next === null) return total;
      const { fill, displaces } = next;
      const quantity = this.#scales.quantity.units(fill.quantity, 'quantity');
      const price = this.#scales.price.safeUnits(fill.price, 'price');
      step.print(price, quantity, (fill.side === 'buy') === fill.maker, sourceId, true, fill.at);
      if (displaces) this.#book.displace(fill.side, quantity, fill.at);
      if (sourceId === null) this.#extraPrints += 1;
      total += quantity;
    }
  }

  #take(orderId: number, side: Side, matches: readonly QueueMatch[], step: Step): void {
    let outside = 0n;
    for (const match of matches) {
      const print = step.print(match.price, match.quantity, side === 'sell', null, true);
      if (match.order === null) {
        outside += match.quantity;
        this.#book.own[side === 'buy' ? 'ask' : 'bid'].moveUp(match.price, match.quantity);
      } else {
        this.#book.reduce(match.order, match.quantity);
        step.fill(match.order, print, true);
      }
      step.fill({ orderId, side }, print, false);
    }
    if (outside > 0n) this.#book.displace(side, outside, step.at);
    this.#extraPrints += matches.length;
  }

  /**
   * A trade of the feed. Our orders priced better than it would have been reached first and trade in full; at its own price it
   * works through the queue of the half that it hit. Our parts print at our prices, the rest unchanged: the volume of the tape stays.
   */
  #feedTrade(event: TradeEvent, step: Step): void {
    const price = this.#scales.price.safeUnits(event.price, 'trade price');
    const quantity = this.#scales.quantity.units(event.quantity, 'trade quantity');
    let open = wholeLots(this.#scales, quantity);
    let ours = 0n;
    const make = (order: QueuedOrder, part: bigint): void => {
      const print = step.print(order.price, part, order.side === 'buy', event.sourceId, true);
      this.#book.reduce(order, part);
      step.fill(order, print, true);
      open -= part;
      ours += part;
    };
    for (const own of [this.#book.own.bid, this.#book.own.ask]) {
      for (let order = own.best; order !== null && open > 0n; order = own.best) {
        if (!isBetter(own.half, order.price, price)) break;
        make(order, order.remaining < open ? order.remaining : open);
      }
    }
    const hit = this.#book.own[event.buyerIsMaker ? 'bid' : 'ask'];
    for (const match of matchQueue(price, hit.at(price), open, open)) {
      if (match.order === null) hit.moveUp(price, match.quantity);
      else make(match.order, match.quantity);
    }
    if (ours < quantity) step.print(price, quantity - ours, event.buyerIsMaker, event.sourceId, false);
    this.#extraPrints += step.prints.length - 1;
  }

  /** Trades resting orders at their own prices against the outside that has come to or through them, best first. */
  #settle(step: Step): void {
    for (const own of [this.#book.own.bid, this.#book.own.ask]) {
      for (let order = own.best; order !== null; order = own.best) {
        const quantity = this.#book.crossing(order, step.at);
        if (quantity === 0n) break;
        const print = step.print(order.price, quantity, order.side === 'buy', null, true);
        this.#book.reduce(order, quantity);
        step.fill(order, print, true);
        this.#book.displace(order.side, quantity, step.at);
        this.#extraPrints += 1;
      }
    }
  }
}
