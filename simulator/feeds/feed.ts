import type { EpochMs } from '../../domain/market/decimal.ts';
import type { FeedEvent } from '../../domain/matching/feed.ts';
import { SyntheticFeed } from '../../domain/matching/synthetic/synthetic-feed.ts';
import type { FeedConfig, MarketListing } from '../config.ts';
import { MINUTE_MS } from '../exchange/minute-bars.ts';
import type { CandleFeedConfig } from './candles/candle-feed-config.ts';
import type { RelayFeedConfig } from './relay/relay-feed-config.ts';
import type { FeedSource } from './feed-driver.ts';
import { readRecordedFiles } from './recorded-files.ts';

/** How much of the public past a synthetic market has when it opens. */
const HISTORY_MINUTES = 60;
const FIRST_RECORDED_TRADE_ID = 1;

/** A feed ready to be driven, and where its tape begins. */
export interface OpenedFeed {
  readonly source: FeedSource;
  /** Venue time before which the feed has nothing to tell. */
  readonly from: EpochMs;
  /** Trades of the feed before its first event, which fixes the ids on the tape. */
  readonly firstTradeId: number;
}

/** Opens the feed of a market at venue time `now`. */
export function openFeed(
  config: Exclude<FeedConfig, CandleFeedConfig | RelayFeedConfig>,
  listing: MarketListing,
  now: EpochMs,
): OpenedFeed {
  switch (config.kind) {
    case 'recorded': {
      const source = readRecordedFiles(config.files, listing.symbol.replace('/', ''));
      return { source, from: 0, firstTradeId: FIRST_RECORDED_TRADE_ID };
    }
    case 'synthetic': {
      const feed = new SyntheticFeed(listing, config.seed);
      const minute = Math.floor(now / MINUTE_MS);
      const first = minute - HISTORY_MINUTES;
      return {
        source: syntheticEvents(feed, first, minute),
        from: first * MINUTE_MS,
        firstTradeId: feed.tradesBefore(first),
      };
    }
  }
}

/** The trades of the past minutes, then the whole book and everything that happens from the running minute on, for ever. */
async function* syntheticEvents(
  feed: SyntheticFeed,
  first: number,
  running: number,
): AsyncGenerator<readonly FeedEvent[], void, undefined> {
  for (let minute = first; minute < running; minute += 1) yield feed.trades(minute);
  yield [feed.snapshot(running)];
  for (let minute = running; ; minute += 1) yield feed.block(minute);
}
