import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { StreamHealthEntry } from '../../adapters/ports/stream-health.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

const BOOK: StreamHealthEntry = {
  venue: 'sim',
  kind: 'order-book',
  symbol: 'BTC/USDT',
  timeframe: null,
  status: 'live',
  exchangeAt: Date.UTC(2026, 10, 26, 9, 0, 0, 100),
  receivedAt: Date.UTC(2026, 10, 26, 9, 0, 1, 350),
  messages: 812,
  gaps: 1,
  reconnects: 2,
  stale: 3,
  lastError: 'connection closed by remote server, closing code 1006',
  ageMs: 400,
};

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const get = (url: string) => app.inject({ url, headers: withKey() });

describe('streams', () => {
  it('are listed with both clocks apart', async () => {
    platform.streams = [BOOK];
    const answer = await get('/v1/streams');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      items: [{ ...BOOK, exchangeAt: '2026-11-26T09:00:00.100Z', receivedAt: '2026-11-26T09:00:01.350Z' }],
      next: null,
    });
  });

  it('are unknown when no worker has reported for a quarter of a minute', async () => {
    platform.streams = [{ ...BOOK, ageMs: 15_001 }];
    expect((await get('/v1/streams')).json().items).toMatchObject([{ status: 'unknown', messages: 812 }]);
  });

  it('of one venue leave out those of others; an unknown venue is an answer of its own', async () => {
    platform.streams = [BOOK, { ...BOOK, venue: 'other' }];
    expect((await get('/v1/streams?venue=sim')).json().items).toMatchObject([{ venue: 'sim' }]);
    const unknown = await get('/v1/streams?venue=sin');
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({
      code: 'VENUE_NOT_FOUND',
      errors: [{ field: 'venue', value: 'sin', message: expect.stringContaining('"sim"') }],
    });
    expect((await get('/v1/streams?venu=sim')).statusCode).toBe(422);
  });
});
