import type { DurationMs } from '../domain/market/decimal.ts';

const WINDOW_MS: DurationMs = 60_000;
/** Addresses, and keys that were right, that are remembered at once; the oldest are forgotten first. */
const REMEMBERED = 10_000;

interface Guesses {
  count: number;
  readonly until: number;
}

/**
 * How many wrong keys an address may try within a minute. A key that was right before is let through all the same: whoever works from the same
 * address, behind a proxy for instance, is not shut out by another's guesses.
 */
export class KeyGuesses {
  readonly #most: number;
  readonly #now: () => number;
  readonly #guesses = new Map<string, Guesses>();
  readonly #right = new Set<string>();

  /** @param now milliseconds of a clock that only rises */
  constructor(mostPerMinute: number, now: () => number = () => performance.now()) {
    this.#most = mostPerMinute;
    this.#now = now;
  }

  /**
   * To be asked before a key is looked up, which counts as a guess until `right` takes it back: many at once are bounded as well.
   * @returns `null` when it may be looked up, else in how many seconds the address may try again
   */
  tryAfterS(address: string, keyHash: string): number | null {
    if (this.#right.has(keyHash)) return null;
    const now = this.#now();
    const known = this.#guesses.get(address);
    if (known !== undefined && known.until > now) {
      if (known.count >= this.#most) return Math.max(1, Math.ceil((known.until - now) / 1000));
      known.count += 1;
      return null;
    }
    this.#guesses.delete(address);
    this.#guesses.set(address, { count: 1, until: now + WINDOW_MS });
    forgetOldest(this.#guesses);
    return null;
  }

  right(address: string, keyHash: string): void {
    if (this.#right.has(keyHash)) return;
    this.#right.add(keyHash);
    forgetOldest(this.#right);
    const known = this.#guesses.get(address);
    if (known !== undefined && known.count > 0) known.count -= 1;
  }

  /** The key opens nothing, or nothing any more. */
  wrong(keyHash: string): void {
    this.#right.delete(keyHash);
  }
}

function forgetOldest(remembered: Map<string, unknown> | Set<string>): void {
  if (remembered.size <= REMEMBERED) return;
  const oldest = remembered.keys().next();
  if (oldest.done !== true) remembered.delete(oldest.value);
}
