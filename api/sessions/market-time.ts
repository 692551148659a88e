import type { VenueProfile } from '../../adapters/ports/order-ledger.ts';

/** Whose time a market has: ours, or that of the candles which its venue replays. */
export type MarketTime = 'wall' | 'candles';

export function marketTimeOf(profile: (VenueProfile & { readonly marketTime?: MarketTime }) | undefined): MarketTime {
  return profile?.marketTime ?? 'wall';
}
