import type { EpochMs } from '../../domain/market/decimal.ts';
import type { FeedEvent } from '../../domain/matching/feed.ts';
import type { MarketDriver } from './market-driver.ts';
import { type TimeMap, venueTime } from './time-map.ts';

/** Batches of events in their order; the next batch is only read when it is wanted. */
export type FeedSource = AsyncIterator<readonly FeedEvent[], unknown, undefined>;

/** Hands the events of a feed on when their venue time has come, in order and never ahead of it. */
export class FeedDriver implements MarketDriver {
  readonly #source: FeedSource;
  readonly #apply: (event: FeedEvent, at: EpochMs) => void;
  #batch: readonly FeedEvent[] = [];
  #next = 0;
  #map: TimeMap | null = null;
  #lastAt: EpochMs = 0;
  #applied = 0;
  #ended = false;

  constructor(source: FeedSource, apply: (event: FeedEvent, at: EpochMs) => void) {
    this.#source = source;
    this.#apply = apply;
  }

  /** Whether the last event has been handed on. */
  get ended(): boolean {
    return this.#ended;
  }

  get applied(): number {
    return this.#applied;
  }

  get map(): TimeMap | null {
    return this.#map;
  }

  /**
   * Reads ahead to the first snapshot, which is where a recording begins to make sense, and gives its feed time. `null` when
   * there is none.
   */
  async firstSnapshotAt(): Promise<EpochMs | null> {
    while (true) {
      const snapshot = this.#batch.find((event) => event.kind === 'snapshot');
      if (snapshot !== undefined) return snapshot.t;
      const read = await this.#source.next();
      if (read.done === true) return null;
      this.#batch = [...this.#batch, ...read.value];
    }
  }

  /** Fixes the clock of the feed; nothing is handed on before. */
  start(map: TimeMap): void {
    this.#map = map;
  }

  /** Hands on every event that is due at `now`. One call at a time. Rejects when the source or a consumer fails. */
  async advanceTo(now: EpochMs): Promise<void> {
    const map = this.#map;
    if (map === null) return;
    while (!this.#ended) {
      while (this.#next < this.#batch.length) {
        const event = this.#batch[this.#next] as FeedEvent;
        // Trades carry another of the recorder's clocks than the book: an event must not come before the one ahead of it.
        const at = Math.max(venueTime(map, event.t), this.#lastAt);
        if (at > now) return;
        this.#apply(event, at);
        this.#lastAt = at;
        this.#next += 1;
        this.#applied += 1;
      }
      const read = await this.#source.next();
      this.#next = 0;
      this.#batch = read.done === true ? [] : read.value;
      this.#ended = read.done === true;
    }
  }

  /** Closes the source. */
  async stop(): Promise<void> {
    await this.#source.return?.();
  }
}
