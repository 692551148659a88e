import type { DurationMs } from '../../domain/market/decimal.ts';
import type { SharedBlock, SharedWeight, WeightParty } from '../ports/shared-weight.ts';

/** All readers together lease at most this part of what the exchange allows a minute: the rest is for orders. */
const READERS_SHARE = 0.4;
/** What one reader uses on its own while the shared row cannot be asked: eight such readers stay within `READERS_SHARE`. */
const LONE_READER_SHARE = 0.05;
/** A lease is at least this part of the exchange's limit, so that a hundred of them cover a minute. */
const BLOCK_SHARE = 0.01;
/** How old a look at the shared block may be. */
const LOOK_EVERY_MS: DurationMs = 1_000;
/** Longest that a request waits for the storage; then the reader goes on alone, and asks again only after a while. */
const STORAGE_WITHIN_MS: DurationMs = 500;
const STORAGE_AGAIN_MS: DurationMs = 5_000;
const MINUTE_MS: DurationMs = 60_000;
/** A block that grows by less is not told anew. */
const WORTH_TELLING_MS: DurationMs = 1_000;

/** What one process has of an exchange's request weight, and what it knows of blocks that others ran into. */
export class WeightShare {
  readonly #shared: SharedWeight;
  readonly #role: WeightParty['role'];
  readonly #now: () => DurationMs;
  readonly #onBlock: (block: SharedBlock) => void;
  #left = 0;
  #endsAt: DurationMs = 0;
  /** Until then all that readers may lease has been leased. */
  #nothingUntil: DurationMs = 0;
  #aloneUntil: DurationMs = 0;
  #aloneMinute = 0;
  #aloneUsed = 0;
  #leasing: Promise<void> | null = null;
  #looking: Promise<void> | null = null;
  #lookedAt: DurationMs = Number.NEGATIVE_INFINITY;
  #toldUntil: DurationMs = 0;

  /** @param now a clock that nobody sets, in ms from anywhere */
  constructor(party: WeightParty, now: () => DurationMs, onBlock: (block: SharedBlock) => void) {
    this.#shared = party.shared;
    this.#role = party.role;
    this.#now = now;
    this.#onBlock = onBlock;
  }

  /** Looks for blocks of other processes, once a second at most. Orders do not wait for the answer: it holds for the next request. */
  async look(): Promise<void> {
    const now = this.#now();
    if (now - this.#lookedAt >= LOOK_EVERY_MS && now >= this.#aloneUntil) {
      this.#lookedAt = now;
      this.#looking = this.#ask(this.#shared.blocked()).then((block) => {
        this.#looking = null;
        if (block !== null && block !== undefined) this.#onBlock(block);
      });
    }
    if (this.#role === 'reader') await this.#looking;
  }

  /** Tells the others of a block that this process ran into. */
  tell(block: SharedBlock): void {
    const until = this.#now() + block.ms;
    if (until < this.#toldUntil + WORTH_TELLING_MS) return;
    this.#toldUntil = until;
    void this.#ask(this.#shared.block(block));
  }

  /**
   * Takes weight out of what this process has leased, and leases more where needed. An owner needs no lease.
   * @param limit what the exchange allows a minute
   * @returns how long to wait when nothing is left for readers in this minute, else `null`
   */
  async take(weight: number, limit: number): Promise<DurationMs | null> {
    if (this.#role === 'owner') return null;
    for (;;) {
      if (this.#now() >= this.#endsAt) this.#left = 0;
      if (this.#left >= weight) {
        this.#left -= weight;
        return null;
      }
      if (this.#now() < this.#aloneUntil) return this.#takeAlone(weight, limit);
      if (this.#now() < this.#nothingUntil) return this.#nothingUntil - this.#now();
      // One lease at a time: who comes meanwhile looks again at what it brought.
      this.#leasing ??= this.#renew(weight, limit).finally(() => (this.#leasing = null));
      await this.#leasing;
    }
  }

  async #renew(weight: number, limit: number): Promise<void> {
    const wanted = Math.max(weight, Math.floor(limit * BLOCK_SHARE));
    const lease = await this.#ask(this.#shared.lease(wanted, limit * READERS_SHARE));
    if (lease === undefined) return;
    this.#left = (this.#now() >= this.#endsAt ? 0 : this.#left) + lease.granted;
    this.#endsAt = this.#now() + lease.endsInMs;
    if (lease.granted < wanted) this.#nothingUntil = this.#endsAt;
  }

  #takeAlone(weight: number, limit: number): DurationMs | null {
    const now = this.#now();
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#aloneMinute) this.#aloneUsed = 0;
    this.#aloneMinute = minute;
    // A single request may be dearer than the share: one at a time still goes out.
    if (this.#aloneUsed > 0 && this.#aloneUsed + weight > limit * LONE_READER_SHARE)
      return MINUTE_MS - (now % MINUTE_MS);
    this.#aloneUsed += weight;
    return null;
  }

  /** `undefined` when the storage gives no answer in time; it is then left alone for a while. */
  async #ask<T>(question: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), STORAGE_WITHIN_MS);
    });
    try {
      return await Promise.race([question, tooLate]);
    } catch {
      this.#aloneUntil = this.#now() + STORAGE_AGAIN_MS;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
