import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

/** Best prices of a market that trades change many times a second. */
export const BOOK_SILENCE_MS: DurationMs = 2_000;

const GAPS_KEPT = 101;
const TIMES_THE_MEDIAN = 20;
const LEAST_MS: DurationMs = 2_000;
const MOST_MS: DurationMs = 60_000;

/**
 * How long a tape may be silent: twenty times the median time between its latest prints, at least two seconds and at most a minute. A
 * market that prints ten times a second is suspect after two seconds, one that prints every five after a minute.
 */
export class TapeSilence {
  readonly #gaps: number[] = [];
  #next = 0;
  #last: EpochMs | null = null;

  /** A print was made at that exchange time. */
  printed(at: EpochMs): void {
    if (this.#last !== null && at >= this.#last) {
      this.#gaps[this.#next] = at - this.#last;
      this.#next = (this.#next + 1) % GAPS_KEPT;
    }
    this.#last = at;
  }

  limitMs(): DurationMs {
    if (this.#gaps.length === 0) return MOST_MS;
    const sorted = this.#gaps.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    return Math.min(MOST_MS, Math.max(LEAST_MS, TIMES_THE_MEDIAN * median));
  }
}
