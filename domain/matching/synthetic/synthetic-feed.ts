import type { FeedEvent, Level } from '../feed.ts';
import { hash, hashRatio, hashText } from './noise.ts';
import { STEP_MS, type StepBook, SyntheticBook, type SyntheticMarket } from './synthetic-book.ts';
import { tradesBefore } from './trade-counts.ts';

const MINUTE_MS = 60000;
const STEPS_PER_MINUTE = MINUTE_MS / STEP_MS;
const KIND = { counts: 11, time: 12, side: 13, size: 14 } as const;

type Snapshot = Extract<FeedEvent, { kind: 'snapshot' }>;
type Depth = Extract<FeedEvent, { kind: 'depth' }>;
type Trade = Extract<FeedEvent, { kind: 'trade' }>;

/**
 * A seeded outside market. Feed time is venue time; any minute (counted from 1970) can be made without those before it, and
 * the blocks of successive minutes join without a seam: start with `snapshot(m)`, then apply `block(m)`, `block(m + 1)`, and
 * so on. Update ids count the steps of the book, a trade's `sourceId` counts the trades since 1970.
 */
export class SyntheticFeed {
  readonly #seed: number;
  readonly #book: SyntheticBook;

  /** `seed` is any safe integer; markets of different symbols differ under the same seed. Throws like `SyntheticBook`. */
  constructor(market: SyntheticMarket, seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed ${seed} is not a whole number`);
    this.#seed = hashText(hash(0, seed), market.symbol);
    this.#book = new SyntheticBook(market, this.#seed);
  }

  /** The whole book at the start of that minute. */
  snapshot(minute: number): Snapshot {
    const step = minute * STEPS_PER_MINUTE;
    const book = this.#book.at(step);
    return {
      kind: 'snapshot',
      t: minute * MINUTE_MS,
      lastUpdateId: step,
      bids: this.#levels(book.bids),
      asks: this.#levels(book.asks),
    };
  }

  /** The events with `minute * 60000 <= t < (minute + 1) * 60000` in order. */
  block(minute: number): readonly FeedEvent[] {
    const first = minute * STEPS_PER_MINUTE;
    const trades = this.trades(minute);
    const events: FeedEvent[] = [];
    let before = this.#book.at(first - 1);
    let next = 0;
    for (let step = first; step < first + STEPS_PER_MINUTE; step += 1) {
      const book = this.#book.at(step);
      events.push(this.#depth(step, before, book));
      for (let trade = trades[next]; trade !== undefined && trade.t < (step + 1) * STEP_MS; trade = trades[next]) {
        events.push(trade);
        next += 1;
      }
      before = book;
    }
    return events;
  }

  /** Only the trades of that minute: many times faster than the whole block, for a long history of prices. */
  trades(minute: number): readonly Trade[] {
    const first = this.tradesBefore(minute);
    const count = this.tradesBefore(minute + 1) - first;
    const offsets = Array.from({ length: count }, (_, index) => hash(this.#seed, KIND.time, first + index) % MINUTE_MS);
    return offsets
      .sort((a, b) => a - b)
      .map((offset, index) => this.#trade(first + index, minute * MINUTE_MS + offset));
  }

  /** How many trades the feed has from 1970 to the start of that minute: constant time, nothing is generated. */
  tradesBefore(minute: number): number {
    return tradesBefore(hash(this.#seed, KIND.counts), minute);
  }

  /** A trade at the best price of the hit half; sizes have a heavy tail (mean about 12,000 quote) but never exceed the level. */
  #trade(index: number, t: number): Trade {
    const touch = this.#book.touch(Math.floor(t / STEP_MS));
    const buyerIsMaker = hash(this.#seed, KIND.side, index) % 2 === 0;
    const price = buyerIsMaker ? touch.bid : touch.ask;
    const shown = buyerIsMaker ? touch.bidLots : touch.askLots;
    const ratio = hashRatio(this.#seed, KIND.size, index);
    const lots = Math.min(shown, this.#book.lotsWorth((4000 * ratio) / (1.02 - ratio), price));
    return {
      kind: 'trade',
      t,
      sourceId: index,
      price: this.#book.priceText(price),
      quantity: this.#book.quantityText(lots),
      buyerIsMaker,
    };
  }

  #depth(step: number, before: StepBook, after: StepBook): Depth {
    return {
      kind: 'depth',
      t: step * STEP_MS,
      firstUpdateId: step,
      lastUpdateId: step,
      bids: this.#changes(before.bids, after.bids),
      asks: this.#changes(before.asks, after.asks),
    };
  }

  #changes(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): Level[] {
    const gone = [...before.keys()].filter((price) => !after.has(price));
    const changed = [...after].filter(([price, lots]) => before.get(price) !== lots);
    return [...gone.map((price): Level => [this.#book.priceText(price), '0']), ...this.#levels(changed)];
  }

  #levels(levels: Iterable<readonly [ticks: number, lots: number]>): Level[] {
    return Array.from(levels, ([ticks, lots]) => [this.#book.priceText(ticks), this.#book.quantityText(lots)]);
  }
}
