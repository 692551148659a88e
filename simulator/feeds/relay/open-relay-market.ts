import type { EpochMs } from '../../../domain/market/decimal.ts';
import { Market } from '../../../domain/matching/market.ts';
import type { MarketListing, VenueConfig } from '../../config.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { ListedMarket } from '../../exchange/listed-market.ts';
import type { TapeAnchorRecord } from '../../exchange/records.ts';
import type { VenueHistory } from '../../venue-history.ts';
import type { MarketDriver } from '../market-driver.ts';
import { RelayDriver } from './relay-driver.ts';
import { RelayLink } from './relay-link.ts';
import { SourceExchange } from './source-exchange.ts';
import { sourceIdAfter } from './tape-anchor.ts';

/**
 * Opens a market that follows that of another venue, with the account's open orders back in it. It needs nothing of the source yet: until that is
 * heard, orders are refused.
 */
export function openRelayMarket(
  config: VenueConfig,
  listing: MarketListing,
  parts: {
    readonly now: () => EpochMs;
    readonly history: VenueHistory;
    readonly exchange: Exchange;
    readonly journal: (record: TapeAnchorRecord) => void;
    readonly log: (message: string) => void;
  },
): { readonly listed: ListedMarket<Market>; readonly driver: MarketDriver } {
  const { symbol, tick, lot } = listing;
  const { now, history, exchange } = parts;
  const fills = history.fillsOf(symbol);
  const surplus = history.surplusBefore(symbol, Number.POSITIVE_INFINITY);
  const anchor = history.tapeAnchor(symbol);
  const lastId = Math.max(fills.at(-1)?.tradeId ?? 0, (anchor?.tradeId ?? 1) - 1);
  const market = new Market({ symbol, tick, lot, impact: config.impact }, lastId + 1);
  market.beginReplay(fills);
  const { resting, stops } = history.openOrdersOf(symbol);
  market.finishReplay(resting, now(), stops);
  const listed = new ListedMarket(listing, market, surplus);
  listed.paused = 'the source has not been heard yet';
  const source = new SourceExchange(config.sourceAddress);
  const link = new RelayLink(source, symbol, {
    firstId: anchor === null ? 0 : sourceIdAfter(anchor, lastId, surplus),
    now,
    log: parts.log,
  });
  const driver = new RelayDriver({
    link,
    listed,
    exchange,
    anchor,
    anchored: (fixed) => parts.journal({ kind: 'tape-anchored', symbol, ...fixed, at: now() }),
  });
  link.start();
  return { listed, driver };
}
