import type { EpochMs } from '../market/decimal.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';
import { type BookHalf, isBetter, type UnitLevel } from './book-side.ts';
import { type BookWatch, BookWatchers } from './book-watch.ts';
import { Displacement } from './displacement.ts';
import type { FeedEvent, Level } from './feed.ts';
import type { BookUpdate, DepthView, MarketConfig } from './market-types.ts';
import { mergedLevels } from './merged-levels.ts';
import { OutsideBook } from './outside-book.ts';
import { QuoteCheck } from './quote-check.ts';
import { matchQueue, type QueuedOrder, type QueueMatch, RestingOrders } from './resting-orders.ts';
import type { MarketScales } from './scale.ts';

const OPPOSITE: Record<BookHalf, BookHalf> = { bid: 'ask', ask: 'bid' };

/** The half of the book in which an order of that side rests. */
const HALF_OF: Record<Side, BookHalf> = { buy: 'bid', sell: 'ask' };

/** More than any level holds, in quantity units. */
const UNKNOWN_QUEUE = 10n ** 30n;

/** The book that everybody sees: the outside levels less our displacement, and our own resting orders among them. */
export class PublicBook {
  readonly outside: OutsideBook;
  readonly quoteCheck: QuoteCheck;
  readonly own = { bid: new RestingOrders('bid'), ask: new RestingOrders('ask') };
  readonly #scales: MarketScales;
  readonly #displacement: Displacement;
  readonly #watchers = new BookWatchers();
  #ownUpdates = 0;
  #published = { bid: 0n, ask: 0n };

  constructor(config: MarketConfig, scales: MarketScales) {
    this.#scales = scales;
    this.outside = new OutsideBook(scales);
    this.quoteCheck = new QuoteCheck(scales);
    this.#displacement = new Displacement(config.impact, scales.lot);
  }

  /** Follows an event of the feed that is no trade. Throws an `Error` that names the update ids at a gap. */
  follow(event: Exclude<FeedEvent, { kind: 'trade' }>): void {
    if (event.kind === 'quote') {
      this.quoteCheck.add(event);
    } else if (this.outside.apply(event)) {
      this.quoteCheck.compare(this.outside);
      this.own.bid.capQueues(this.outside.bids);
      this.own.ask.capQueues(this.outside.asks);
    }
  }

  /** What an order would trade against, best first and nothing beyond its price (`null`: any price); changes nothing. */
  matchesFor(side: Side, price: number | null, quantity: bigint, at: EpochMs): QueueMatch[] {
    const half = OPPOSITE[HALF_OF[side]];
    const matches: QueueMatch[] = [];
    let open = quantity;
    for (const level of mergedLevels(half, this.#effective(half, at), this.own[half])) {
      if (open === 0n || (price !== null && isBetter(half, price, level.price))) break;
      for (const match of matchQueue(level.price, level.orders, level.outside, open)) {
        matches.push(match);
        open -= match.quantity;
      }
    }
    return matches;
  }

  /** How much of a resting order the outside could trade now because it has come to or through the order's price. */
  crossing(order: QueuedOrder, at: EpochMs): bigint {
    const half = OPPOSITE[HALF_OF[order.side]];
    let quantity = 0n;
    for (const level of this.#effective(half, at)) {
      if (isBetter(half, order.price, level.price) || quantity >= order.remaining) break;
      quantity += level.quantity;
    }
    return quantity < order.remaining ? quantity : order.remaining;
  }

  /** An order of ours on `side` has taken outside liquidity: it stays missing as the impact model says. */
  displace(side: Side, quantity: bigint, at: EpochMs): void {
    this.#displacement.take(OPPOSITE[HALF_OF[side]], quantity, at);
    this.#ownUpdates += 1;
  }

  /** Lets an order rest behind everything that stands at its price. */
  rest(order: Omit<QueuedOrder, 'ahead'>, at: EpochMs): void {
    const half = HALF_OF[order.side];
    // Before the first snapshot nobody knows who stands there: the snapshot cuts this down to its own level.
    let ahead = this.outside.ready ? 0n : UNKNOWN_QUEUE;
    for (const level of this.#effective(half, at)) {
      if (level.price === order.price) ahead = level.quantity;
      if (!isBetter(half, level.price, order.price)) break;
    }
    this.own[half].add({ ...order, ahead });
    this.#ownUpdates += 1;
  }

  /** Takes an order out, or returns `null` when it does not rest here. */
  remove(orderId: number): QueuedOrder | null {
    const order = this.own.bid.remove(orderId) ?? this.own.ask.remove(orderId);
    if (order !== null) this.#ownUpdates += 1;
    return order;
  }

  /** A resting order has traded: less of it is left, or nothing. */
  reduce(order: QueuedOrder, quantity: bigint): void {
    this.own[HALF_OF[order.side]].reduce(order, quantity);
    this.#ownUpdates += 1;
  }

  /** The `limit` best levels of each half. */
  depth(limit: number, at: EpochMs): DepthView {
    return { lastUpdateId: this.#show(at), bids: this.#view('bid', limit, at), asks: this.#view('ask', limit, at) };
  }

  /** Begins to watch the levels; updates follow the book as `depth` shows it at `at`. */
  watch(at: EpochMs): BookWatch {
    return this.#watchers.open(this.#publish(at), (half) => this.#visible(half, at));
  }

  /** What has changed since the watch began or was last asked; `null` when nothing has. */
  changes(watch: BookWatch, at: EpochMs): BookUpdate | null {
    this.#show(at);
    return this.#watchers.take(watch, this.#text);
  }

  unwatch(watch: BookWatch): void {
    this.#watchers.close(watch);
  }

  best(at: EpochMs): Quote | null {
    const [bid] = this.#view('bid', 1, at);
    const [ask] = this.#view('ask', 1, at);
    if (bid === undefined || ask === undefined) return null;
    return { bid: bid[0], bidQuantity: bid[1], ask: ask[0], askQuantity: ask[1], at };
  }

  #effective(half: BookHalf, at: EpochMs): Generator<UnitLevel, void, undefined> {
    const side = half === 'bid' ? this.outside.bids : this.outside.asks;
    return side.levels(this.#displacement.missing(half, at));
  }

  #view(half: BookHalf, limit: number, at: EpochMs): Level[] {
    const levels: Level[] = [];
    for (const { price, quantity } of this.#visible(half, at)) {
      if (levels.length === limit) break;
      levels.push(this.#text(price, quantity));
    }
    return levels;
  }

  /** The levels of a half that the public sees, outside and own quantity together. */
  *#visible(half: BookHalf, at: EpochMs): Generator<UnitLevel, void, undefined> {
    const wall = this.own[OPPOSITE[half]].best;
    for (const level of mergedLevels(half, this.#effective(half, at), this.own[half])) {
      // Outside levels at or through one of our resting orders are about to trade with it: showing them would cross the book.
      if (wall !== null && !isBetter(OPPOSITE[half], level.price, wall.price)) continue;
      const own = level.orders.reduce((sum, order) => sum + order.remaining, 0n);
      yield { price: level.price, quantity: level.outside + own };
    }
  }

  readonly #text = (price: number, quantity: bigint): Level => [
    this.#scales.price.text(price),
    this.#scales.quantity.text(quantity),
  ];

  /** The id of the book as somebody is about to see it; watchers take note of it. */
  #show(at: EpochMs): number {
    const updateId = this.#publish(at);
    this.#watchers.look(updateId, (half) => this.#visible(half, at));
    return updateId;
  }

  /**
   * The id of the last change of the book. Counts a change when our displacement has faded since the book was last shown: the same id must mean
   * the same book.
   */
  #publish(at: EpochMs): number {
    const now = { bid: this.#displacement.missing('bid', at), ask: this.#displacement.missing('ask', at) };
    if (now.bid !== this.#published.bid || now.ask !== this.#published.ask) this.#ownUpdates += 1;
    this.#published = now;
    return this.outside.lastUpdateId + this.#ownUpdates;
  }
}
