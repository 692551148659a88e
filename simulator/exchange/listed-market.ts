import type { EpochMs } from '../../domain/market/decimal.ts';
import type { ExchangeMarket } from '../../domain/matching/exchange-market.ts';
import type { TapePrint } from '../../domain/matching/market-types.ts';
import type { MarketListing } from '../config.ts';
import { MinuteBars } from './minute-bars.ts';
import { TapeStore } from './tape-store.ts';

const TAPE_RETENTION = 2_000_000;
/** Eight days of one-minute bars, which a weekly candle needs. */
const BAR_RETENTION = 11_520;

/** One symbol of the venue: its market, the tape that it printed, the bars of that tape. */
export class ListedMarket<M extends ExchangeMarket = ExchangeMarket> {
  readonly listing: MarketListing;
  readonly market: M;
  readonly tape: TapeStore;
  readonly bars = new MinuteBars(BAR_RETENTION);
  /** Feed time of the last event taken; `null` before the first. */
  feedAt: EpochMs | null = null;
  /** Why the market is closed; `null` while it trades. */
  closed: string | null = null;
  /** Why it takes no orders for now, though it is not closed; `null` while it does. */
  paused: string | null = null;

  readonly #surplusBefore: number;
  readonly #printWatchers = new Set<(prints: readonly TapePrint[]) => void>();

  /** `surplus` is what the tape had beyond the trades of the feed when the market was made. */
  constructor(listing: MarketListing, market: M, surplus: number) {
    this.listing = listing;
    this.market = market;
    this.#surplusBefore = surplus;
    this.tape = new TapeStore(listing, TAPE_RETENTION);
  }

  /** Prints beyond the trades of the feed: our own, and the parts into which our orders split its trades. */
  get surplus(): number {
    return this.#surplusBefore + this.market.extraPrints;
  }

  /** Puts prints on tape and bars, and tells whoever watches them. */
  record(prints: readonly TapePrint[]): void {
    for (const print of prints) {
      this.tape.add(print);
      this.bars.add(print);
    }
    if (prints.length > 0) for (const watcher of this.#printWatchers) watcher(prints);
  }

  /** Tells `watcher` of all prints to come; the returned function ends that. */
  watchPrints(watcher: (prints: readonly TapePrint[]) => void): () => void {
    this.#printWatchers.add(watcher);
    return () => this.#printWatchers.delete(watcher);
  }
}
