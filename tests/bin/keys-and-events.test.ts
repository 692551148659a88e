import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { readEventLines, type StreamedEvent } from '../../bin/terminal/event-lines.ts';
import { ApiClient } from '../../bin/terminal/client.ts';
import { followEvents } from '../../bin/terminal/follow-events.ts';
import { DEFAULT_SETTINGS } from '../../api/settings.ts';
import { ADMIN_KEY, type FakePlatform, startFakeApi } from '../api/fakes/platform.ts';
import { tradewind } from './command-line.ts';

let app: FastifyInstance;
let platform: FakePlatform;
let url: string;
beforeEach(async () => {
  // Streams end again and again: who follows has to go on behind the last event.
  ({ app, platform } = await startFakeApi({
    ...DEFAULT_SETTINGS,
    follow: { ...DEFAULT_SETTINGS.follow, lifeMs: 50 },
  }));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  process.env['TRADEWIND_API_URL'] = url;
  process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
});
afterEach(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await app.close();
});

describe('keys', () => {
  it('are made, listed and revoked', async () => {
    const made = await tradewind('keys', 'create', '--name', 'desk', '--role', 'trader', '--json');
    expect(made.exitCode).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ name: 'desk', role: 'trader', key: expect.stringMatching(/^tw_/) });
    const listed = await tradewind('keys', 'list', '--json');
    expect(JSON.parse(listed.stdout).items).toMatchObject([{ name: 'admin' }, { name: 'desk', createdBy: 'admin' }]);
    const revoked = await tradewind('keys', 'revoke', 'desk', '--json');
    expect(JSON.parse(revoked.stdout)).toMatchObject({ name: 'desk', revokedBy: 'admin' });
    expect((await tradewind('keys', 'list')).stdout).toContain('desk');
  });

  it('of the file are not revoked: exit code 4', async () => {
    const refused = await tradewind('keys', 'revoke', 'admin', '--json');
    expect(refused.exitCode).toBe(4);
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'KEY_PROTECTED' });
  });

  it('of an unknown role are not made: exit code 2', async () => {
    expect((await tradewind('keys', 'create', '--name', 'a', '--role', 'root', '--json')).exitCode).toBe(2);
  });
});

describe('events', () => {
  it('are printed one a line, however many pages', async () => {
    for (let number = 0; number < 1_001; number += 1) platform.events.add('test', `s${number}`);
    const { exitCode, stdout } = await tradewind('events', '--json');
    expect(exitCode).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number });
    expect(lines.map(({ id }) => id)).toEqual(Array.from({ length: 1_001 }, (_, index) => index + 1));
    const some = await tradewind('events', '--from', '999', '--json');
    expect(some.stdout.trim().split('\n')).toHaveLength(2);
    expect((await tradewind('events', '--from', '1000')).stdout).toContain('s1000');
  });

  it('begin at an id: exit code 2 for anything else', async () => {
    expect((await tradewind('events', '--from', 'yesterday', '--json')).exitCode).toBe(2);
  });

  it('are followed over the ends of streams, each once', async () => {
    for (const subject of ['a', 'b']) platform.events.add('test', subject);
    const stop = new AbortController();
    const query = { after: 0, subject: undefined, kind: undefined, stop: stop.signal };
    const seen: unknown[] = [];
    for await (const event of followEvents(new ApiClient({ url, key: ADMIN_KEY }), query)) {
      seen.push('subject' in event ? event.subject : event.reset);
      if (seen.length === 2) setTimeout(() => platform.events.add('test', 'c'), 100);
      if (seen.length === 3) stop.abort();
    }
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('that are refused end the following', async () => {
    const client = new ApiClient({ url, key: 'tw_nobody' });
    const query = { after: 0, subject: undefined, kind: undefined };
    await expect(followEvents(client, query).next()).rejects.toThrow('The key is not known');
  });
});

describe('the lines of a stream', () => {
  // After the examples of WHATWG HTML, section 9.2.6.
  it.each<readonly [string, readonly Partial<StreamedEvent>[]]>([
    ['data: YHOO\ndata: +2\ndata: 10\n\n', [{ name: 'message', data: 'YHOO\n+2\n10' }]],
    [': test stream\n\ndata: first event\nid: 1\n\n', [{ data: null }, { data: 'first event', id: '1' }]],
    ['data:second event\nid\n\n', [{ data: 'second event', id: '' }]],
    ['data:  third event\n\n', [{ data: ' third event' }]],
    ['event: add\r\ndata: 73857293\r\n\r\n', [{ name: 'add', data: '73857293' }]],
    ['data: not whole\n', []],
  ])('%j', async (text, expected) => {
    const bytes = Buffer.from(text);
    // One byte at a time: where a chunk ends must not matter.
    async function* chunks() {
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    const read: StreamedEvent[] = [];
    for await (const event of readEventLines(chunks())) read.push(event);
    expect(read).toMatchObject(expected);
  });
});
