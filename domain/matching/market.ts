import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';
import { type BookHalf, type BookSide, isBetter, type UnitLevel } from './book-side.ts';
import { Displacement } from './displacement.ts';
import type { FeedEvent, Level } from './feed.ts';
import { JournalReplay } from './journal-replay.ts';
import type {
  DepthView,
  MarketChange,
  MarketConfig,
  MarketFill,
  MarketOrder,
  RestingOrder,
  Submission,
  TapePrint,
} from './market-types.ts';
import { mergedLevels } from './merged-levels.ts';
import { OutsideBook } from './outside-book.ts';
import { QuoteCheck, type QuoteCheckCounts } from './quote-check.ts';
import { matchQueue, type QueuedOrder, type QueueMatch, RestingOrders } from './resting-orders.ts';
import { type MarketScales, marketScales } from './scale.ts';
import { Step } from './step.ts';
import { Tape } from './tape.ts';

type TradeEvent = Extract<FeedEvent, { kind: 'trade' }>;

const NO_JOURNAL = new JournalReplay([]);
const OPPOSITE: Record<BookHalf, BookHalf> = { bid: 'ask', ask: 'bid' };
const HALF_OF: Record<Side, BookHalf> = { buy: 'bid', sell: 'ask' };

/**
 * One simulated market: the outside book less what our trading has taken from it, our own resting orders among it in
 * price-time priority, and one gapless public tape. Pure: every method that depends on time takes the venue's wall time `at`
 * (ms), which must not go back. Quantities of orders must be whole lots and prices whole ticks; the venue above checks that.
 */
export class Market {
  readonly config: MarketConfig;
  readonly #scales: MarketScales;
  readonly #outside: OutsideBook;
  readonly #displacement: Displacement;
  readonly #own = { bid: new RestingOrders('bid'), ask: new RestingOrders('ask') };
  readonly #tape: Tape;
  readonly #quoteCheck: QuoteCheck;
  #journal = NO_JOURNAL;
  #ownUpdates = 0;
  #published = { bid: 0n, ask: 0n };

  /** `nextTradeId` is the id that the next print gets. */
  constructor(config: MarketConfig, nextTradeId: number) {
    this.config = config;
    this.#scales = marketScales(config);
    this.#outside = new OutsideBook(this.#scales);
    this.#displacement = new Displacement(config.impact, this.#scales.quantity.units(config.lot, 'lot'));
    this.#tape = new Tape(this.#scales, nextTradeId);
    this.#quoteCheck = new QuoteCheck(this.#scales);
  }

  /** Whether the outside book has had its snapshot: before that there are no prices, and orders find no liquidity. */
  get ready(): boolean {
    return this.#outside.ready;
  }

  get nextTradeId(): number {
    return this.#tape.nextTradeId;
  }

  /** How often recorded quotes agreed with the book. */
  get quoteCheck(): QuoteCheckCounts {
    return this.#quoteCheck.counts;
  }

  /** Our orders that rest, best first, bids before asks. */
  get restingOrders(): readonly RestingOrder[] {
    return [...this.#own.bid, ...this.#own.ask].map((order) => ({
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
    else this.#follow(event);
    this.#settle(step);
    return { fills: step.fills, prints: step.prints };
  }

  /**
   * Lets resting orders trade that the outside book has come to cross, as time alone can bring it about (our displacement
   * fades). `apply` and `submit` do it by themselves.
   */
  settle(at: EpochMs): MarketChange {
    const step = new Step(this.#tape, at);
    this.#settle(step);
    return { fills: step.fills, prints: step.prints };
  }

  /** Matches a new order at venue time `at` and lets the rest of a GTC limit order rest. */
  submit(order: MarketOrder, at: EpochMs): Submission {
    const step = new Step(this.#tape, at);
    this.#settle(step);
    const quantity = this.#scales.quantity.units(order.quantity, 'quantity');
    const price = order.price === null ? null : this.#scales.price.safeUnits(order.price, 'price');
    const matches = this.#matchesFor(order.side, price, quantity, at);
    const matched = matches.reduce((sum, match) => sum + match.quantity, 0n);
    const result = (outcome: Submission['outcome'], remaining: bigint): Submission => ({
      outcome,
      fills: step.fills,
      prints: step.prints,
      remaining: this.#scales.quantity.text(remaining),
    });
    if (order.postOnly && matched > 0n) return result('would-take', quantity);
    if (order.timeInForce === 'FOK' && matched < quantity) return result('expired', quantity);
    this.#take(order.orderId, order.side, matches, step);
    const remaining = quantity - matched;
    if (remaining === 0n) return result('filled', 0n);
    if (price === null || order.timeInForce !== 'GTC') return result('expired', remaining);
    this.#rest(order.orderId, order.side, price, remaining, at);
    return result('rested', remaining);
  }

  /** Takes a resting order out: what was left of it, or `null` when no such order rests. */
  cancel(orderId: number, _at: EpochMs): Decimal | null {
    const order = this.#own.bid.remove(orderId) ?? this.#own.ask.remove(orderId);
    if (order === null) return null;
    this.#ownUpdates += 1;
    return this.#scales.quantity.text(order.remaining);
  }

  /** The `limit` best levels of each half as the public sees them at `at`: outside and own orders together. */
  depth(limit: number, at: EpochMs): DepthView {
    this.#publish(at);
    return {
      lastUpdateId: this.#outside.lastUpdateId + this.#ownUpdates,
      bids: this.#view('bid', limit, at),
      asks: this.#view('ask', limit, at),
    };
  }

  /** Best bid and ask at `at`, or `null` while a half is empty. */
  best(at: EpochMs): Quote | null {
    const [bid] = this.#view('bid', 1, at);
    const [ask] = this.#view('ask', 1, at);
    if (bid === undefined || ask === undefined) return null;
    return { bid: bid[0], bidQuantity: bid[1], ask: ask[0], askQuantity: ask[1], at };
  }

  #outsideOf(half: BookHalf): BookSide {
    return half === 'bid' ? this.#outside.bids : this.#outside.asks;
  }

  #effective(half: BookHalf, at: EpochMs): Generator<UnitLevel, void, undefined> {
    return this.#outsideOf(half).levels(this.#displacement.missing(half, at));
  }

  /**
   * Begins the rebuilding after a restart: `journal` holds every fill that this market ever gave out, in the order of their
   * trade ids, from the point on at which the replayed feed begins. Follow with `replay` per event and one `finishReplay`.
   */
  beginReplay(journal: readonly MarketFill[]): void {
    this.#journal = new JournalReplay(journal);
  }

  /**
   * Takes one event that happened before the restart: book and tape follow it, resting orders do not trade, and the
   * journalled fills return to the tape ids and the displacement that they had. Gives the prints.
   */
  replay(event: FeedEvent, at: EpochMs): readonly TapePrint[] {
    const step = new Step(this.#tape, at);
    if (event.kind === 'trade') this.#replayTrade(event, step);
    else this.#follow(event);
    return step.prints;
  }

  /** Ends the rebuilding: puts the journal's last fills on the tape and the open orders back, at the end of their queues. */
  finishReplay(orders: readonly RestingOrder[], at: EpochMs): readonly TapePrint[] {
    const step = new Step(this.#tape, at);
    this.#replayFills(null, step);
    this.#journal.end();
    this.#journal = NO_JOURNAL;
    for (const order of orders) {
      const price = this.#scales.price.safeUnits(order.price, 'price');
      this.#rest(order.orderId, order.side, price, this.#scales.quantity.units(order.remaining, 'remaining'), at);
    }
    return step.prints;
  }

  #replayTrade(event: TradeEvent, step: Step): void {
    this.#replayFills(null, step);
    const ours = event.sourceId === null ? 0n : this.#replayFills(event.sourceId, step);
    const rest = this.#scales.quantity.units(event.quantity, 'trade quantity') - ours;
    const price = this.#scales.price.safeUnits(event.price, 'trade price');
    if (rest > 0n) step.print(price, rest, event.buyerIsMaker, event.sourceId, false);
  }

  /** Prints the journalled fills that come next on the tape and gives their quantity. */
  #replayFills(sourceId: number | null, step: Step): bigint {
    let total = 0n;
    for (;;) {
      const next = this.#journal.take(this.#tape.nextTradeId, sourceId);
      if (next === null) return total;
      const { fill, betweenOwn } = next;
      const quantity = this.#scales.quantity.units(fill.quantity, 'quantity');
      const price = this.#scales.price.safeUnits(fill.price, 'price');
      step.print(price, quantity, (fill.side === 'buy') === fill.maker, sourceId, true, fill.at);
      if (sourceId === null && !betweenOwn) this.#displacement.take(OPPOSITE[HALF_OF[fill.side]], quantity, fill.at);
      this.#ownUpdates += 1;
      total += quantity;
    }
  }

  /** Keeps book and quote check with an event that is no trade. */
  #follow(event: Exclude<FeedEvent, TradeEvent>): void {
    if (event.kind === 'quote') {
      this.#quoteCheck.add(event);
    } else if (this.#outside.apply(event)) {
      this.#quoteCheck.compare(this.#outside);
      this.#own.bid.capQueues(this.#outside.bids);
      this.#own.ask.capQueues(this.#outside.asks);
    }
  }

  /** What an order would trade against, best first and nothing beyond its price; changes nothing. */
  #matchesFor(side: Side, price: number | null, quantity: bigint, at: EpochMs): QueueMatch[] {
    const half = OPPOSITE[HALF_OF[side]];
    const matches: QueueMatch[] = [];
    let open = quantity;
    for (const level of mergedLevels(half, this.#effective(half, at), this.#own[half])) {
      if (open === 0n || (price !== null && isBetter(half, price, level.price))) break;
      for (const match of matchQueue(level.price, level.orders, level.outside, open)) {
        matches.push(match);
        open -= match.quantity;
      }
    }
    return matches;
  }

  #take(orderId: number, side: Side, matches: readonly QueueMatch[], step: Step): void {
    const half = OPPOSITE[HALF_OF[side]];
    let outsideTaken = 0n;
    for (const match of matches) {
      const print = step.print(match.price, match.quantity, side === 'sell', null, true);
      if (match.order === null) {
        outsideTaken += match.quantity;
        this.#own[half].moveUp(match.price, match.quantity);
      } else {
        this.#own[half].reduce(match.order, match.quantity);
        step.fill(match.order, print, true);
      }
      step.fill({ orderId, side }, print, false);
      this.#ownUpdates += 1;
    }
    this.#displacement.take(half, outsideTaken, step.at);
  }

  #rest(orderId: number, side: Side, price: number, remaining: bigint, at: EpochMs): void {
    const half = HALF_OF[side];
    let ahead = 0n;
    for (const level of this.#effective(half, at)) {
      if (level.price === price) ahead = level.quantity;
      if (!isBetter(half, level.price, price)) break;
    }
    this.#own[half].add({ orderId, side, price, remaining, ahead });
    this.#ownUpdates += 1;
  }

  /**
   * A trade of the feed. Our orders priced better than it would have been reached first and trade in full; at its own price it
   * works through the queue of the half that it hit. Our parts print at our prices, the rest unchanged: the volume of the tape stays.
   */
  #feedTrade(event: TradeEvent, step: Step): void {
    const price = this.#scales.price.safeUnits(event.price, 'trade price');
    let open = this.#scales.quantity.units(event.quantity, 'trade quantity');
    const make = (order: QueuedOrder, quantity: bigint): void => {
      const print = step.print(order.price, quantity, order.side === 'buy', event.sourceId, true);
      this.#own[HALF_OF[order.side]].reduce(order, quantity);
      step.fill(order, print, true);
      this.#ownUpdates += 1;
      open -= quantity;
    };
    for (const own of [this.#own.bid, this.#own.ask]) {
      for (let order = own.best; order !== null && open > 0n; order = own.best) {
        if (!isBetter(own.half, order.price, price)) break;
        make(order, order.remaining < open ? order.remaining : open);
      }
    }
    const hit = this.#own[event.buyerIsMaker ? 'bid' : 'ask'];
    for (const match of matchQueue(price, hit.at(price), open, open)) {
      if (match.order === null) hit.moveUp(price, match.quantity);
      else make(match.order, match.quantity);
    }
    if (open > 0n) step.print(price, open, event.buyerIsMaker, event.sourceId, false);
  }

  #settle(step: Step): void {
    for (const half of ['bid', 'ask'] as const) {
      const other = OPPOSITE[half];
      for (let order = this.#own[half].best; order !== null; order = this.#own[half].best) {
        if (!this.#settleOrder(order, other, step)) break;
      }
    }
  }

  /** Trades one resting order at its own price against outside liquidity that has come to or through that price. */
  #settleOrder(order: QueuedOrder, other: BookHalf, step: Step): boolean {
    let taken = 0n;
    for (const level of this.#effective(other, step.at)) {
      if (isBetter(other, order.price, level.price) || taken === order.remaining) break;
      const open = order.remaining - taken;
      taken += level.quantity < open ? level.quantity : open;
    }
    if (taken === 0n) return false;
    const print = step.print(order.price, taken, order.side === 'buy', null, true);
    this.#own[OPPOSITE[other]].reduce(order, taken);
    step.fill(order, print, true);
    this.#displacement.take(other, taken, step.at);
    this.#ownUpdates += 1;
    return true;
  }

  #view(half: BookHalf, limit: number, at: EpochMs): Level[] {
    const levels: Level[] = [];
    const wall = this.#own[OPPOSITE[half]].best;
    for (const level of mergedLevels(half, this.#effective(half, at), this.#own[half])) {
      if (levels.length === limit) break;
      // Outside levels at or through one of our resting orders are about to trade with it: showing them would cross the book.
      if (wall !== null && !isBetter(OPPOSITE[half], level.price, wall.price)) continue;
      const own = level.orders.reduce((sum, order) => sum + order.remaining, 0n);
      levels.push([this.#scales.price.text(level.price), this.#scales.quantity.text(level.outside + own)]);
    }
    return levels;
  }

  /** Counts a change when our displacement has faded since the book was last shown: the same id must mean the same book. */
  #publish(at: EpochMs): void {
    const now = { bid: this.#displacement.missing('bid', at), ask: this.#displacement.missing('ask', at) };
    if (now.bid !== this.#published.bid || now.ask !== this.#published.ask) this.#ownUpdates += 1;
    this.#published = now;
  }
}
