import type { ExitReason } from '../trade.ts';
import {
  CASH,
  COMMISSION,
  ENTRY_BAR,
  ENTRY_COMMISSION,
  ENTRY_PRICE,
  EXPOSURE,
  FILLS,
  GROSS_LOSS,
  GROSS_PROFIT,
  LAST_EXPOSED,
  STOP,
  TARGET,
  TRADES,
  TRAIL,
  UNITS,
  WINS,
} from './combo-state.ts';
import type { KernelTerms } from './kernel-terms.ts';
import type { MarketTables } from './market-tables.ts';
import type { TradeRecorder } from './trade-recorder.ts';

/** Fills the exit that bar `bar` reaches, the stop when it reaches both after its open. A gap over one fills at the open. */
export function fillReachedExit(
  market: MarketTables,
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  bar: number,
  recorder: TradeRecorder | null,
): void {
  const isLong = s[at + UNITS]! > 0;
  const exitSide = isLong ? -1 : 1;
  const trail = s[at + TRAIL]!;
  const fixed = s[at + STOP]!;
  const isTrail = isLong ? trail > fixed : trail < fixed;
  const stop = terms.steps.stop(exitSide, isTrail ? trail : fixed);
  const open = market.open[bar]!;
  const target = s[at + TARGET]!;
  const isGapToTarget = isLong ? open >= target : open <= target;
  if (!isGapToTarget && (isLong ? market.low[bar]! <= stop : market.high[bar]! >= stop)) {
    const price = terms.broker.slipped(exitSide, isLong ? Math.min(stop, open) : Math.max(stop, open));
    const reason = isTrail ? 'trailing-stop' : 'stop-loss';
    closePosition(terms, s, at, bar, price, terms.broker.taker, reason, false, recorder);
    return;
  }
  const price = isLong ? Math.max(target, open) : Math.min(target, open);
  // It waited in the book, and fills at its price.
  closePosition(terms, s, at, bar, price, terms.broker.maker, 'take-profit', false, recorder);
}

/** Closes what is held in bar `bar` with a market order at `price` before slippage. */
export function closeAtMarket(
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  bar: number,
  price: number,
  reason: ExitReason,
  isAtClose: boolean,
  recorder: TradeRecorder | null,
): void {
  const slipped = terms.broker.slipped(s[at + UNITS]! > 0 ? -1 : 1, price);
  closePosition(terms, s, at, bar, slipped, terms.broker.taker, reason, isAtClose, recorder);
}

/** Closes what is held at the close of bar `bar`, whatever it costs. */
export function closeAtMark(
  market: MarketTables,
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  bar: number,
  recorder: TradeRecorder | null,
): void {
  closePosition(terms, s, at, bar, market.close[bar]!, terms.broker.taker, 'ruin', true, recorder);
}

function closePosition(
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  bar: number,
  price: number,
  rate: number,
  reason: ExitReason,
  isAtClose: boolean,
  recorder: TradeRecorder | null,
): void {
  const size = s[at + UNITS]!;
  const exitCommission = terms.broker.fixed + Math.abs(size) * price * rate;
  const commission = exitCommission + s[at + ENTRY_COMMISSION]!;
  const gain = size * (price - s[at + ENTRY_PRICE]!);
  const pnl = gain - commission;
  if (recorder !== null) recorder.exited(s, at, { bar, isAtClose, price, exitCommission, commission, pnl, reason });
  s[at + CASH]! += gain - exitCommission;
  s[at + COMMISSION]! += exitCommission;
  s[at + UNITS] = 0;
  s[at + FILLS]! += 1;
  s[at + TRADES]! += 1;
  if (pnl > 0) {
    s[at + WINS]! += 1;
    s[at + GROSS_PROFIT]! += pnl;
  } else s[at + GROSS_LOSS]! -= pnl;
  s[at + EXPOSURE]! += exposedUntil(s, at, bar);
  s[at + LAST_EXPOSED] = bar;
}

/** Bars from the entry of the current trade to `bar`, both counted, but for one that the trade before has exposed already. */
export function exposedUntil(s: Float64Array, at: number, bar: number): number {
  return bar + 1 - Math.max(s[at + ENTRY_BAR]!, s[at + LAST_EXPOSED]! + 1);
}
