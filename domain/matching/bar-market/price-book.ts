import type { Decimal, EpochMs } from '../../market/decimal.ts';
import type { Quote } from '../../market/quote.ts';
import type { Side } from '../../orders/order.ts';
import type { BookHalf, UnitLevel } from '../book-side.ts';
import { type BookWatch, BookWatchers } from '../book-watch.ts';
import type { Level } from '../feed.ts';
import type { BookUpdate, DepthView } from '../market-types.ts';
import { type MarketScales, wholeLots } from '../scale.ts';

/** What either side shows, in base: as much as one order may have. */
const SHOWN_QUANTITY: Decimal = '9000';

/** What the public sees of a market that has a last price and no book: one bid and one ask, a tick around it. Prices are in units of the scales. */
export class PriceBook {
  readonly #scales: MarketScales;
  readonly #tick: number;
  readonly #quantity: bigint;
  readonly #watchers = new BookWatchers();
  #last: number;
  #updateId = 1;

  constructor(scales: MarketScales, tick: number, last: number) {
    this.#scales = scales;
    this.#tick = tick;
    this.#quantity = wholeLots(scales, scales.quantity.units(SHOWN_QUANTITY, 'quantity'));
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  moveTo(price: number): void {
    if (price === this.#last) return;
    this.#last = price;
    this.#updateId += 1;
  }

  /** The price that an order of that side would take. */
  opposite(side: Side): number {
    return this.#price(side === 'buy' ? 'ask' : 'bid');
  }

  depth(): DepthView {
    this.#look();
    const side = (half: BookHalf) => this.#levels(half).map(({ price, quantity }) => this.#text(price, quantity));
    return { lastUpdateId: this.#updateId, bids: side('bid'), asks: side('ask') };
  }

  best(at: EpochMs): Quote | null {
    const [bid] = this.depth().bids;
    const [ask] = this.depth().asks;
    if (bid === undefined || ask === undefined) return null;
    return { bid: bid[0], bidQuantity: bid[1], ask: ask[0], askQuantity: ask[1], at };
  }

  watch(): BookWatch {
    return this.#watchers.open(this.#updateId, (half) => this.#levels(half));
  }

  changes(watch: BookWatch): BookUpdate | null {
    this.#look();
    return this.#watchers.take(watch, (price, quantity) => this.#text(price, quantity));
  }

  unwatch(watch: BookWatch): void {
    this.#watchers.close(watch);
  }

  #look(): void {
    this.#watchers.look(this.#updateId, (half) => this.#levels(half));
  }

  /** No bid below one tick. */
  #levels(half: BookHalf): readonly UnitLevel[] {
    const price = this.#price(half);
    return price > 0 ? [{ price, quantity: this.#quantity }] : [];
  }

  #price(half: BookHalf): number {
    return half === 'bid' ? this.#last - this.#tick : this.#last + this.#tick;
  }

  #text(price: number, quantity: bigint): Level {
    return [this.#scales.price.text(price), this.#scales.quantity.text(quantity)];
  }
}
