import { EventEmitter, once } from 'node:events';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { EventFeed, EventFilter, EventLog, EventPiece, PlatformEvent } from '../ports/event-log.ts';

/** Without a word from the database it is asked so often. */
const POLL_MS: DurationMs = 1_000;
/** How often the transactions are looked at that may still write an event below the highest id. */
const SETTLE_MS: DurationMs = 15;
const RECENT = 2_000;
const PAGE = 1_000;

/** Ids up to `upTo` were handed out while these transactions were writing: they are settled when all of those have ended. */
interface Barrier {
  readonly upTo: number;
  writers: readonly string[];
}

export interface RunningEventFeed extends EventFeed {
  /** Something may have been written: look now. */
  wake(): void;
  close(): Promise<void>;
}

/**
 * Follows the outbox.
 *
 * Ids are drawn when an event is written and seen when its transaction commits, so 8 can be seen while 7 is still to come, and whoever reads
 * "what is above 8" next never sees 7. Therefore ids count as settled only up to a mark: the highest id handed out at some instant, once every
 * transaction that was writing at that instant has ended. One that rolled back leaves a hole, and nobody waits for it.
 *
 * @param onError told of every failure to read; the feed goes on trying.
 */
export function openEventFeed(log: EventLog, onError: (error: unknown) => void): RunningEventFeed {
  return new Feed(log, onError);
}

class Feed implements RunningEventFeed {
  readonly #log: EventLog;
  readonly #moved = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #settled: number | null = null;
  #head = 0;
  #barrier: Barrier | null = null;
  /** The last events, without a hole above `#recentAfter`. */
  #recent: PlatformEvent[] = [];
  #recentAfter = 0;
  #wakened = false;
  #wakeUp: (() => void) | null = null;

  constructor(log: EventLog, onError: (error: unknown) => void) {
    this.#log = log;
    this.#running = this.#run(onError);
  }

  wake(): void {
    this.#wakened = true;
    this.#wakeUp?.();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wakeUp?.();
    await this.#running;
    // Whoever waits is let go.
    this.#moved.emit('moved');
  }

  async position(): Promise<number> {
    if (this.#settled !== null) return this.#settled;
    // Asked by the way, so that a database that does not answer is told as such and not as a wait without end.
    await this.#log.head();
    if (this.#settled === null) await once(this.#moved, 'moved', { signal: this.#stop.signal });
    return this.#settled ?? 0;
  }

  lag(): number {
    return Math.max(0, this.#head - (this.#settled ?? this.#head));
  }

  prunedThrough(): Promise<number> {
    return this.#log.prunedThrough();
  }

  async read(after: number, filter: EventFilter, limit: number): Promise<EventPiece> {
    const upTo = await this.position();
    const events =
      after >= this.#recentAfter
        ? this.#recent.filter((event) => event.id > after && event.id <= upTo && matches(event, filter)).slice(0, limit)
        : await this.#log.read({ ...filter, after, upTo, limit });
    const last = events.at(-1);
    return { events, upTo: events.length === limit && last !== undefined ? last.id : Math.max(after, upTo) };
  }

  async changed(after: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#stop.signal.aborted && (this.#settled ?? 0) <= after)
      await once(this.#moved, 'moved', { signal }).catch(() => undefined);
  }

  async #run(onError: (error: unknown) => void): Promise<void> {
    while (!this.#stop.signal.aborted) {
      let again: DurationMs = POLL_MS;
      try {
        this.#wakened = false;
        again = await this.#advance();
      } catch (error) {
        onError(error);
      }
      await this.#pause(again);
    }
  }

  /** Returns after how long to look again. */
  async #advance(): Promise<DurationMs> {
    if (this.#barrier === null) {
      this.#head = await this.#log.head();
      if (this.#head === this.#settled) return POLL_MS;
      // In this order: whoever was given an id up to the head is writing now or has ended.
      this.#barrier = { upTo: this.#head, writers: await this.#log.writers() };
    } else {
      const now = new Set(await this.#log.writers());
      this.#barrier.writers = this.#barrier.writers.filter((writer) => now.has(writer));
    }
    if (this.#barrier.writers.length > 0) return SETTLE_MS;
    await this.#settle(this.#barrier.upTo);
    this.#barrier = null;
    this.#moved.emit('moved');
    return SETTLE_MS;
  }

  async #settle(upTo: number): Promise<void> {
    // At first, and when the database is another than before, there is nothing to go on from.
    if (this.#settled === null || upTo < this.#settled) {
      this.#recent = [];
      this.#recentAfter = upTo;
      this.#settled = upTo;
      return;
    }
    const kept = [...this.#recent];
    let keptAfter = this.#recentAfter;
    for (let after = this.#settled; ;) {
      const page = await this.#log.read({ after, upTo, limit: PAGE });
      kept.push(...page);
      const dropped = kept.splice(0, Math.max(0, kept.length - RECENT)).at(-1);
      if (dropped !== undefined) keptAfter = dropped.id;
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) break;
      after = last.id;
    }
    this.#recent = kept;
    this.#recentAfter = keptAfter;
    this.#settled = upTo;
  }

  async #pause(ms: DurationMs): Promise<void> {
    if (this.#wakened && ms > SETTLE_MS) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        if (ms <= SETTLE_MS && !this.#stop.signal.aborted) return;
        clearTimeout(timer);
        resolve();
      };
      if (this.#stop.signal.aborted) this.#wakeUp();
    });
    this.#wakeUp = null;
  }
}

function matches(event: PlatformEvent, { subject, kind }: EventFilter): boolean {
  if (subject !== undefined && event.subject !== subject) return false;
  if (kind === undefined) return true;
  return kind.endsWith('.*') ? event.kind.startsWith(kind.slice(0, -1)) : event.kind === kind;
}
