import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Balance, RecentBalances } from '../ports/venue.ts';

interface Look {
  readonly askedAt: DurationMs;
  readonly balances: Promise<readonly Balance[]>;
}

/**
 * Balances that several orders are decided on: one look at the account serves all that come within a short time, and all that come while it is under
 * way. How old it is counts from before it was asked for.
 */
export class SharedBalances {
  readonly #read: () => Promise<readonly Balance[]>;
  /** A clock that nobody sets. */
  readonly #elapsed: () => DurationMs;
  #latest: Look | null = null;

  constructor(read: () => Promise<readonly Balance[]>, elapsed: () => DurationMs) {
    this.#read = read;
    this.#elapsed = elapsed;
  }

  /** Balances that were asked for at most `maxAgeMs` ago; with 0 always anew. Rejects as the read does, which is not kept then. */
  async within(maxAgeMs: DurationMs): Promise<RecentBalances> {
    const known = this.#latest;
    const isKnown = known !== null && this.#elapsed() - known.askedAt < maxAgeMs;
    const look = isKnown ? known : this.#ask();
    const balances = await look.balances;
    return { balances, shared: isKnown, ageMs: () => this.#elapsed() - look.askedAt };
  }

  /** The next order looks anew: something has shown that what is known may be wrong. */
  forget(): void {
    this.#latest = null;
  }

  #ask(): Look {
    const look = { askedAt: this.#elapsed(), balances: this.#read() };
    this.#latest = look;
    look.balances.catch(() => {
      if (this.#latest === look) this.#latest = null;
    });
    return look;
  }
}
