import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Clock } from '../ports/clock.ts';

const SAMPLES = 5;

/** The venue's clock as seen from here: our clock plus the offset that was last measured. */
export class VenueClock {
  readonly #clock: Clock;
  #offsetMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Venue clock minus ours, in whole ms; `null` before the first measurement. */
  get offsetMs(): number | null {
    return this.#offsetMs;
  }

  /** Venue time now. Before the first measurement it is our own time. */
  now(): EpochMs {
    return this.#clock.now() + (this.#offsetMs ?? 0);
  }

  /**
   * Measures the offset: five samples, each `venue time - middle of the round trip`, of which the median is kept, so that a single
   * slow answer does not move it. The error is at most half the median round trip.
   * @param venueTime asks the venue for its time
   * @returns the offset in ms
   */
  async measure(venueTime: () => Promise<EpochMs>): Promise<number> {
    const offsets: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const asked = this.#clock.now();
      const theirs = await venueTime();
      offsets.push(theirs - (asked + this.#clock.now()) / 2);
    }
    const sorted = offsets.toSorted((a, b) => a - b);
    const median = Math.round(sorted[(SAMPLES - 1) / 2] ?? 0);
    this.#offsetMs = median;
    return median;
  }
}
