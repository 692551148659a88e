import Big from 'big.js';
import { ceilToStep, type Decimal, floorToStep, maxOf, minOf } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';

/**
 * How a quantity that was missed is made up for. `skip`: by the next child, at most `catchUpFactor` slices at a time; `spread`: by all
 * children left, in proportion, with the same bound; `burst`: by the next child, all of it. The first is the default.
 */
export const CATCH_UP_POLICIES = ['skip', 'spread', 'burst'] as const;
export type CatchUpPolicy = (typeof CATCH_UP_POLICIES)[number];

/** Where an execution stands when a child is sized; all cumulative quantities in base. */
export interface SizingInput {
  readonly previousTarget: Decimal;
  readonly target: Decimal;
  readonly finalTarget: Decimal;
  readonly filled: Decimal;
  /** Working or unresolved quantity of this execution. */
  readonly open: Decimal;
  readonly catchUp: CatchUpPolicy;
  /** Largest child as a multiple of one slice; at least 1. */
  readonly catchUpFactor: number;
  /** The most that this child may be by the market's volume, in base; `null` for no such bound. */
  readonly participationCap: Decimal | null;
  readonly instrument: Instrument;
  /** Price at which the child would trade, for the notional minimum. */
  readonly price: Decimal;
}

export type Sizing =
  | { readonly kind: 'child'; readonly quantity: Big }
  | {
      readonly kind: 'nothing';
      readonly reason: 'ON_SCHEDULE' | 'BELOW_MINIMUM' | 'PARTICIPATION_CAP';
      readonly quantity: Big;
    };

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

/** `quantity` in whole lots, never negative. */
function whole(quantity: Big, lot: Big): Big {
  return quantity.lte(0) ? new Big(0) : floorToStep(quantity, lot);
}

/**
 * What the policy wants of this child, in whole lots. The bound of `skip` and `spread` gives way to the venue's minimum: else a price
 * that fell could keep every child from being sent.
 */
function wantedByPolicy(input: SizingInput, done: Big, price: Big): Big {
  const lot = new Big(input.instrument.lot);
  const slice = new Big(input.target).minus(input.previousTarget);
  const lacking = whole(new Big(input.target).minus(done), lot);
  if (input.catchUp === 'burst') return lacking;
  const bound = maxOf(whole(maxOf(slice, lot).times(input.catchUpFactor), lot), leastOrder(price, input.instrument));
  if (input.catchUp === 'skip') return minOf(lacking, bound);
  // R * slice / rest, R being all that is left to do and rest what the curve still holds: exact when all is on schedule.
  const rest = new Big(input.finalTarget).minus(input.previousTarget);
  const left = new Big(input.finalTarget).minus(done);
  const share = rest.lte(0) || left.lte(0) ? lacking : floorToStep(left.times(slice), lot.times(rest)).div(rest);
  return minOf(minOf(lacking, whole(share, lot)), bound);
}

/**
 * Sizes one child of an execution that follows a cumulative curve:
 *
 *     child = target - filled - open, in whole lots, as the catch-up policy bounds it, at most the venue's largest order
 *
 * A child below the venue's minimum is carried to the next slice. When what would be left after this child is itself below
 * the minimum, it is merged into this child, since nothing could trade it later. The bound by the market's volume comes last and
 * gives way to nothing.
 */
export function sizeChild(input: SizingInput): Sizing {
  const { instrument } = input;
  const lot = new Big(instrument.lot);
  const price = new Big(input.price);
  const done = new Big(input.filled).plus(input.open);
  const remaining = whole(new Big(input.finalTarget).minus(done), lot);

  let quantity = wantedByPolicy(input, done, price);
  if (quantity.eq(0)) return { kind: 'nothing', reason: 'ON_SCHEDULE', quantity };
  if (belowMinimum(quantity, price, instrument)) return { kind: 'nothing', reason: 'BELOW_MINIMUM', quantity };

  const left = remaining.minus(quantity);
  if (left.gt(0) && belowMinimum(left, price, instrument)) quantity = remaining;
  if (instrument.maxQuantity !== null) quantity = minOf(quantity, whole(new Big(instrument.maxQuantity), lot));
  if (belowMinimum(quantity, price, instrument)) return { kind: 'nothing', reason: 'BELOW_MINIMUM', quantity };
  if (input.participationCap === null) return { kind: 'child', quantity };
  const capped = minOf(quantity, whole(new Big(input.participationCap), lot));
  if (belowMinimum(capped, price, instrument)) return { kind: 'nothing', reason: 'PARTICIPATION_CAP', quantity };
  return { kind: 'child', quantity: capped };
}
