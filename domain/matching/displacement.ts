import type { EpochMs } from '../market/decimal.ts';
import type { BookHalf } from './book-side.ts';
import type { ImpactModel } from './market-types.ts';

/** Absorbs the rounding error of the floating-point decay, in lots, so that whole lots stay whole. */
const LOT_GUARD = 1e-6;

/**
 * What our own trading has taken out of the outside book and the outside has not yet replaced, as a quantity missing from
 * the top of each half. Taking `q` makes exactly `q` more missing on the half that was taken from; the share `1 - permanent` fades
 * with half-life `halfLifeMs`, the rest stays until trading the other way gives it back. While trades go one way only the missing
 * quantity is `p Σq + (1-p) Σ q 2^(-(t-t_i)/h)`. Reasons: docs/decisions/0002-impact-as-missing-quantity.md.
 */
export class Displacement {
  readonly #impact: ImpactModel;
  readonly #lot: bigint;
  /** Bought minus sold, in quantity units. */
  #net = 0n;
  /** The fading part by half, in quantity units, as it stood at `#since`. */
  #fading: Record<BookHalf, number> = { bid: 0, ask: 0 };
  #since: EpochMs = 0;

  /** `lot` in quantity units. Throws a `RangeError` when a parameter of the model is out of range. */
  constructor(impact: ImpactModel, lot: bigint) {
    if (!(impact.permanent >= 0 && impact.permanent <= 1)) {
      throw new RangeError(`impact.permanent ${impact.permanent} is not a share from 0 to 1`);
    }
    if (!(impact.halfLifeMs > 0 && Number.isFinite(impact.halfLifeMs))) {
      throw new RangeError(`impact.halfLifeMs ${impact.halfLifeMs} is not a positive number of milliseconds`);
    }
    this.#impact = impact;
    this.#lot = lot;
  }

  /** Records that our orders took `quantity` units from that half (asks by buying, bids by selling). */
  take(half: BookHalf, quantity: bigint, at: EpochMs): void {
    if (quantity === 0n) return;
    const elapsed = Math.max(this.#since, at);
    this.#fading = { bid: this.#fadingAt('bid', elapsed), ask: this.#fadingAt('ask', elapsed) };
    this.#since = elapsed;
    const lastingBefore = this.#lasting(half);
    this.#net += half === 'ask' ? quantity : -quantity;
    this.#fading[half] += Number(quantity) - (this.#lasting(half) - lastingBefore);
  }

  /** The units missing from the top of that half, rounded down to whole lots. */
  missing(half: BookHalf, at: EpochMs): bigint {
    const units = this.#lasting(half) + this.#fadingAt(half, at);
    if (units <= 0) return 0n;
    return BigInt(Math.floor(units / Number(this.#lot) + LOT_GUARD)) * this.#lot;
  }

  #lasting(half: BookHalf): number {
    const net = this.#impact.permanent * Number(this.#net);
    return Math.max(half === 'ask' ? net : -net, 0);
  }

  #fadingAt(half: BookHalf, at: EpochMs): number {
    const fading = this.#fading[half];
    const elapsed = at - this.#since;
    return fading === 0 || elapsed <= 0 ? fading : fading * 2 ** (-elapsed / this.#impact.halfLifeMs);
  }
}
