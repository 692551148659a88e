import {
  CASH,
  COMMISSION,
  COST,
  ENTRY_BAR,
  ENTRY_COMMISSION,
  ENTRY_PRICE,
  FILLS,
  STOP,
  STOP_LOSS,
  TAKE_PROFIT,
  TARGET,
  TRAIL,
  TRAILING_STOP,
  UNITS,
} from './combo-state.ts';
import type { KernelTerms } from './kernel-terms.ts';
import type { TradeRecorder } from './trade-recorder.ts';

/** Fractional units may differ from what the money buys by the rounding of the quotient. */
const FRACTION_TOLERANCE = 1e-12;

/** Writes the exits of an entry ordered at the close `close` to the state, infinitely far away where there are none. */
export function placeExits(terms: KernelTerms, s: Float64Array, at: number, side: 1 | -1, close: number): void {
  const { steps } = terms;
  const exitSide = side > 0 ? -1 : 1;
  const stopLoss = s[at + STOP_LOSS]!;
  const takeProfit = s[at + TAKE_PROFIT]!;
  const profitPrice = Number.isNaN(takeProfit) ? 0 : close * (1 + side * takeProfit);
  s[at + STOP] = Number.isNaN(stopLoss) ? -side * Infinity : steps.stop(exitSide, close * (1 - side * stopLoss));
  // A short's take profit at 0 or below is never reached.
  s[at + TARGET] = profitPrice > 0 ? steps.limit(exitSide, profitPrice) : side * Infinity;
  s[at + TRAIL] = close * (1 - side * s[at + TRAILING_STOP]!);
}

/** Whether the exits that `placeExits` has written for an entry lie on their sides of its price: else it is refused. */
export function areExitsValid(terms: KernelTerms, s: Float64Array, at: number, side: 1 | -1, close: number): boolean {
  const price = terms.broker.withSpread(side, close);
  return side * (price - s[at + STOP]!) > 0 && side * (s[at + TARGET]! - price) > 0;
}

/** Opens a position ordered at the close of `orderBar` in bar `bar` at `price` before costs, with the exits that `placeExits` has written. */
export function openPosition(
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  side: 1 | -1,
  bar: number,
  price: number,
  orderBar: number,
  recorder: TradeRecorder | null,
): void {
  const { broker, steps } = terms;
  const slipped = broker.slipped(side, price);
  const adjusted = broker.withSpread(side, slipped);
  const available = Math.max(0, s[at + CASH]!);
  const power = available * broker.leverage;
  const units = unitsOf(terms, power, slipped, adjusted);
  if (!(units > 0)) {
    if (recorder !== null) refuseSize(available, bar, recorder);
    return;
  }
  const basis = terms.sizing === 'cashShare' ? terms.sizeValue : units;
  const needed = units * (adjusted + commissionPerUnit(terms, basis, slipped));
  if (needed > (steps.lot === 0 ? power * (1 + FRACTION_TOLERANCE) : power)) {
    recorder?.refused(bar, 'NOT_ENOUGH_MARGIN', `${units} units need ${needed}, the margin carries ${power}`);
    return;
  }
  if (units * slipped < steps.minNotional) {
    const detail = `${units} units are worth ${units * slipped}, less than ${steps.minNotional}`;
    recorder?.refused(bar, 'BELOW_MIN_NOTIONAL', detail);
    return;
  }
  const size = side * units;
  const commission = broker.fixed + units * adjusted * broker.taker;
  s[at + CASH]! -= commission;
  s[at + COMMISSION]! += commission;
  s[at + UNITS] = size;
  s[at + COST] = size * adjusted;
  s[at + ENTRY_PRICE] = adjusted;
  s[at + ENTRY_BAR] = bar;
  s[at + ENTRY_COMMISSION] = commission;
  s[at + FILLS]! += 1;
  recorder?.entered(orderBar);
}

function unitsOf(terms: KernelTerms, power: number, slipped: number, adjusted: number): number {
  const { steps, sizing, sizeValue } = terms;
  if (sizing === 'cashShare') {
    return steps.affordable(power * sizeValue, adjusted + commissionPerUnit(terms, sizeValue, slipped));
  }
  return sizing === 'cash' ? steps.affordable(sizeValue, adjusted) : steps.floor(sizeValue);
}

function commissionPerUnit({ broker }: KernelTerms, size: number, slipped: number): number {
  return (broker.fixed + size * slipped * broker.taker) / size;
}

function refuseSize(available: number, bar: number, recorder: TradeRecorder): void {
  if (available > 0) recorder.refused(bar, 'BELOW_LOT', 'the size rounds to nothing in lots');
  else recorder.refused(bar, 'NOT_ENOUGH_MARGIN', 'nothing is available as margin');
}
