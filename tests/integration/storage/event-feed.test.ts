import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { openEventFeed, type RunningEventFeed } from '../../../adapters/events/event-feed.ts';
import type { EventFilter } from '../../../adapters/ports/event-log.ts';
import { inTransaction } from '../../../adapters/storage/database.ts';
import { createEventLog } from '../../../adapters/storage/event-log.ts';
import { appendEvent } from '../../../adapters/storage/outbox.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let feed: RunningEventFeed;
const failures: unknown[] = [];
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  failures.length = 0;
  // So that a feed begins behind something, as after months.
  await append('before', 'before');
  feed = openEventFeed(createEventLog(storage.database), (error) => failures.push(error));
});
afterEach(() => feed.close());

const append = (subject: string, kind = 'test.event') =>
  inTransaction(storage.database, (connection) => appendEvent(connection, kind, subject, {}));

/** Reads from `after` on until the subject has come, and gives all subjects up to there in the order in which they came. */
async function subjectsUntil(last: string, after: number, filter: EventFilter = {}): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let at = after; !seen.includes(last);) {
    const piece = await feed.read(at, filter, 10);
    seen.push(...piece.events.map(({ subject }) => subject));
    at = piece.upTo;
    if (piece.events.length === 0) {
      await feed.changed(at, AbortSignal.timeout(20_000));
    }
  }
  return seen;
}

/** A transaction that has written an event and has not ended. */
async function openWriter(subject: string): Promise<{ readonly id: number; readonly client: pg.PoolClient }> {
  const client = await storage.database.connect();
  await client.query('begin');
  const { rows } = await client.query<{ id: number }>(
    "insert into outbox (kind, subject, payload) values ('test.event', $1, '{}') returning id",
    [subject],
  );
  return { id: rows[0]!.id, client };
}

async function end(client: pg.PoolClient, how: 'commit' | 'rollback'): Promise<void> {
  await client.query(how);
  client.release();
}

describe('events whose transactions end in another order than their ids', () => {
  it('come in order of their ids, and the one that was late is not missed', async () => {
    const start = await feed.position();
    const early = await openWriter('early');
    await append('late');
    // Whoever reads what is committed sees the later id now, and would ask only behind it from then on.
    const naive = await storage.database.query<{ subject: string }>('select subject from outbox order by id');
    expect(naive.rows).toEqual([{ subject: 'before' }, { subject: 'late' }]);
    await expect(feed.position()).resolves.toBe(start);
    await expect(feed.read(start, {}, 10)).resolves.toEqual({ events: [], upTo: start });
    await end(early.client, 'commit');
    await expect(subjectsUntil('late', start)).resolves.toEqual(['early', 'late']);
    expect(failures).toEqual([]);
  });

  it('are not held up by one that rolled back', async () => {
    const start = await feed.position();
    const doomed = await openWriter('doomed');
    await append('next');
    await end(doomed.client, 'rollback');
    await expect(subjectsUntil('next', start)).resolves.toEqual(['next']);
  });

  it('are not held up by a long transaction that writes no event', async () => {
    const start = await feed.position();
    const client = await storage.database.connect();
    await client.query('begin');
    await client.query("insert into idempotency_keys select 'a', 'b', 'c', null where false");
    await client.query('select pg_current_xact_id()');
    await append('meanwhile');
    await expect(subjectsUntil('meanwhile', start)).resolves.toEqual(['meanwhile']);
    await end(client, 'rollback');
  });

  it('are each given out once, however many write at the same time', async () => {
    const start = await feed.position();
    const log = createEventLog(storage.database);
    let naiveAt = start;
    const naiveIds: number[] = [];
    const naiveLook = async (): Promise<void> => {
      const seen = await log.read({ after: naiveAt, upTo: Number.MAX_SAFE_INTEGER, limit: 1_000 });
      naiveIds.push(...seen.map(({ id }) => id));
      naiveAt = Math.max(naiveAt, seen.at(-1)?.id ?? 0);
    };
    const writer = async (name: number): Promise<void> => {
      for (let turn = 0; turn < 30; turn += 1) {
        const client = await storage.database.connect();
        await client.query('begin');
        await appendEvent(client, 'test.event', `${name}/${turn}`, {});
        // In the database, so that transactions overlap in many ways.
        await client.query('select pg_sleep(random() * 0.01)');
        await end(client, (name + turn) % 5 === 0 ? 'rollback' : 'commit');
        await naiveLook();
      }
    };
    await Promise.all(Array.from({ length: 6 }, (_, name) => writer(name)));
    await append('the end');
    const seen = await subjectsUntil('the end', start);
    const { rows } = await storage.database.query<{ id: number; subject: string }>(
      'select id, subject from outbox where id > $1 order by id',
      [start],
    );
    expect(seen).toEqual(rows.map(({ subject }) => subject));
    expect(rows).toHaveLength(6 * 30 - 36 + 1);
    // The trap is real: a reader that goes by the highest id it has seen misses some of the very same events.
    await naiveLook();
    expect(new Set(naiveIds).size).toBeLessThan(rows.length);
  }, 60_000);
});

describe('a feed', () => {
  it('tells at once what was written before it was asked, though nobody follows', async () => {
    const start = await feed.position();
    await append('now');
    await expect(feed.position()).resolves.toBeGreaterThan(start);
    await expect(feed.read(start, {}, 10)).resolves.toMatchObject({ events: [{ subject: 'now' }] });
  });

  it('stands at a committed event, not at an id that was rolled back', async () => {
    await append('committed');
    const start = await feed.position();
    const doomed = await openWriter('doomed');
    await end(doomed.client, 'rollback');
    await expect(feed.position()).resolves.toBe(start);
    expect(doomed.id).toBeGreaterThan(start);
    expect(feed.lag()).toBe(0);
  });

  it('gives out an event whose id was handed out before, to somebody whom the server forgot when it died', async () => {
    const start = await feed.position();
    const doomed = await openWriter('doomed');
    await end(doomed.client, 'rollback');
    await feed.position();
    // What is left of the sequence when the server dies before it has written the draw to its log.
    await storage.database.query("select setval('outbox_id_seq', $1)", [start]);
    await append('again');
    const { rows } = await storage.database.query("select id from outbox where subject = 'again'");
    expect(rows).toEqual([{ id: doomed.id }]);
    await expect(subjectsUntil('again', start)).resolves.toEqual(['again']);
  });

  it('filters by subject, by kind and by family of kinds', async () => {
    const start = await feed.position();
    await append('a', 'order.intent');
    await append('a', 'order.ended');
    await append('b', 'order.ended');
    await append('b', 'orders');
    await append('z', 'end');
    await subjectsUntil('z', start);
    const kindsOf = async (from: number, filter: EventFilter) =>
      (await feed.read(from, filter, 10)).events.map(({ kind, subject }) => `${kind} ${subject}`);
    // From memory, and, before what is kept there, from the database: the same.
    for (const from of [start, 0]) {
      expect(await kindsOf(from, { subject: 'a' })).toEqual(['order.intent a', 'order.ended a']);
      expect(await kindsOf(from, { kind: 'order.ended' })).toEqual(['order.ended a', 'order.ended b']);
      expect(await kindsOf(from, { kind: 'order.*', subject: 'b' })).toEqual(['order.ended b']);
    }
  });

  it('pages without a hole', async () => {
    const start = await feed.position();
    for (const subject of ['1', '2', '3', '4', '5']) await append(subject);
    await subjectsUntil('5', start);
    const first = await feed.read(start, {}, 2);
    const second = await feed.read(first.upTo, {}, 2);
    const third = await feed.read(second.upTo, {}, 2);
    expect([first, second, third].flatMap(({ events }) => events.map(({ subject }) => subject))).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it('outlives the end of its connections', async () => {
    const start = await feed.position();
    await storage.database.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await append('after').catch(() => append('after'));
    await expect(subjectsUntil('after', start)).resolves.toEqual(['after']);
  });
});

describe('old events', () => {
  it('are forgotten from the oldest on, and the log says up to where', async () => {
    const log = createEventLog(storage.database);
    await expect(log.prunedThrough()).resolves.toBe(0);
    for (const subject of ['old', 'older', 'new', 'odd']) await append(subject);
    // With the one that is there before each test: three. "odd" is as old as those, but stands behind a young one: it stays, so that there is no hole.
    await storage.database.query("update outbox set at = at - interval '3 days' where subject <> 'new'");
    await expect(log.prune(2 * 86_400_000)).resolves.toBe(3);
    const { rows } = await storage.database.query<{ id: number; subject: string }>('select * from outbox order by id');
    expect(rows.map(({ subject }) => subject)).toEqual(['new', 'odd']);
    await expect(log.prunedThrough()).resolves.toBe(rows[0]!.id - 1);
    await expect(log.prune(2 * 86_400_000)).resolves.toBe(0);
  });
});
