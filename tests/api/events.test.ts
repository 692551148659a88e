import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { connect } from 'node:net';
import { DEFAULT_SETTINGS } from '../../api/settings.ts';
import { readEventLines, type StreamedEvent } from '../../bin/terminal/event-lines.ts';
import { ADMIN_KEY, type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
let address: string;
const streams: AbortController[] = [];

async function start(follow: Partial<typeof DEFAULT_SETTINGS.follow> = {}, perKey = 8, inAll = 64): Promise<void> {
  ({ app, platform } = await startFakeApi({
    ...DEFAULT_SETTINGS,
    streams: { perKey, inAll },
    follow: { ...DEFAULT_SETTINGS.follow, ...follow },
  }));
  address = await app.listen({ host: '127.0.0.1', port: 0 });
}
beforeEach(() => start());
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  await app.close();
});

interface Stream {
  readonly answer: Response;
  /** The next that comes, signs of life included. */
  next(): Promise<StreamedEvent>;
  /** The next event with data. */
  nextEvent(): Promise<StreamedEvent & { readonly value: Record<string, unknown> }>;
  /** Whether the stream has ended. */
  ended(): Promise<boolean>;
  close(): void;
}

async function open(query = '', headers: Record<string, string> = {}, key = ADMIN_KEY): Promise<Stream> {
  const stop = new AbortController();
  streams.push(stop);
  const answer = await fetch(`${address}/v1/events${query}`, {
    headers: { ...withKey(key), ...headers },
    signal: stop.signal,
  });
  const lines = readEventLines(answer.body as unknown as AsyncIterable<Uint8Array>);
  const next = async () => (await lines.next()).value as StreamedEvent;
  return {
    answer,
    next,
    nextEvent: async () => {
      for (;;) {
        const event = await next();
        if (event.data !== null) return { ...event, value: JSON.parse(event.data) as Record<string, unknown> };
      }
    },
    ended: async () => {
      for (let count = 0; count < 1_000; count += 1) if ((await lines.next()).done === true) return true;
      return false;
    },
    close: () => stop.abort(),
  };
}

describe('following events', () => {
  it('begins with what happens next', async () => {
    platform.events.add('order.intent', 'before');
    const stream = await open();
    expect(stream.answer.status).toBe(200);
    expect(stream.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await stream.next()).toEqual({ name: 'message', id: '1', data: null });
    platform.events.add('order.ended', 'ex-1', { filled: '0.5' });
    expect(await stream.nextEvent()).toMatchObject({
      name: 'message',
      id: '2',
      value: {
        id: 2,
        kind: 'order.ended',
        subject: 'ex-1',
        payload: { filled: '0.5' },
        at: '2026-11-23T12:00:00.000Z',
      },
    });
  });

  it('resumes behind Last-Event-ID, without a hole and without a repeat', async () => {
    for (const subject of ['a', 'b', 'c']) platform.events.add('test', subject);
    const first = await open('?after=0');
    expect((await first.nextEvent()).id).toBe('1');
    const { id } = await first.nextEvent();
    first.close();
    platform.events.add('test', 'd');
    const second = await open('', { 'last-event-id': id ?? '' });
    expect((await second.nextEvent()).value['subject']).toBe('c');
    expect((await second.nextEvent()).value['subject']).toBe('d');
  });

  it('takes the header before the query', async () => {
    for (const subject of ['a', 'b', 'c']) platform.events.add('test', subject);
    const stream = await open('?after=0', { 'last-event-id': '2' });
    expect((await stream.nextEvent()).value['subject']).toBe('c');
  });

  it('has filters, and the id moves on although they let nothing through', async () => {
    await app.close();
    await start({ heartbeatMs: 20 });
    const stream = await open('?subject=ex-1&kind=order.*&after=0');
    platform.events.add('order.ended', 'ex-2');
    platform.events.add('halt.set', 'ex-1');
    for (let { id } = await stream.next(); id !== '2'; { id } = await stream.next());
    platform.events.add('order.ended', 'ex-1');
    expect((await stream.nextEvent()).value).toMatchObject({ id: 3, subject: 'ex-1' });
  });

  it('gives more than a page to who has been away for long', async () => {
    for (let number = 1; number <= 450; number += 1) platform.events.add('test', `s${number}`);
    const stream = await open('?after=0');
    const ids: number[] = [];
    while (ids.length < 450) ids.push(Number((await stream.nextEvent()).id));
    expect(ids).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
  });

  it.each([
    ['was forgotten', 5, 'pruned'],
    ['was never given', 999, 'unknown-id'],
  ])('says so when what is asked for %s, and goes on from now', async (_what, asked, reason) => {
    platform.events.pruned = 10;
    platform.events.add('test', 'kept');
    const stream = await open('', { 'last-event-id': String(asked) });
    const reset = await stream.nextEvent();
    expect(reset).toMatchObject({
      name: 'reset',
      id: '11',
      value: { reason, asked, prunedThrough: 10, goesOnAfter: 11 },
    });
    platform.events.add('test', 'next');
    expect((await stream.nextEvent()).value['subject']).toBe('next');
  });

  it('ends when its key is revoked, long before its next sign of life', async () => {
    await app.close();
    // An hour: were the key looked at with the signs of life only, this would not end.
    await start({ heartbeatMs: 3_600_000 });
    platform.addKey('tw_wall', 'wall', 'viewer');
    const stream = await open('', {}, 'tw_wall');
    await stream.next();
    await platform.keys.store.revokeKey('wall', 'admin');
    expect(await stream.ended()).toBe(true);
  });

  it('gives nothing more to a key that is revoked, although events go on', async () => {
    await app.close();
    await start({ heartbeatMs: 3_600_000 });
    platform.addKey('tw_wall', 'wall', 'viewer');
    const noise = setInterval(() => platform.events.add('test', 'other'), 10);
    try {
      const stream = await open('', {}, 'tw_wall');
      await stream.nextEvent();
      await platform.keys.store.revokeKey('wall', 'admin');
      expect(await stream.ended()).toBe(true);
    } finally {
      clearInterval(noise);
    }
  });

  it('shows its id, and ends when its key is revoked, also while others have much to say', async () => {
    await app.close();
    await start({ heartbeatMs: 20 });
    platform.addKey('tw_wall', 'wall', 'viewer');
    const noise = setInterval(() => platform.events.add('test', 'other'), 2);
    try {
      const stream = await open('?subject=ex-1', {}, 'tw_wall');
      await stream.next();
      // Nothing passes the filter: what comes is a sign of life, further on than the beginning.
      const alive = await stream.next();
      expect(alive.data).toBeNull();
      expect(Number(alive.id)).toBeGreaterThan(0);
      await platform.keys.store.revokeKey('wall', 'admin');
      expect(await stream.ended()).toBe(true);
    } finally {
      clearInterval(noise);
    }
  });

  it('resumes at an id that another process has given out a moment before this one knows it', async () => {
    platform.events.add('test', 'a');
    const { feed } = platform.events;
    const position = feed.position.bind(feed);
    let asked = 0;
    // Behind by one event in the first two answers: that for the refusal and that for the beginning.
    jest.spyOn(feed, 'position').mockImplementation(async () => (await position()) - ((asked += 1) <= 2 ? 1 : 0));
    const stream = await open('', { 'last-event-id': '1' });
    platform.events.add('test', 'b');
    expect(await stream.nextEvent()).toMatchObject({ name: 'message', id: '2' });
  });

  it('ends after its life, and when the API stops', async () => {
    await app.close();
    await start({ lifeMs: 50 });
    expect(await (await open()).ended()).toBe(true);
    await app.close();
    await start();
    const stream = await open();
    await stream.next();
    await app.close();
    expect(await stream.ended().catch(() => true)).toBe(true);
  });

  it('is bounded for each key and in all; a place that is left is free again', async () => {
    await app.close();
    await start({}, 2, 3);
    platform.addKey('tw_wall', 'wall', 'viewer');
    const first = await open();
    await open();
    const third = await open();
    expect([third.answer.status, third.answer.headers.get('retry-after')]).toEqual([429, '5']);
    const other = await open('', {}, 'tw_wall');
    expect(other.answer.status).toBe(200);
    expect(other.answer.headers.get('retry-after')).toBeNull();
    expect((await open('', {}, 'tw_wall')).answer.status).toBe(429);
    first.close();
    let status = 429;
    for (let tries = 0; status !== 200 && tries < 100; tries += 1) {
      const again = await open();
      status = again.answer.status;
      if (status !== 200) await again.answer.text();
    }
    expect(status).toBe(200);
  });

  it('cuts off a client that does not read, and keeps nothing for it', async () => {
    await app.close();
    await start({ slowClientMs: 100 });
    const { port } = new URL(address);
    const socket = connect(Number(port), '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.write(`GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n\r\n`);
    // The stream has begun; from now on nothing is read.
    await new Promise<void>((resolve) => socket.once('readable', () => resolve()));
    // More than any buffer between the two holds.
    const payload = { text: 'x'.repeat(50_000) };
    for (let number = 0; number < 600; number += 1) platform.events.add('test', 'big', payload);
    const metrics = async () => (await app.inject({ url: '/metrics', headers: withKey() })).body;
    const isCut = async () => (await metrics()).includes('tradewind_api_event_streams 0');
    // As long as the test may last, and no longer.
    for (let looks = 0; !(await isCut()) && looks < 400; looks += 1)
      await new Promise((again) => setTimeout(again, 10));
    expect(await isCut()).toBe(true);
    socket.resume();
    await closed;
  });

  it('is refused with a problem when the database does not answer', async () => {
    platform.events.failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const { answer } = await open();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'STORE_UNREACHABLE' });
  });
});

describe('past events', () => {
  const history = async (query: string) =>
    (await app.inject({ url: `/v1/events/history${query}`, headers: withKey() })).json();

  it('come in pages, oldest first', async () => {
    for (const subject of ['a', 'b', 'c']) platform.events.add('test', subject);
    const first = await history('?limit=2');
    expect(first).toMatchObject({ items: [{ subject: 'a' }, { subject: 'b' }], next: '2', prunedThrough: 0 });
    const second = await history(`?limit=2&after=${first.next}`);
    expect(second).toMatchObject({ items: [{ subject: 'c' }], next: null, last: 3 });
  });

  it('can be filtered', async () => {
    platform.events.add('order.ended', 'a');
    platform.events.add('halt.set', 'a');
    platform.events.add('order.ended', 'b');
    expect((await history('?subject=a&kind=order.*')).items).toHaveLength(1);
  });
});
