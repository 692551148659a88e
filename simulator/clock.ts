import type { EpochMs } from '../domain/market/decimal.ts';

/** The wall clock of a venue; it never goes back, as the markets under it demand. */
export class VenueClock {
  #last: EpochMs = 0;

  now(): EpochMs {
    this.#last = Math.max(this.#last, Date.now());
    return this.#last;
  }
}
