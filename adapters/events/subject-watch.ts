import { pause } from '../abortable.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { EventFeed, PlatformEvent } from '../ports/event-log.ts';

const PIECE = 1_000;
const FAILED_PAUSE_MS: DurationMs = 1_000;
/** Subjects whose newest event is remembered. */
const MOST_SUBJECTS = 50_000;

/** Follows all events and remembers the newest of each subject, so that any number of waiters cost one reading. */
export class SubjectWatch {
  readonly #feed: EventFeed;
  readonly #onEvent: (event: PlatformEvent) => void;
  readonly #log: (message: string) => void;
  readonly #newest = new Map<string, PlatformEvent>();
  #position: number | null = null;
  #begun: () => void = () => undefined;
  /** Resolves once there is a position. */
  readonly begun = new Promise<void>((resolve) => {
    this.#begun = resolve;
  });
  /** What came up to here may be forgotten already. */
  #knownAfter = 0;

  constructor(feed: EventFeed, onEvent: (event: PlatformEvent) => void, log: (message: string) => void) {
    this.#feed = feed;
    this.#onEvent = onEvent;
    this.#log = log;
  }

  /** Up to this id everything has been looked at; `null` before the beginning. */
  get position(): number | null {
    return this.#position;
  }

  /** The newest event of a subject above an id; `'unknown'` when what came after that id may be forgotten. */
  newestAfter(subject: string, after: number): PlatformEvent | 'unknown' | null {
    if (after < this.#knownAfter) return 'unknown';
    const event = this.#newest.get(subject);
    return event !== undefined && event.id > after ? event : null;
  }

  /** Follows until the signal aborts. */
  async run(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        await this.#follow(ended);
      } catch (error) {
        this.#log(`events cannot be followed: ${(error as Error).message}`);
        await pause(FAILED_PAUSE_MS, ended);
      }
    }
  }

  async #follow(ended: AbortSignal): Promise<void> {
    if (this.#position === null) {
      this.#position = await this.#feed.position();
      this.#knownAfter = this.#position;
      this.#begun();
    }
    await this.#feed.changed(this.#position, ended);
    while (!ended.aborted) {
      const { events, upTo } = await this.#feed.read(this.#position, {}, PIECE);
      for (const event of events) this.#remember(event);
      this.#position = Math.max(this.#position, upTo);
      for (const event of events) this.#onEvent(event);
      if (events.length < PIECE) return;
    }
  }

  #remember(event: PlatformEvent): void {
    this.#newest.delete(event.subject);
    this.#newest.set(event.subject, event);
    if (this.#newest.size <= MOST_SUBJECTS) return;
    for (const [subject, { id }] of this.#newest) {
      this.#newest.delete(subject);
      this.#knownAfter = Math.max(this.#knownAfter, id);
      return;
    }
  }
}
