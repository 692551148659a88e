import Big from 'big.js';
import { type Decimal, maxOf, toText } from '../market/decimal.ts';

/** What bounds a child by the market's volume. `unknown`: there is a bound, and nobody can tell it now. */
export type Participation =
  | { readonly kind: 'unbounded' }
  | { readonly kind: 'bounded'; readonly cap: Decimal }
  | { readonly kind: 'unknown'; readonly reason: string };

/** All in base, over one slice interval, for tape and own trades the same. */
export interface VolumeInput {
  /** Everything that the tape printed, our own trades included. */
  readonly tape: Decimal;
  /** Our own trades in it, of whichever execution. */
  readonly own: Decimal;
  /** What this slice has traded already. */
  readonly sliceFilled: Decimal;
}

/**
 * The most that a child may be so that its slice is at most `ratio` of the volume:
 *
 *     cap = r / (1 - r) * (tape - own) - what the slice has traded
 *
 * Our own trades are on the tape: r * tape would feed back on itself, r / (1 - r) of the others' volume is the same share without that.
 *
 * @param ratio above 0 and below 1.
 * @returns in base, not in whole lots; 0 when the slice has had its share.
 */
export function participationCap(ratio: number, { tape, own, sliceFilled }: VolumeInput): Decimal {
  if (!(ratio > 0 && ratio < 1)) throw new RangeError(`maxParticipation ${ratio} must be above 0 and below 1`);
  const share = new Big(ratio);
  const others = maxOf(new Big(tape).minus(own), new Big(0));
  const allowed = others.times(share).div(new Big(1).minus(share));
  return toText(maxOf(allowed.minus(sliceFilled), new Big(0)));
}
