import { EventEmitter, once } from 'node:events';
import type { EventFeed, PlatformEvent } from '../../../adapters/ports/event-log.ts';

/** Events in memory, each settled at once. */
export class FakeEvents {
  readonly all: PlatformEvent[] = [];
  pruned = 0;
  failure: Error | null = null;
  readonly #added = new EventEmitter().setMaxListeners(0);

  add(kind: string, subject: string, payload: unknown = {}): PlatformEvent {
    const event = { id: this.last() + 1, kind, subject, payload, at: Date.UTC(2026, 10, 23, 12) };
    this.all.push(event);
    this.#added.emit('added');
    return event;
  }

  last(): number {
    return this.all.at(-1)?.id ?? this.pruned;
  }

  readonly feed: EventFeed = {
    position: async () => {
      if (this.failure !== null) throw this.failure;
      return this.last();
    },
    lag: () => 0,
    prunedThrough: async () => this.pruned,
    read: async (after, { subject, kind }, limit) => {
      const events = this.all
        .filter((event) => event.id > after && (subject === undefined || event.subject === subject))
        .filter((event) =>
          kind?.endsWith('.*') ? event.kind.startsWith(kind.slice(0, -1)) : kind === undefined || event.kind === kind,
        )
        .slice(0, limit);
      const last = events.at(-1);
      return { events, upTo: events.length === limit && last ? last.id : Math.max(after, this.last()) };
    },
    changed: async (after, signal) => {
      while (!signal.aborted && this.last() <= after)
        await once(this.#added, 'added', { signal }).catch(() => undefined);
    },
  };
}
