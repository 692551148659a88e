import { CASH, ENTRY_BAR, RUINED, TRAIL, TRAILING_STOP, UNITS } from './combo-state.ts';
import { closeAtMark } from './exit-fill.ts';
import type { KernelTerms } from './kernel-terms.ts';
import type { MarketTables } from './market-tables.ts';
import { markLost } from './mark-to-market.ts';
import type { Pass } from './position-loop.ts';

/**
 * Ends a run whose equity at the close of bar `bar` is 0 or less: what is held is closed at that price, and what is owed beyond the
 * capital is written off. From there on equity is 0.
 */
export function ruin({ market, terms, recorder, marks }: Pass, s: Float64Array, at: number, bar: number): void {
  if (s[at + UNITS] !== 0) {
    if (recorder !== null) s[at + TRAIL] = trailAfter(market, terms, s, at, bar);
    closeAtMark(market, terms, s, at, bar, recorder);
  }
  s[at + CASH] = 0;
  s[at + RUINED] = 1;
  if (marks) markLost(market, s, at, bar);
}

/** The trailing stop as bar `bar` left it: the search for exits has moved it on beyond. */
function trailAfter(
  { high, low, close }: MarketTables,
  { broker }: KernelTerms,
  s: Float64Array,
  at: number,
  bar: number,
): number {
  const isLong = s[at + UNITS]! > 0;
  const entryBar = s[at + ENTRY_BAR]!;
  const orderBar = broker.fillAtClose ? entryBar : entryBar - 1;
  let best = close[orderBar]!;
  for (let i = orderBar + 1; i <= bar; i++) best = isLong ? Math.max(best, high[i]!) : Math.min(best, low[i]!);
  return best * (1 - (isLong ? 1 : -1) * s[at + TRAILING_STOP]!);
}
