import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const get = (url: string, headers = withKey()) => app.inject({ url, headers });
const post = (url: string, body: object, headers = withKey()) => app.inject({ method: 'POST', url, headers, body });

describe('halts', () => {
  it('come in pages', async () => {
    for (const reason of ['first drill', 'second drill', 'third drill'])
      expect((await post('/v1/halts', { scope: 'all', reason })).statusCode).toBe(201);
    const first = (await get('/v1/halts?limit=2')).json();
    expect(first.items).toHaveLength(2);
    expect((await get(`/v1/halts?limit=2&cursor=${first.next}`)).json()).toMatchObject({
      items: [{ reason: 'third drill' }],
      next: null,
    });
  });

  it('are set with a reason, listed, lifted with a reason, and stay on record', async () => {
    const set = await post('/v1/halts', { scope: 'venue', target: 'sim', reason: 'odd prices' });
    expect(set.statusCode).toBe(201);
    expect(set.json()).toMatchObject({
      scope: 'venue',
      target: 'sim',
      reason: 'odd prices',
      setBy: 'admin',
      liftedAt: null,
    });
    const { id } = set.json();
    expect((await get('/v1/halts?active=true')).json().items).toHaveLength(1);
    const lifted = await post(`/v1/halts/${id}/lift`, { reason: 'prices are fine again' });
    expect(lifted.json()).toMatchObject({ id, liftedBy: 'admin', liftReason: 'prices are fine again' });
    expect((await get('/v1/halts?active=true')).json().items).toEqual([]);
    expect((await get('/v1/halts')).json().items).toHaveLength(1);
    const again = await post(`/v1/halts/${id}/lift`, { reason: 'once more' });
    expect(again.statusCode).toBe(409);
    expect(again.json().code).toBe('HALT_LIFTED');
  });

  it('of all and of a symbol need no more than that', async () => {
    expect((await post('/v1/halts', { scope: 'all', reason: 'drill' })).json()).toMatchObject({ target: null });
    expect((await post('/v1/halts', { scope: 'symbol', target: 'BTC/USDT', reason: 'drill' })).statusCode).toBe(201);
  });
});

describe('roles', () => {
  it('a viewer reads and starts nothing; an operator halts and does not lift', async () => {
    platform.addKey('tw_viewer', 'wall', 'viewer');
    platform.addKey('tw_operator', 'night', 'operator');
    expect((await get('/v1/executions', withKey('tw_viewer'))).statusCode).toBe(200);
    const refused = await post('/v1/executions', {}, withKey('tw_viewer'));
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('needs trader') });
    const halt = await post('/v1/halts', { scope: 'all', reason: 'smoke' }, withKey('tw_operator'));
    expect(halt.statusCode).toBe(201);
    expect(
      (await post(`/v1/halts/${halt.json().id}/lift`, { reason: 'gone' }, withKey('tw_operator'))).statusCode,
    ).toBe(403);
  });

  it('every address of /v1 but health asks for a key', async () => {
    const document = (await get('/openapi.json', {})).json();
    const open: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods as object)) {
        const answer = await app.inject({
          method: method.toUpperCase() as 'GET',
          url: path.replaceAll(/\{\w+\}/g, 'x'),
        });
        if (answer.statusCode !== 401) open.push(`${method} ${path}`);
        else expect(answer.headers['www-authenticate']).toBe('Bearer realm="tradewind"');
      }
    }
    expect(open).toEqual(['get /v1/health']);
  });
});

describe('venues', () => {
  it('are listed with label, assumptions and health', async () => {
    const { items } = (await get('/v1/venues')).json();
    expect(items).toMatchObject([
      {
        id: 'sim',
        label: 'paper',
        status: 'up',
        assumptions: { synthetic: true },
        health: { clockOffsetMs: 3, ageMs: 1000 },
        owner: { worker: 'host-a/17', epoch: 3, since: '2026-11-23T12:00:00.000Z', held: true },
      },
    ]);
    const venue = (await get('/v1/venues/sim')).json();
    expect(venue.instruments).toMatchObject([{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }]);
  });

  it('whose health nobody has written lately are unknown, not up', async () => {
    platform.venueEntries = platform.venueEntries.map((entry) => ({ ...entry, healthAgeMs: 31_000 }));
    expect((await get('/v1/venues')).json().items[0].status).toBe('unknown');
    platform.venueEntries = platform.venueEntries.map((entry) => ({ ...entry, health: null, healthAgeMs: null }));
    expect((await get('/v1/venues')).json().items[0]).toMatchObject({ status: 'unknown', health: null });
  });
});

describe('health', () => {
  it('is ok when servers answer, queues are polled and venues are up', async () => {
    const answer = await get('/v1/health', {});
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 'ok',
      postgres: { ok: true, error: null },
      temporal: { ok: true, error: null },
      queues: ['trading', 'sessions', 'market-data', 'compute', 'venue-sim'].map((queue) => ({
        queue,
        workflowPollers: 1,
        activityPollers: 1,
        activitiesWaiting: 0,
        waitingMs: 0,
      })),
      venues: [{ id: 'sim', status: 'up' }],
    });
    const plain = await get('/healthz', {});
    expect([plain.statusCode, plain.body, plain.headers['content-type']]).toEqual([
      200,
      'ok\n',
      'text/plain; charset=utf-8',
    ]);
  });

  it('is degraded when a queue has no pollers', async () => {
    platform.pollers = { ...platform.pollers, activityPollers: 0 };
    expect((await get('/v1/health', {})).json().status).toBe('degraded');
  });

  it.each([
    ['is degraded when sessions wait for a place', 31_000, 'degraded'],
    ['is ok when they have waited no longer than after the death of a worker', 30_000, 'ok'],
  ])('%s', async (_, waitingMs, status) => {
    platform.pollers = { ...platform.pollers, activitiesWaiting: 3, waitingMs };
    expect((await get('/v1/health', {})).json().status).toBe(status);
  });

  it.each([
    ['Temporal', { temporalFailure: new Error('14 UNAVAILABLE') }, 'temporal'],
    ['Postgres', { postgresFailure: new Error('ECONNREFUSED') }, 'postgres'],
  ])('is down without %s, and says so', async (_, failure, part) => {
    Object.assign(platform, failure);
    const answer = await get('/v1/health', {});
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ status: 'down', [part]: { ok: false } });
    expect((await get('/healthz', {})).statusCode).toBe(503);
  });
});
