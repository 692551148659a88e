import { binance } from './binance.ts';
import type { VenueCapability } from './capability.ts';
import { generic } from './generic.ts';
import { kraken } from './kraken.ts';

/** What is known of single exchanges, by ccxt id. */
const CAPABILITIES: Readonly<Record<string, VenueCapability>> = {
  binance,
  kraken,
};

/** Exchanges with a table of their own, by ccxt id. */
export const knownExchanges: readonly string[] = Object.keys(CAPABILITIES);

/** The capability table of an exchange: its own, or the generic one, which assumes nothing. */
export function capabilityOf(exchange: string): VenueCapability {
  return CAPABILITIES[exchange] ?? generic;
}
