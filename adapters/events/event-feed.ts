import { EventEmitter, once } from 'node:events';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { EventFeed, EventFilter, EventLog, EventPiece, PlatformEvent } from '../ports/event-log.ts';

/** While somebody follows, the log is looked at so often … */
const FOLLOWED_MS: DurationMs = 50;
/** … and so often while nobody does, or it cannot be read. */
const IDLE_MS: DurationMs = 1_000;
const RECENT = 2_000;
const PAGE = 1_000;

/** Ids up to `upTo` were handed out while these transactions were writing: they are settled when all of those have ended. */
interface Barrier {
  readonly upTo: number;
  /** Of them, the highest that was committed then. */
  readonly committed: number;
  writers: readonly string[];
}

export interface RunningEventFeed extends EventFeed {
  close(): Promise<void>;
}

/**
 * Follows the outbox.
 *
 * Ids are drawn when an event is written and seen when its transaction commits, so 8 can be seen while 7 is still to come, and whoever reads
 * "what is above 8" next never sees 7. Therefore ids count as settled only up to a mark: the highest id handed out at some instant, once every
 * transaction that was writing at that instant has ended. One that rolled back leaves a hole, and nobody waits for it.
 *
 * The mark itself is always the id of an event that is committed. A server that dies may hand ids out anew that it had handed out, but none below a
 * committed one: that commit has put the sequence on disk.
 *
 * The log is asked, not the database's notifications: these make commits of all writers wait for one another (decision 14).
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
  #lag = 0;
  #barrier: Barrier | null = null;
  /** The last events, without a hole above `#recentAfter`. */
  #recent: PlatformEvent[] = [];
  #recentAfter = 0;
  /** How many wait for something to happen. */
  #waiting = 0;
  /** Somebody has waited up to now, or shortly before: who is handed an event waits again when it is written. */
  #followedUntil = 0;
  /** Who waits for a look that begins after they asked. */
  readonly #asking: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  #wakeUp: (() => void) | null = null;
  #isIdle = false;

  constructor(log: EventLog, onError: (error: unknown) => void) {
    this.#log = log;
    this.#running = this.#run(onError);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wakeUp?.();
    await this.#running;
    // Whoever waits is let go.
    this.#moved.emit('moved');
    for (const asked of this.#asking.splice(0)) asked.resolve();
  }

  async position(): Promise<number> {
    if (this.#stop.signal.aborted) return this.#settled ?? 0;
    await new Promise<void>((resolve, reject) => {
      this.#asking.push({ resolve, reject });
      this.#wakeUp?.();
    });
    if (this.#settled === null) await this.changed(-1, this.#stop.signal);
    return this.#settled ?? 0;
  }

  lag(): number {
    return this.#lag;
  }

  prunedThrough(): Promise<number> {
    return this.#log.prunedThrough();
  }

  async read(after: number, filter: EventFilter, limit: number): Promise<EventPiece> {
    const upTo = this.#settled ?? (await this.position());
    const events =
      after >= this.#recentAfter
        ? this.#recent.filter((event) => event.id > after && event.id <= upTo && matches(event, filter)).slice(0, limit)
        : await this.#log.read({ ...filter, after, upTo, limit });
    const last = events.at(-1);
    return { events, upTo: events.length === limit && last !== undefined ? last.id : Math.max(after, upTo) };
  }

  async changed(after: number, signal: AbortSignal): Promise<void> {
    this.#waiting += 1;
    if (this.#isIdle) this.#wakeUp?.();
    try {
      while (!signal.aborted && !this.#stop.signal.aborted && (this.#settled ?? -1) <= after)
        await once(this.#moved, 'moved', { signal }).catch(() => undefined);
    } finally {
      this.#waiting -= 1;
      this.#followedUntil = performance.now() + IDLE_MS;
    }
  }

  async #run(onError: (error: unknown) => void): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const asking = this.#asking.splice(0);
      let isRead = true;
      try {
        await this.#advance();
        for (const asked of asking) asked.resolve();
      } catch (error) {
        isRead = false;
        // Perhaps the server has died, and what it has handed out since its last commit it hands out again.
        this.#barrier = null;
        onError(error);
        for (const asked of asking) asked.reject(error);
      }
      await this.#pause(isRead);
    }
  }

  async #advance(): Promise<void> {
    if (this.#barrier !== null) {
      const now = new Set(await this.#log.writers());
      this.#barrier.writers = this.#barrier.writers.filter((writer) => now.has(writer));
      if (this.#barrier.writers.length > 0) return;
      await this.#settle(this.#barrier);
      // It stood since before this look: there may be more by now.
    }
    const { drawn, committed } = await this.#log.head();
    // Events above the mark are committed or not there: ids of those that were rolled back wait for the next commit.
    if (committed === this.#settled) {
      this.#lag = 0;
      return;
    }
    // At first, and when the database is another than before, there is nothing to go on from.
    if (this.#settled !== null && committed < this.#settled) this.#settled = null;
    // In this order: whoever was given an id up to the head is writing now or has ended.
    this.#barrier = { upTo: drawn, committed, writers: await this.#log.writers() };
    this.#lag = Math.max(0, drawn - (this.#settled ?? drawn));
    if (this.#barrier.writers.length === 0) await this.#settle(this.#barrier);
  }

  async #settle(barrier: Barrier): Promise<void> {
    await this.#moveMark(barrier);
    this.#barrier = null;
    this.#lag = 0;
    this.#moved.emit('moved');
  }

  async #moveMark({ upTo, committed }: Barrier): Promise<void> {
    if (this.#settled === null) {
      this.#recent = [];
      this.#recentAfter = committed;
      this.#settled = committed;
      return;
    }
    const kept = [...this.#recent];
    let keptAfter = this.#recentAfter;
    let mark = Math.max(this.#settled, committed);
    for (let after = this.#settled; ;) {
      const page = await this.#log.read({ after, upTo, limit: PAGE });
      kept.push(...page);
      const dropped = kept.splice(0, Math.max(0, kept.length - RECENT)).at(-1);
      if (dropped !== undefined) keptAfter = dropped.id;
      const last = page.at(-1);
      if (last !== undefined) mark = Math.max(mark, last.id);
      if (page.length < PAGE || last === undefined) break;
      after = last.id;
    }
    this.#recent = kept;
    this.#recentAfter = keptAfter;
    this.#settled = mark;
  }

  /** While a barrier stands as well: nobody shall take a server that has died and come back for one whose writers have ended. */
  async #pause(isRead: boolean): Promise<void> {
    if (this.#asking.length > 0 && isRead) return;
    const isFollowed = this.#waiting > 0 || performance.now() < this.#followedUntil || this.#barrier !== null;
    this.#isIdle = isRead && !isFollowed;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, isRead && isFollowed ? FOLLOWED_MS : IDLE_MS);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stop.signal.aborted) this.#wakeUp();
    });
    this.#wakeUp = null;
    this.#isIdle = false;
  }
}

function matches(event: PlatformEvent, { subject, kind }: EventFilter): boolean {
  if (subject !== undefined && event.subject !== subject) return false;
  if (kind === undefined) return true;
  return kind.endsWith('.*') ? event.kind.startsWith(kind.slice(0, -1)) : event.kind === kind;
}
