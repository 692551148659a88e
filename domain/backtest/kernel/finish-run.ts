import { CASH, COST, ENTRY_BAR, RUINED, UNITS } from './combo-state.ts';
import { closeAtMarket } from './exit-fill.ts';
import type { KernelTerms } from './kernel-terms.ts';
import { markClose, markLost } from './mark-to-market.ts';
import type { MarketTables } from './market-tables.ts';
import { type Pass, passBars } from './position-loop.ts';

/**
 * How many bars at the end of a run can only be valued once it is over: the last one, and with fills at the close the one before too, at
 * whose close `finalize` leaves what is still held.
 */
export function unmarkedBars({ start, end }: MarketTables, { finalize, broker }: KernelTerms): number {
  return Math.min(end - start, finalize && broker.fillAtClose ? 2 : 1);
}

/** Passes the last bars of a run, all of them in the tile of `pass.signals`, closes what `finalize` closes, and values them. */
export function finishRun(pass: Pass, s: Float64Array, at: number): void {
  const { market, terms, recorder } = pass;
  if (s[at + RUINED] !== 0) return;
  const last = market.end - 1;
  const before = market.end - unmarkedBars(market, terms);
  if (before < last) passBars(pass, s, at, before, last);
  if (s[at + RUINED] !== 0) {
    markLost(market, s, at, before);
    return;
  }
  const [cash, units, cost] = [s[at + CASH]!, s[at + UNITS]!, s[at + COST]!];
  passBars(pass, s, at, last, market.end);
  const isLeftBefore = terms.finalize && s[at + UNITS] !== 0 && finalise(pass, s, at);
  if (before < last) {
    if (isLeftBefore) markClose(market, s, at, before);
    else markAs(market, s, at, before, cash, units, cost);
  }
  if (s[at + RUINED] !== 0) {
    markLost(market, s, at, last);
    return;
  }
  markClose(market, s, at, last);
  if (recorder !== null) recorder.held(s, at, last, market.end);
}

/**
 * Leaves what is held where a market order would have filled that was given one bar before the last; what was entered after that moment,
 * at the last close. `true` when it was left at the close before the last.
 */
function finalise({ market, terms, recorder }: Pass, s: Float64Array, at: number): boolean {
  const last = market.end - 1;
  const { open, close } = market;
  if (!terms.broker.fillAtClose) {
    closeAtMarket(terms, s, at, last, open[last]!, 'end-of-data', false, recorder);
    return false;
  }
  const bar = s[at + ENTRY_BAR]! < last ? last - 1 : last;
  closeAtMarket(terms, s, at, bar, close[bar]!, 'end-of-data', true, recorder);
  return bar < last;
}

/** Values bar `bar` with what was held at its close. */
function markAs(
  market: MarketTables,
  s: Float64Array,
  at: number,
  bar: number,
  cash: number,
  units: number,
  cost: number,
): void {
  const [nowCash, nowUnits, nowCost] = [s[at + CASH]!, s[at + UNITS]!, s[at + COST]!];
  s[at + CASH] = cash;
  s[at + UNITS] = units;
  s[at + COST] = cost;
  markClose(market, s, at, bar);
  s[at + CASH] = nowCash;
  s[at + UNITS] = nowUnits;
  s[at + COST] = nowCost;
}
