import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { PlatformFigures } from '../../adapters/ports/platform-figures.ts';
import { KeyGuesses } from '../../api/key-guesses.ts';
import { cached } from '../../api/metrics/cached.ts';
import { DEFAULT_SETTINGS } from '../../api/settings.ts';
import { NO_FIGURES } from './fakes/orders.ts';
import { type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';

const STREAM = {
  venue: 'sim',
  kind: 'trades',
  symbol: 'BTC/USDT',
  timeframe: null,
  status: 'live',
  exchangeAt: NOW,
  receivedAt: NOW,
  messages: 9,
  gaps: 2,
  reconnects: 1,
  stale: 0,
  lastError: null,
  ageMs: 100,
  silentMs: 1_500,
} as const;

const FIGURES: PlatformFigures = {
  executions: [{ status: 'running', count: 3 }],
  orders: [{ venue: 'sim', outcome: 'filled', count: 40 }],
  denials: [{ code: 'HALTED', count: 2 }],
  lateness: { bounds: [0.1, 1], counts: [5, 7], count: 8, sum: 3.5 },
  sessions: [{ status: 'running', count: 2 }],
  barsDecided: 96,
  decisionLatency: { bounds: [0.25, 1], counts: [80, 90], count: 95, sum: 21.5 },
  haltsInForce: 1,
  lastEventId: 812,
  venues: [{ id: 'si"m', up: true, usedWeight: 40, weightLimit: null, healthAgeMs: 2_500, ownerEpoch: 3, owned: true }],
  streams: [STREAM],
};

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());
const metrics = () => app.inject({ url: '/metrics', headers: withKey() });

/** A metric in the text format: a name, labels in braces, a number (prometheus.io/docs/instrumenting/exposition_formats). */
const LINE = /^(# (HELP|TYPE) .+|[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\\n]|\\[\\"n])*",?)*\})? [-+\d.eNaInf]+)$/;

describe('metrics', () => {
  it('tell what the database knows, in the text format of Prometheus', async () => {
    platform.figures = async () => FIGURES;
    const { body, headers } = await metrics();
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of body.split('\n')) if (line !== '') expect(line).toMatch(LINE);
    for (const line of [
      'tradewind_executions{status="running"} 3',
      'tradewind_orders{venue="sim",outcome="filled"} 40',
      'tradewind_gate_denials_total{code="HALTED"} 2',
      'tradewind_slice_lateness_seconds_bucket{le="0.1"} 5',
      'tradewind_slice_lateness_seconds_bucket{le="+Inf"} 8',
      'tradewind_sessions{status="running"} 2',
      'tradewind_session_bars_decided_total 96',
      'tradewind_session_decision_latency_seconds_bucket{le="0.25"} 80',
      'tradewind_session_decision_latency_seconds_bucket{le="+Inf"} 95',
      'tradewind_session_decision_latency_seconds_sum 21.5',
      'tradewind_slice_lateness_seconds_sum 3.5',
      'tradewind_slice_lateness_seconds_count 8',
      String.raw`tradewind_venue_weight_used{venue="si\"m"} 40`,
      String.raw`tradewind_venue_owner_epoch{venue="si\"m"} 3`,
      'tradewind_stream_age_seconds{venue="sim",kind="trades",symbol="BTC/USDT",timeframe=""} 1.5',
      'tradewind_outbox_last_event_id 812',
      'tradewind_figures_read 1',
    ])
      expect(body.split('\n')).toContain(line);
    // Not known is left out, not 0.
    expect(body).not.toContain('tradewind_venue_weight_limit{');
  });

  it('count requests by route, never by address', async () => {
    for (const path of ['/v1/halts', '/v1/orders/secret-1', '/v1/orders/secret-2', '/v1/nowhere-1', '/v1/nowhere-2'])
      await app.inject({ url: path, headers: withKey() });
    const { body } = await metrics();
    const count = 'tradewind_api_request_duration_seconds_count';
    expect(body).toContain(`${count}{method="GET",route="/v1/orders/:clientOrderId",status="404"} 2`);
    expect(body).toContain(`${count}{method="other",route="unknown",status="404"} 2`);
    expect(body).not.toMatch(/secret|nowhere/);
  });

  it('bound the number of streams that they show', async () => {
    const streams = Array.from({ length: 520 }, (_, index) => ({ ...STREAM, symbol: `S${index}/USDT` }));
    platform.figures = async () => ({ ...NO_FIGURES, streams });
    const { body } = await metrics();
    expect(body.match(/^tradewind_stream_live\{/gm)).toHaveLength(500);
    expect(body).toContain('tradewind_streams_left_out 20');
  });

  it('are there without the database, and say that its figures are missing', async () => {
    platform.figures = async () => {
      throw new Error('no answer');
    };
    const answer = await metrics();
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('tradewind_figures_read 0');
    expect(answer.body).not.toContain('tradewind_executions');
  });

  it('read the database once for many scrapers', async () => {
    let reads = 0;
    platform.figures = async () => {
      reads += 1;
      return NO_FIGURES;
    };
    await Promise.all([metrics(), metrics(), metrics()]);
    await metrics();
    expect(reads).toBe(1);
  });
});

describe('a costly reading', () => {
  it('is kept for 5 s, or for 20 times as long as it took', async () => {
    let now = 0;
    let takes = 0;
    let reads = 0;
    const read = cached(
      async () => {
        now += takes;
        return (reads += 1);
      },
      () => now,
    );
    expect(await read()).toBe(1);
    now = 4_999;
    expect(await read()).toBe(1);
    takes = 1_000;
    now = 5_000;
    // It ends at 6,000 and is kept until 26,000.
    expect(await read()).toBe(2);
    now = 25_999;
    expect(await read()).toBe(2);
    now = 26_000;
    expect(await read()).toBe(3);
  });
});

describe('the rate limit', () => {
  it('counts each key for itself, and says when to ask again', async () => {
    await app.close();
    ({ app, platform } = await startFakeApi({ ...DEFAULT_SETTINGS, requestsPerMinute: 3 }));
    platform.addKey('tw_wall', 'wall', 'viewer');
    const ask = (key?: string) => app.inject({ url: '/v1/halts', headers: withKey(key) });
    for (let turn = 0; turn < 3; turn += 1) expect((await ask()).statusCode).toBe(200);
    const refused = await ask();
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await ask('tw_wall')).statusCode).toBe(200);
  });

  it('bounds how many wrong keys of an address are looked up, and lets in who was let in before', async () => {
    await app.close();
    ({ app, platform } = await startFakeApi({ ...DEFAULT_SETTINGS, wrongKeysPerMinute: 3 }));
    const lookUps = jest.spyOn(platform.keys.store, 'findKey');
    const ask = (key?: string) => app.inject({ url: '/v1/halts', headers: withKey(key) });
    expect((await ask()).statusCode).toBe(200);
    lookUps.mockClear();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(`wrong-${index}`)));
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(3);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(17);
    expect(lookUps).toHaveBeenCalledTimes(3);
    const refused = answers.at(-1)!;
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await ask()).statusCode).toBe(200);
  });
});

describe('wrong keys', () => {
  it('are counted for each address and each minute; a right one is taken back', () => {
    let now = 0;
    const guesses = new KeyGuesses(2, () => now);
    expect(guesses.tryAfterS('a', 'right')).toBeNull();
    guesses.right('a', 'right');
    expect([guesses.tryAfterS('a', 'w1'), guesses.tryAfterS('a', 'w2')]).toEqual([null, null]);
    now = 20_500;
    // The minute began at 0: 39.5 s are left of it.
    expect(guesses.tryAfterS('a', 'w3')).toBe(40);
    expect(guesses.tryAfterS('b', 'w3')).toBeNull();
    expect(guesses.tryAfterS('a', 'right')).toBeNull();
    guesses.wrong('right');
    expect(guesses.tryAfterS('a', 'right')).toBe(40);
    now = 60_000;
    expect(guesses.tryAfterS('a', 'w4')).toBeNull();
  });
});
