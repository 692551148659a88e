import Big from 'big.js';
import { ceilToStep, type Decimal, floorToStep, maxOf, minOf } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';

/** Where an execution stands when a child is sized; all cumulative quantities in base. */
export interface SizingInput {
  readonly previousTarget: Decimal;
  readonly target: Decimal;
  readonly finalTarget: Decimal;
  readonly filled: Decimal;
  /** Working or unresolved quantity of this execution. */
  readonly open: Decimal;
  /** Largest child as a multiple of one slice; at least 1. */
  readonly catchUpFactor: number;
  readonly instrument: Instrument;
  /** Price at which the child would trade, for the notional minimum. */
  readonly price: Decimal;
}

export type Sizing =
  | { readonly kind: 'child'; readonly quantity: Big }
  | { readonly kind: 'nothing'; readonly reason: 'ON_SCHEDULE' | 'BELOW_MINIMUM'; readonly quantity: Big };

function belowMinimum(quantity: Big, price: Big, instrument: Instrument): boolean {
  return quantity.lt(instrument.minQuantity) || quantity.times(price).lt(instrument.minNotional);
}

/** The least quantity that the venue takes as one order, in whole lots. */
function leastOrder(price: Big, instrument: Instrument): Big {
  const lot = new Big(instrument.lot);
  const least = ceilToStep(maxOf(new Big(instrument.minQuantity), new Big(instrument.minNotional).div(price)), lot);
  // The quotient is rounded and may have lost what makes the notional.
  return belowMinimum(least, price, instrument) ? least.plus(lot) : least;
}

/**
 * Sizes one child of an execution that follows a cumulative curve:
 *
 *     child = target - filled - open, in whole lots, at most catchUpFactor slices, at most the venue's largest order
 *
 * A bound below the venue's minimum gives way to it: else a price that fell could keep every child from being sent.
 * A child below the venue's minimum is carried to the next slice. When what would be left after this child is itself below
 * the minimum, it is merged into this child, since nothing could trade it later.
 */
export function sizeChild(input: SizingInput): Sizing {
  const lot = new Big(input.instrument.lot);
  const price = new Big(input.price);
  const done = new Big(input.filled).plus(input.open);
  const whole = (quantity: Big): Big => (quantity.lte(0) ? new Big(0) : floorToStep(quantity, lot));
  const remaining = whole(new Big(input.finalTarget).minus(done));

  const slice = new Big(input.target).minus(input.previousTarget);
  const cap = maxOf(whole(maxOf(slice, lot).times(input.catchUpFactor)), leastOrder(price, input.instrument));
  let quantity = minOf(whole(new Big(input.target).minus(done)), cap);
  if (quantity.eq(0)) return { kind: 'nothing', reason: 'ON_SCHEDULE', quantity };
  if (belowMinimum(quantity, price, input.instrument)) return { kind: 'nothing', reason: 'BELOW_MINIMUM', quantity };

  const left = remaining.minus(quantity);
  if (left.gt(0) && belowMinimum(left, price, input.instrument)) quantity = remaining;
  if (input.instrument.maxQuantity !== null) quantity = minOf(quantity, whole(new Big(input.instrument.maxQuantity)));
  if (belowMinimum(quantity, price, input.instrument)) return { kind: 'nothing', reason: 'BELOW_MINIMUM', quantity };
  return { kind: 'child', quantity };
}
