import type { RunningCandle } from '../../adapters/ports/running-candles.ts';
import type { SessionOrder, SessionRecord, SessionStore } from '../../adapters/ports/session-store.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';

/** What is read once and kept between looks at one session: the journal, whose entries never change, and what its record's version vouches for. */
export class SessionMemory {
  readonly #store: Pick<SessionStore, 'journal' | 'placed'>;
  #journal: readonly JournalEntry[] = [];
  #placed: { readonly version: number; readonly orders: readonly SessionOrder[] } | null = null;
  /** Version of the record that was found and left unsettled by the last step: nothing new comes of reckoning on it again. */
  reckoned: number | null = null;
  /** Version at which the books could not even be folded: they are left alone until somebody has changed the record. */
  broken: number | null = null;
  /** The session is being stopped, and its books cannot be folded: that takes none. */
  hasNoBooks = false;
  /** What was noted last of an open candle, by this process. */
  candleSeen: RunningCandle | null = null;
  /** Executions that were asked to take their orders back, by this process. */
  readonly cancelled = new Set<string>();

  #marketTime: 'wall' | 'candles' | null = null;
  readonly #seen = new Map<string, EpochMs>();

  constructor(store: Pick<SessionStore, 'journal' | 'placed'>) {
    this.#store = store;
  }

  /** The journal up to the entry that the record is the newest of. */
  async journal({ id, seq }: SessionRecord): Promise<readonly JournalEntry[]> {
    const newest = this.#journal.at(-1)?.seq ?? 0;
    if (newest < seq) this.#journal = [...this.#journal, ...(await this.#store.journal(id, newest))];
    return this.#journal.length > seq ? this.#journal.slice(0, seq) : this.#journal;
  }

  /** Whether its market has a time of its own, `null` while that is not known; an account keeps its kind for as long as anybody runs it. */
  async hasOwnTime(read: () => Promise<'wall' | 'candles' | null>): Promise<boolean | null> {
    this.#marketTime ??= await read();
    return this.#marketTime === null ? null : this.#marketTime === 'candles';
  }

  /** When something was first seen by this process in this call. */
  firstSeen(what: string, now: EpochMs): EpochMs {
    const known = this.#seen.get(what);
    if (known === undefined) this.#seen.set(what, now);
    return known ?? now;
  }

  async placed({ id, version }: SessionRecord): Promise<readonly SessionOrder[]> {
    if (this.#placed?.version !== version) this.#placed = { version, orders: await this.#store.placed(id) };
    return this.#placed.orders;
  }
}
