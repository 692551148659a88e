import type { Decimal } from '../market/decimal.ts';
import type { FeedEvent } from './feed.ts';
import type { OutsideBook } from './outside-book.ts';
import { type MarketScales, wholeLots } from './scale.ts';

type QuoteEvent = Extract<FeedEvent, { kind: 'quote' }>;

export interface QuoteCheckCounts {
  /** Quotes that were compared: the last one of each depth event's span of update ids. */
  readonly compared: number;
  /** Of these, best bid and ask equal to the book's in price and quantity. */
  readonly agreed: number;
}

/**
 * Compares recorded best bid and ask with the book that the depth events built. Quotes come at once and depth events in
 * batches, so a quote waits for the depth event whose span reaches its update id, and only the last quote of a span is
 * comparable with the book at the end of that span.
 */
export class QuoteCheck {
  readonly #scales: MarketScales;
  #waiting: QuoteEvent[] = [];
  #compared = 0;
  #agreed = 0;

  constructor(scales: MarketScales) {
    this.#scales = scales;
  }

  get counts(): QuoteCheckCounts {
    return { compared: this.#compared, agreed: this.#agreed };
  }

  add(quote: QuoteEvent): void {
    this.#waiting.push(quote);
  }

  /** To be called after each depth event that changed the book. */
  compare(book: OutsideBook): void {
    const later = this.#waiting.findIndex((quote) => quote.updateId > book.lastUpdateId);
    const due = later === -1 ? this.#waiting : this.#waiting.slice(0, later);
    this.#waiting = later === -1 ? [] : this.#waiting.slice(later);
    const last = due.at(-1);
    if (last === undefined) return;
    this.#compared += 1;
    if (this.#equals(book, last)) this.#agreed += 1;
  }

  #equals(book: OutsideBook, quote: QuoteEvent): boolean {
    const bid = book.bids.best();
    const ask = book.asks.best();
    const { price, quantity } = this.#scales;
    const lots = (text: Decimal): bigint => wholeLots(this.#scales, quantity.units(text, 'quote quantity'));
    return (
      bid?.price === price.safeUnits(quote.bid[0], 'quote bid') &&
      bid.quantity === lots(quote.bid[1]) &&
      ask?.price === price.safeUnits(quote.ask[0], 'quote ask') &&
      ask.quantity === lots(quote.ask[1])
    );
  }
}
