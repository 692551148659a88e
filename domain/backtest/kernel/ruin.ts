import { CASH, RUINED, UNITS } from './combo-state.ts';
import { closeAtMark } from './exit-fill.ts';
import { markToMarket } from './mark-to-market.ts';
import type { Pass } from './position-loop.ts';

/**
 * Ends a run whose equity at the close of bar `bar` is 0 or less: what is held is closed at that price, and what is owed beyond the
 * capital is written off. From there on equity is 0.
 *
 * @param emptyFrom the first bar at whose close nothing was left: the one before where a fill at its close took it.
 */
export function ruin(
  { market, terms, recorder, marks }: Pass,
  s: Float64Array,
  at: number,
  bar: number,
  emptyFrom: number,
): void {
  if (s[at + UNITS] !== 0) closeAtMark(market, terms, s, at, bar, recorder);
  s[at + CASH] = 0;
  s[at + RUINED] = emptyFrom + 1;
  if (marks) markToMarket(market, s, at, bar, market.end);
}
