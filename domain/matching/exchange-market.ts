import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Quote } from '../market/quote.ts';
import type { BookWatch } from './book-watch.ts';
import type {
  BookUpdate,
  DepthView,
  MarketChange,
  MarketOrder,
  StopOrder,
  Submission,
  TriggeredStop,
} from './market-types.ts';
import type { QuoteCheckCounts } from './quote-check.ts';

/** What an exchange trades on, wherever its prices come from: `Market` says more about each of these. */
export interface ExchangeMarket {
  /** By how much the tape has grown beyond one print for each trade of the feed. */
  readonly extraPrints: number;
  /** How often recorded quotes agreed with the book; `null` where there are none. */
  readonly quoteCheck: QuoteCheckCounts | null;
  settle(at: EpochMs): MarketChange;
  submit(order: MarketOrder, at: EpochMs): Submission;
  /** `false` when the last price has reached the stop price already. */
  waitForStop(order: StopOrder): boolean;
  triggerNext(at: EpochMs): TriggeredStop | null;
  cancel(orderId: number, at: EpochMs): Decimal | null;
  depth(limit: number, at: EpochMs): DepthView;
  best(at: EpochMs): Quote | null;
  watchBook(at: EpochMs): BookWatch;
  bookChanges(watch: BookWatch, at: EpochMs): BookUpdate | null;
  unwatchBook(watch: BookWatch): void;
}
