import { BookSide } from './book-side.ts';
import type { FeedEvent, Level } from './feed.ts';
import { type MarketScales, wholeLots } from './scale.ts';

type Snapshot = Extract<FeedEvent, { kind: 'snapshot' }>;
type Depth = Extract<FeedEvent, { kind: 'depth' }>;

/**
 * The book of the outside market, kept from one snapshot and the depth events around it by the venue's own rules: events
 * that end at or before the snapshot are dropped, the first applied one must contain the snapshot's successor, later ones
 * must follow without a gap. Events that arrive before the snapshot are kept and applied after it. Levels count whole lots only.
 * @see https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#how-to-manage-a-local-order-book-correctly
 */
export class OutsideBook {
  readonly bids = new BookSide('bid');
  readonly asks = new BookSide('ask');
  readonly #scales: MarketScales;
  #lastUpdateId: number | null = null;
  #straddled = false;
  #early: Depth[] = [];

  constructor(scales: MarketScales) {
    this.#scales = scales;
  }

  /** Whether a snapshot has been applied. */
  get ready(): boolean {
    return this.#lastUpdateId !== null;
  }

  /** Id of the last update in the book; 0 before the snapshot. */
  get lastUpdateId(): number {
    return this.#lastUpdateId ?? 0;
  }

  get crossed(): boolean {
    const bid = this.bids.best();
    const ask = this.asks.best();
    return bid !== null && ask !== null && bid.price >= ask.price;
  }

  /** Applies one event; says whether the book may have changed. Throws an `Error` that names the update ids at a gap. */
  apply(event: Snapshot | Depth): boolean {
    if (event.kind === 'snapshot') return this.#start(event);
    if (this.#lastUpdateId === null) {
      this.#early.push(event);
      return false;
    }
    return this.#advance(event, this.#lastUpdateId);
  }

  #start(snapshot: Snapshot): boolean {
    this.bids.clear();
    this.asks.clear();
    this.#put(snapshot.bids, snapshot.asks);
    this.#lastUpdateId = snapshot.lastUpdateId;
    this.#straddled = false;
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#advance(event, this.lastUpdateId);
    return true;
  }

  #advance(event: Depth, last: number): boolean {
    if (event.lastUpdateId <= last) return false;
    const follows = this.#straddled ? event.firstUpdateId === last + 1 : event.firstUpdateId <= last + 1;
    if (!follows) {
      throw new Error(
        `depth event with update ids ${event.firstUpdateId} to ${event.lastUpdateId} does not follow ${last}: ` +
          `updates ${last + 1} to ${event.firstUpdateId - 1} are missing, take a new snapshot`,
      );
    }
    this.#put(event.bids, event.asks);
    this.#lastUpdateId = event.lastUpdateId;
    this.#straddled = true;
    return true;
  }

  #put(bids: readonly Level[], asks: readonly Level[]): void {
    for (const level of bids) this.#set(this.bids, level);
    for (const level of asks) this.#set(this.asks, level);
  }

  #set(side: BookSide, [price, quantity]: Level): void {
    const units = this.#scales.quantity.units(quantity, `${side.half} quantity`);
    side.set(this.#scales.price.safeUnits(price, `${side.half} price`), wholeLots(this.#scales, units));
  }
}
