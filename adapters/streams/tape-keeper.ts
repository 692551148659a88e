import Big from 'big.js';
import { type DurationMs, type EpochMs, toText } from '../../domain/market/decimal.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import type { TapeCoverage, TapeSecond } from '../ports/tape-store.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { TapeSource } from '../venues/capabilities/capability.ts';
import type { TapeClock } from '../venues/tape.ts';

/** A tape that was left longer ago is begun anew: reading up on it would take the venue's request budget for minutes. */
const LONGEST_ABSENCE_MS: DurationMs = 10 * 60_000;
/** How far back a tape that is begun anew reaches. */
const HEAD_START_MS: DurationMs = 60_000;
/** Prints of the last instant may be published this much after it. */
const PUBLICATION_LAG_MS: DurationMs = 250;
/** How often, and how long apart, the history is asked again when it lags behind the stream. */
const CATCH_UP_ATTEMPTS = 20;
const CATCH_UP_PAUSE_MS: DurationMs = 250;
/** Prints that wait behind a gap; those beyond are read again from the history. */
const MOST_WAITING = 20_000;

export interface TapeKeeperSettings {
  readonly source: TapeSource;
  readonly clock: TapeClock;
  /** Told of every stretch of prints that the stream left out. */
  readonly onGap: (reason: string) => void;
}

interface SecondSoFar {
  quantity: Big;
  prints: number;
  high: Big;
  low: Big;
  readonly firstId: number;
}

/**
 * The tape of one symbol, print by print without a hole: ids must follow each other, and whatever the stream leaves out is read from the
 * venue's history before anything after it counts. What it keeps are totals of whole seconds of exchange time.
 */
export class TapeKeeper {
  readonly #settings: TapeKeeperSettings;
  readonly #waiting = new Map<number, PublicTrade>();
  readonly #seconds = new Map<number, SecondSoFar>();
  /** Whether the tape has a beginning. Before it streamed prints only wait. */
  #hasBegun = false;
  #next: number | null = null;
  #newestSecond = Number.NEGATIVE_INFINITY;
  #completeFrom: EpochMs = Number.POSITIVE_INFINITY;
  #completeUntil: EpochMs = Number.NEGATIVE_INFINITY;
  #lastPrintAt: EpochMs = Number.NEGATIVE_INFINITY;
  #filling: Promise<void> = Promise.resolve();

  constructor(settings: TapeKeeperSettings) {
    this.#settings = settings;
  }

  /**
   * Finds where to go on: behind `stored` when that is recent, else a minute ago; and reads up to the newest print.
   * Throws `VenueReadError` when the venue gives no usable answer; call it again then.
   */
  async begin(stored: TapeCoverage | null): Promise<void> {
    const { clock } = this.#settings;
    if (stored !== null && stored.completeUntil > clock.now() - LONGEST_ABSENCE_MS) {
      this.#next = stored.nextId;
      this.#completeFrom = stored.completeFrom;
      this.#completeUntil = stored.completeUntil;
    } else {
      await this.#beginAnew(clock.now() - HEAD_START_MS);
    }
    await this.catchUp();
    this.#hasBegun = true;
  }

  async #beginAnew(from: EpochMs): Promise<void> {
    const { source } = this.#settings;
    const newest = await source.latest();
    const isQuiet = newest === null || newest.at < from;
    const first = isQuiet ? null : await source.firstIdSince(from);
    this.#next = first ?? (newest === null ? null : Number(newest.tradeId) + 1);
    // The first second may have begun before the first print that is read.
    const begin = isQuiet || first !== null ? from : newest.at;
    this.#completeFrom = (Math.floor(begin / 1000) + 1) * 1000;
  }

  /** Takes what a stream shows, in any order, again or for the first time. */
  async take(trades: readonly PublicTrade[]): Promise<void> {
    for (const trade of trades) {
      const id = Number(trade.tradeId);
      if (this.#hasBegun && id === this.#next && this.#waiting.size === 0) this.#count(trade);
      else if (this.#next === null || id >= this.#next) this.#wait(id, trade);
    }
    if (!this.#hasBegun || this.#waiting.size === 0) return;
    // Nothing had ever been printed when the tape was begun.
    this.#next ??= 0;
    for (this.#countWaiting(); this.#waiting.size > 0; this.#countWaiting()) {
      const until = Math.min(...this.#waiting.keys());
      this.#settings.onGap(`prints ${this.#next} to ${until - 1} were left out`);
      await this.#fill(until - 1);
    }
  }

  /**
   * Reads up to the venue's newest print, and so proves that the tape is complete to this moment.
   * @returns how many prints the stream had not shown
   */
  async catchUp(): Promise<number> {
    const { source, clock } = this.#settings;
    const asked = clock.now();
    const newest = await source.latest();
    const before = this.#next;
    if (newest !== null) {
      // Nothing had ever been printed when the tape was begun.
      this.#next ??= 0;
      await this.#fill(Number(newest.tradeId));
    }
    this.#completeUntil = Math.max(this.#completeUntil, asked - PUBLICATION_LAG_MS);
    return (this.#next ?? 0) - (before ?? 0);
  }

  /** What has changed since the last `saved`, as it is to be stored; `null` before the beginning. */
  unsaved(): { readonly seconds: readonly TapeSecond[]; readonly coverage: TapeCoverage } | null {
    if (!this.#hasBegun || this.#next === null) return null;
    const { clock } = this.#settings;
    const seconds = [...this.#seconds].map(([second, { quantity, prints, high, low }]) => ({
      second,
      quantity: toText(quantity),
      prints,
      high: toText(high),
      low: toText(low),
    }));
    const open = this.#seconds.get(this.#newestSecond);
    return {
      seconds,
      coverage: {
        completeFrom: this.#completeFrom,
        // A clock that ran ahead must not leave a promise behind once it is set right.
        completeUntil: Math.max(Math.min(this.#completeUntil, clock.now()), this.#lastPrintAt - 1),
        nextId: open?.firstId ?? this.#next,
      },
    };
  }

  /** Forgets seconds that are over and have been stored. */
  saved(seconds: readonly TapeSecond[]): void {
    for (const { second, prints } of seconds) {
      if (second !== this.#newestSecond && this.#seconds.get(second)?.prints === prints) this.#seconds.delete(second);
    }
  }

  #wait(id: number, trade: PublicTrade): void {
    if (this.#waiting.size < MOST_WAITING) this.#waiting.set(id, trade);
  }

  #countWaiting(): void {
    for (;;) {
      const trade = this.#waiting.get(this.#next ?? -1);
      if (trade === undefined) break;
      this.#waiting.delete(this.#next ?? -1);
      this.#count(trade);
    }
    for (const id of this.#waiting.keys()) if (id < (this.#next ?? 0)) this.#waiting.delete(id);
  }

  #count(trade: PublicTrade): void {
    const id = Number(trade.tradeId);
    const second = Math.floor(trade.at / 1000);
    const price = new Big(trade.price);
    const total = this.#seconds.get(second) ?? {
      quantity: new Big(0),
      prints: 0,
      firstId: id,
      high: price,
      low: price,
    };
    total.quantity = total.quantity.plus(trade.quantity);
    total.prints += 1;
    if (price.gt(total.high)) total.high = price;
    if (price.lt(total.low)) total.low = price;
    this.#seconds.set(second, total);
    this.#newestSecond = Math.max(this.#newestSecond, second);
    this.#next = id + 1;
    this.#lastPrintAt = Math.max(this.#lastPrintAt, trade.at);
    // Another print of the same instant may follow.
    this.#completeUntil = Math.max(this.#completeUntil, trade.at - 1);
  }

  /** Reads the history up to `last`; one reading after the other. */
  #fill(last: number): Promise<void> {
    const filling = this.#filling.then(() => this.#readUpTo(last));
    this.#filling = filling.catch(() => undefined);
    return filling;
  }

  async #readUpTo(last: number): Promise<void> {
    const { source, clock } = this.#settings;
    for (let attempts = 0; this.#next !== null && this.#next <= last;) {
      const asked = this.#next;
      const page = await source.pageFrom(asked, source.pageSize);
      // The stream may have gone on meanwhile.
      for (const trade of page) if (Number(trade.tradeId) >= this.#next) this.#countInOrder(trade);
      this.#countWaiting();
      if (this.#next > asked) continue;
      attempts += 1;
      if (attempts > CATCH_UP_ATTEMPTS) {
        throw new VenueReadError(`the venue's history has no print ${asked} though it has told of print ${last}`);
      }
      await clock.sleep(CATCH_UP_PAUSE_MS);
    }
  }

  #countInOrder(trade: PublicTrade): void {
    const id = Number(trade.tradeId);
    if (this.#next !== null && id > this.#next) {
      // The history itself has a hole: what lies before it is of no use any more.
      this.#settings.onGap(`the venue has no prints ${this.#next} to ${id - 1}: the tape begins anew`);
      this.#completeFrom = (Math.floor(trade.at / 1000) + 1) * 1000;
    }
    this.#waiting.delete(id);
    this.#count(trade);
  }
}
