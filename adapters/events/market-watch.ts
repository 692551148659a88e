import type { SessionInterest } from '../ports/session-signals.ts';

/** Bars and prices that sessions wait for. */
export interface MarketWatch {
  /** For each of them, in their order, what it is to be told now; `null` when there is nothing. The number of queries does not depend on how many wait. */
  look(interests: readonly SessionInterest[]): Promise<readonly ('bar' | 'price' | null)[]>;
}
