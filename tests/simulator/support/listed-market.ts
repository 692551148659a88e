import { Market } from '../../../domain/matching/market.ts';
import type { MarketListing } from '../../../simulator/config.ts';
import { ListedMarket } from '../../../simulator/exchange/listed-market.ts';

/** A market that has printed nothing yet, whose tape begins at id 1. */
export function listedMarket(listing: MarketListing): ListedMarket<Market> {
  const { symbol, tick, lot } = listing;
  return new ListedMarket(listing, new Market({ symbol, tick, lot, impact: { permanent: 0, halfLifeMs: 1 } }, 1), 0);
}
