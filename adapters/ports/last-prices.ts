import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';

/** The newest prices of a symbol, as the streams have shown them. */
export interface LastPrice {
  /** Of the newest print; `null` before the first. */
  readonly last: Decimal | null;
  /** `null` while that side of the book is empty or not known. */
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  /** The venue's time of the newest print. */
  readonly at: EpochMs | null;
  /** Our clock when the newest message on any of them came. */
  readonly receivedAt: EpochMs;
}

export interface PriceRange {
  readonly high: Decimal;
  readonly low: Decimal;
}

/** Prices of watched symbols, at most a fifth of a second older than the stream that shows them. */
export interface LastPrices {
  /** `null` for a symbol that is not watched yet. An old price stays: whoever acts on it looks at `receivedAt`. */
  last(venue: string, symbol: string): Promise<LastPrice | null>;
  /**
   * Highest and lowest print in the whole seconds of exchange time that begin at or after `since`; `null` when there was none, or when the tape
   * does not reach back to it. It follows the market by a second or two: the newest price is that of `last`.
   */
  range(venue: string, symbol: string, since: EpochMs): Promise<PriceRange | null>;
}

export interface StoredPrice extends LastPrice {
  readonly symbol: string;
}

/** Where last prices are kept. A session of streams that has been followed by another changes nothing. */
export interface LastPriceStore extends LastPrices {
  save(venue: string, session: number, prices: readonly StoredPrice[]): Promise<void>;
}
