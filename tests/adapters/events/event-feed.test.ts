import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openEventFeed, type RunningEventFeed } from '../../../adapters/events/event-feed.ts';
import type { EventHead, EventLog, PlatformEvent } from '../../../adapters/ports/event-log.ts';

const eventOf = (id: number): PlatformEvent => ({ id, kind: 'test', subject: `s${id}`, payload: {}, at: 0 });

/** A log whose answers the test sets. */
class ScriptedLog implements EventLog {
  now: EventHead = { drawn: 10, committed: 10 };
  writing: readonly string[] = [];
  events: readonly PlatformEvent[] = [];
  failure: Error | null = null;

  async head(): Promise<EventHead> {
    if (this.failure !== null) throw this.failure;
    return this.now;
  }
  async writers(): Promise<readonly string[]> {
    if (this.failure !== null) throw this.failure;
    return this.writing;
  }
  async read({ after, upTo }: { readonly after: number; readonly upTo: number }): Promise<readonly PlatformEvent[]> {
    return this.events.filter(({ id }) => id > after && id <= upTo);
  }
  prunedThrough = async (): Promise<number> => 0;
  prune = async (): Promise<number> => 0;
}

let feed: RunningEventFeed;
afterEach(() => feed.close());

describe('a feed whose database dies', () => {
  it('takes nothing for settled that it knew of before: ids are handed out anew', async () => {
    const log = new ScriptedLog();
    const failures: unknown[] = [];
    feed = openEventFeed(log, (error) => failures.push(error));
    await expect(feed.position()).resolves.toBe(10);
    // Two have drawn 11 and 12; one of them has committed.
    log.now = { drawn: 12, committed: 11 };
    log.writing = ['before/1'];
    await expect(feed.position()).resolves.toBe(10);
    log.failure = new Error('the server closed the connection');
    await expect(feed.position()).rejects.toThrow('the server closed');
    expect(failures).toContain(log.failure);
    // It is back without its unwritten commit, and others have drawn the same ids: 12 is committed, 11 is on its way.
    log.failure = null;
    log.now = { drawn: 12, committed: 12 };
    log.writing = ['after/1'];
    log.events = [eventOf(12)];
    await expect(feed.position()).resolves.toBe(10);
    log.writing = [];
    log.events = [eventOf(11), eventOf(12)];
    await expect(feed.position()).resolves.toBe(12);
    expect((await feed.read(10, {}, 10)).events.map(({ id }) => id)).toEqual([11, 12]);
  });

  it('goes on from where the database is when that is another, further back', async () => {
    const log = new ScriptedLog();
    feed = openEventFeed(log, () => undefined);
    await expect(feed.position()).resolves.toBe(10);
    log.now = { drawn: 3, committed: 3 };
    await expect(feed.position()).resolves.toBe(3);
    log.now = { drawn: 4, committed: 4 };
    log.events = [eventOf(3), eventOf(4)];
    await expect(feed.position()).resolves.toBe(4);
    expect((await feed.read(3, {}, 10)).events.map(({ id }) => id)).toEqual([4]);
  });
});

describe('the position of a feed', () => {
  it('has what was written before it was asked for, also when a look under way began earlier', async () => {
    const log = new ScriptedLog();
    log.writing = ['1/1'];
    feed = openEventFeed(log, () => undefined);
    const first = feed.position();
    await new Promise(setImmediate);
    // The first look has seen a writer; it has ended by now, and its event is committed.
    log.writing = [];
    log.now = { drawn: 11, committed: 11 };
    log.events = [eventOf(11)];
    await expect(feed.position()).resolves.toBe(11);
    await first;
  });
});

describe('a feed that nobody follows', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks when somebody comes, and not at its next turn', async () => {
    // No turn comes by itself here.
    jest.useFakeTimers();
    const log = new ScriptedLog();
    feed = openEventFeed(log, () => undefined);
    await feed.position();
    log.now = { drawn: 11, committed: 11 };
    log.events = [eventOf(11)];
    await feed.changed(10, new AbortController().signal);
    expect((await feed.read(10, {}, 10)).events.map(({ id }) => id)).toEqual([11]);
  });
});
