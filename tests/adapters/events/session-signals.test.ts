import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSessionSignals } from '../../../adapters/events/session-signals.ts';
import type { EventFeed, PlatformEvent } from '../../../adapters/ports/event-log.ts';
import type { SessionInterest, SessionSignal, SessionSignals } from '../../../adapters/ports/session-signals.ts';
import { until } from '../../helpers/rig-until.ts';

const LONG_MS = 600_000;

let events: PlatformEvent[];
let moved: (() => void)[];
let told: Map<string, 'bar' | 'price'>;
let looks: (readonly string[])[];
let failures: number;
let log: string[];
let signals: SessionSignals;
let stop: AbortController;
beforeEach(() => {
  events = [event(1, 'halt.set', 'h')];
  moved = [];
  told = new Map();
  looks = [];
  failures = 0;
  log = [];
  stop = new AbortController();
  signals = createSessionSignals({ events: feed, market, log: (message) => log.push(message) });
});
afterEach(() => signals.close());

function event(id: number, kind: string, subject: string): PlatformEvent {
  return { id, kind, subject, payload: {}, at: 0 };
}

const newest = (): number => events.at(-1)!.id;
const feed: EventFeed = {
  position: async () => newest(),
  lag: () => 0,
  prunedThrough: async () => 0,
  read: async (after, _filter, limit) => {
    const found = events.filter(({ id }) => id > after).slice(0, limit);
    return { events: found, upTo: found.at(-1)?.id ?? after };
  },
  changed: (after, signal) =>
    new Promise((resolve) => {
      if (newest() > after || signal.aborted) resolve();
      else moved.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    }),
};
const market = {
  look: async (interests: readonly SessionInterest[]) => {
    looks.push(interests.map(({ sessionId }) => sessionId));
    if (failures > 0) {
      failures -= 1;
      throw new Error('the database is away');
    }
    return interests.map(({ sessionId }) => told.get(sessionId) ?? null);
  },
};

function happen(kind: string, subject: string): void {
  events.push(event(newest() + 1, kind, subject));
  for (const wake of moved.splice(0)) wake();
}

const wait = (sessionId: string, given: Partial<SessionInterest> = {}, withinMs = LONG_MS): Promise<SessionSignal> =>
  signals.wait(
    { sessionId, streams: [], afterBar: null, executionIds: [], watched: [], ...given },
    withinMs,
    stop.signal,
  );
/** The first wait of a session in a process only says that it must look for itself. */
const known = async (...ids: readonly string[]): Promise<void> => {
  for (const id of ids) expect(await wait(id)).toBe('record');
};

describe('signals of a session', () => {
  it('begin with its record, since nothing is known of the time before', async () => {
    await known('s');
    await expect(wait('s', {}, 1)).resolves.toBe('timeout');
  });

  it.each([
    ['order', 'e1'],
    ['record', 's'],
  ])('are %s when something happens to %s', async (signal, subject) => {
    await known('s');
    const waiting = wait('s', { executionIds: ['e0', 'e1'] });
    happen('order.filled', 'another');
    happen('order.filled', subject);
    await expect(waiting).resolves.toBe(signal);
  });

  it.each([
    ['order', 'e1'],
    ['record', 's'],
  ])('are %s when it happened to %s between two waits', async (signal, subject) => {
    await known('s', 'other');
    happen('order.ended', subject);
    // Until the event has been taken in.
    await expect(wait('other', { executionIds: [subject] })).resolves.toBe('order');
    await expect(wait('s', { executionIds: ['e1'] })).resolves.toBe(signal);
    // And once.
    await expect(wait('s', { executionIds: ['e1'] }, 1)).resolves.toBe('timeout');
  });

  it.each(['bar', 'price'] as const)('are %s when the market shows it', async (signal) => {
    await known('s', 'other');
    const [waiting, other] = [wait('s'), wait('other')];
    told.set('s', signal);
    await expect(waiting).resolves.toBe(signal);
    stop.abort();
    await expect(other).resolves.toBe('timeout');
  });

  it('end with the signal that aborts, at once when it has', async () => {
    await known('s');
    const waiting = wait('s');
    stop.abort();
    await expect(waiting).resolves.toBe('timeout');
    await expect(wait('s')).resolves.toBe('timeout');
  });

  it('come of one look for all that wait, and of none while nobody does', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `s${index}`);
    await known(...ids);
    const waiting = ids.map((id) => wait(id));
    await until('all of them to be looked at', async () => looks.some((each) => each.length === ids.length));
    for (const id of ids) told.set(id, 'bar');
    await expect(Promise.all(waiting)).resolves.toEqual(ids.map(() => 'bar'));
    const before = looks.length;
    happen('order.ended', 'nobody');
    await known('another');
    expect(looks.length).toBe(before);
  });

  it('come after looks that failed', async () => {
    await known('s');
    failures = 1;
    told.set('s', 'bar');
    await expect(wait('s')).resolves.toBe('bar');
    expect(log).toEqual(['bars and prices cannot be looked at: the database is away']);
  });

  it('end with a timeout when the process closes them', async () => {
    await known('s');
    const waiting = wait('s');
    await signals.close();
    await expect(waiting).resolves.toBe('timeout');
    await expect(wait('s')).resolves.toBe('timeout');
  });
});
