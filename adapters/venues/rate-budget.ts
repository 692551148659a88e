import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { WeightParty } from '../ports/shared-weight.ts';
import { WeightShare } from './weight-share.ts';
import type { WireAnswer } from './wire.ts';

/** How a venue tells in its answers what the requests have cost. */
export interface WeightRule {
  /** Response header with the weight used in the running minute, lower case. */
  readonly usedHeader: string;
  /** Weight allowed per minute until the venue has told its own limit. */
  readonly limit: number;
}

/**
 * Who asks. `orders`: sends, cancels and look-ups of our orders, which may use the whole budget. `market`: everything else, which must
 * leave `RESERVED_SHARE` free, so that a burst of reads never stands in the way of finding out what an order did.
 */
export type RequestShare = 'orders' | 'market';

const RESERVED_SHARE = 0.3;
const WINDOW_MS = 60_000;
/** A read waits this long for the next minute; when it would have to wait longer it fails and says when to come back. */
const LONGEST_WAIT_MS = 2_000;
/** Binance bans for two minutes at least when it answers 418 without saying how long. */
const DEFAULT_BAN_MS = 120_000;

export interface RateBudgetDependencies {
  /** Venue time: the venue's minutes begin on its own clock. */
  readonly now: () => EpochMs;
  /** A clock that nobody sets: a wait that the venue asks for must not change when the venue's clock turns out to be another. */
  readonly elapsed: () => DurationMs;
  readonly sleep: (ms: DurationMs) => Promise<void>;
  /** What this process shares with others; left out where it is alone. */
  readonly party?: WeightParty | undefined;
}

interface Wait {
  readonly ms: DurationMs;
  readonly ban: boolean;
  readonly code: string;
  readonly reason: string;
}

/**
 * Request weight of one account at one venue. It follows what the venue counts (so requests of other processes under the same address
 * are seen) and adds the requests in flight, which the venue has not counted yet. A process that sends no orders also keeps to what it
 * has leased, and all processes keep to a wait that the venue has asked one of them for.
 */
export class RateBudget {
  readonly #rule: WeightRule | null;
  readonly #dependencies: RateBudgetDependencies;
  #limit: number | null;
  #used = 0;
  #inFlight = 0;
  #window = 0;
  /** By the clock that nobody sets. */
  #blockedUntil: DurationMs = 0;
  #blockedBy = '';
  readonly #share: WeightShare | null;

  /** @param rule `null` for a venue that tells no weights: then only its 429 and 418 answers are followed. */
  constructor(rule: WeightRule | null, dependencies: RateBudgetDependencies) {
    this.#rule = rule;
    this.#limit = rule?.limit ?? null;
    this.#dependencies = dependencies;
    const { party, elapsed } = dependencies;
    this.#share =
      party === undefined ? null : new WeightShare(party, elapsed, ({ ms, status }) => this.#block(ms, status));
  }

  /** Weight used in the running minute; `null` where the venue tells none. */
  get usedWeight(): number | null {
    if (this.#rule === null) return null;
    this.#roll();
    return this.#used;
  }

  get weightLimit(): number | null {
    return this.#limit;
  }

  /** Sets the weight per minute that the venue itself names. */
  setLimit(limit: number): void {
    if (this.#rule !== null && Number.isFinite(limit) && limit > 0) this.#limit = limit;
  }

  /**
   * Takes `weight` out of the budget, waiting briefly for the next minute where that helps. Call the returned function when the
   * request has ended.
   * @throws {VenueReadError} with `retryAfterMs` when the venue has told us to stay away, or the budget of the minute is used up
   */
  async take(share: RequestShare, weight: number): Promise<() => void> {
    await this.#share?.look();
    for (;;) {
      const wait = this.#waitFor(share, weight) ?? (await this.#lease(share, weight));
      if (wait === null) break;
      if (wait.ban || wait.ms > LONGEST_WAIT_MS) {
        throw new VenueReadError(wait.reason, { code: wait.code, retryAfterMs: wait.ms });
      }
      await this.#dependencies.sleep(wait.ms);
    }
    let returned = false;
    return () => {
      if (!returned) this.#inFlight -= weight;
      returned = true;
    };
  }

  /** Learns from an answer: its weight header, and 429 or 418 with `Retry-After`. */
  observe(answer: WireAnswer): void {
    this.#roll();
    const used = Number(this.#rule === null ? Number.NaN : (answer.headers[this.#rule.usedHeader] ?? Number.NaN));
    if (Number.isFinite(used)) this.#used = used;
    if (answer.status !== 429 && answer.status !== 418) return;
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    const fallback = answer.status === 418 ? DEFAULT_BAN_MS : this.#toNextWindow();
    const ms = Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : fallback;
    this.#block(ms, String(answer.status));
    this.#share?.tell({ ms, status: String(answer.status) });
  }

  /** Whether the venue has told us to send nothing for now. */
  isBlocked(): boolean {
    return this.#dependencies.elapsed() < this.#blockedUntil;
  }

  #block(ms: DurationMs, status: string): void {
    const until = this.#dependencies.elapsed() + ms;
    if (until <= this.#blockedUntil) return;
    this.#blockedUntil = until;
    this.#blockedBy = status;
  }

  /** Counts the request as in flight and sees to a lease for it; when there is none it is not in flight after all. */
  async #lease(share: RequestShare, weight: number): Promise<Wait | null> {
    this.#inFlight += weight;
    const limit = this.#limit;
    const ms = this.#share === null || limit === null ? null : await this.#share.take(weight, limit);
    if (ms === null && !this.isBlocked()) return null;
    this.#inFlight -= weight;
    // The venue may have asked for a wait meanwhile.
    if (ms === null) return this.#waitFor(share, weight);
    const reason = `request weight ${weight} is more than what is left in this minute for processes that send no orders`;
    return { ms, ban: false, code: 'RATE_BUDGET', reason };
  }

  #waitFor(share: RequestShare, weight: number): Wait | null {
    const left = Math.ceil(this.#blockedUntil - this.#dependencies.elapsed());
    if (left > 0) {
      const reason = `the venue answered ${this.#blockedBy} and takes no request for another ${left} ms`;
      return { ms: left, ban: true, code: this.#blockedBy, reason };
    }
    if (this.#limit === null) return null;
    this.#roll();
    const ceiling = share === 'orders' ? this.#limit : this.#limit * (1 - RESERVED_SHARE);
    const expected = this.#used + this.#inFlight + weight;
    if (expected <= ceiling) return null;
    const ms = this.#toNextWindow();
    const reason = `request weight ${expected} would pass the ${Math.floor(ceiling)} a minute that ${share} requests may use`;
    return { ms, ban: false, code: 'RATE_BUDGET', reason };
  }

  #roll(): void {
    const window = Math.floor(this.#dependencies.now() / WINDOW_MS);
    if (window === this.#window) return;
    this.#window = window;
    this.#used = 0;
  }

  #toNextWindow(): DurationMs {
    return WINDOW_MS - (this.#dependencies.now() % WINDOW_MS);
  }
}
