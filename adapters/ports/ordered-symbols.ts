import type { DurationMs } from '../../domain/market/decimal.ts';

/** Where an account has orders of ours, by symbol. */
export interface OrderedSymbols {
  /** Symbols with an order that has not ended yet by our records. */
  open(venue: string): Promise<readonly string[]>;
  /** Symbols for which an order was written down within the last `withinMs`. */
  recent(venue: string, withinMs: DurationMs): Promise<readonly string[]>;
}
