import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { idFromKey } from '../../api/idempotency.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import { type FakePlatform, NOW, OPEN_ACCOUNT, startFakeApi, withKey } from './fakes/platform.ts';
import { expectProblem } from './fakes/refusals.ts';
import { GOOD_SPEC } from './fakes/sessions.ts';

const QUARTER = 900_000;

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  platform.reconciliations.limits.push(OPEN_ACCOUNT);
});
afterEach(() => app.close());

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers: { ...withKey(), ...headers }, payload: body as object });
const get = (url: string) => app.inject({ url, headers: withKey() });

async function started(body: object = GOOD_SPEC): Promise<string> {
  const answer = await post('/v1/sessions', body);
  expect(answer.statusCode).toBe(201);
  return answer.json().id as string;
}

describe('POST /v1/sessions', () => {
  it('stores the session complete with defaults and starts its workflow', async () => {
    const answer = await post('/v1/sessions', GOOD_SPEC);
    expect(answer.json()).toEqual({ id: 'id-1', workflowId: 'session/id-1', status: 'running' });
    expect(answer.headers['location']).toBe('/v1/sessions/id-1');
    expect(platform.sessions.startedWorkflows).toEqual(['session/id-1']);
    const { record } = platform.sessions.entries.get('id-1')!;
    expect(record).toMatchObject({
      owner: 'admin',
      quote: 'USDT',
      base: { 'BTC/USDT': 'BTC' },
      restsStops: true,
      strategyHash: null,
      spec: { catchUp: 'latest', atClose: 'keep', hours: { kind: 'always' }, maxBarAgeMs: QUARTER },
    });
  });

  it('begins with the bar that is open now, after as much history as the venue has up to 500 bars', async () => {
    await started();
    const { startBar, firstCandle } = platform.sessions.entries.get('id-1')!.record;
    // It is 12:00:00: that bar has just begun.
    expect(new Date(startBar).toISOString()).toBe('2026-11-23T12:00:00.000Z');
    expect((startBar - firstCandle) / QUARTER).toBe(500);
  });

  it('takes less history where there is less, in whole bars, as long as the strategy has enough', async () => {
    // 30 bars and 7 minutes before the start: the bar that was cut off does not count.
    platform.sessions.firstCandle = NOW - 30 * QUARTER - 420_000;
    await started();
    const { startBar, firstCandle } = platform.sessions.entries.get('id-1')!.record;
    expect((startBar - firstCandle) / QUARTER).toBe(30);
  });

  it('where the market has the time of its candles, begins with the one that has begun there', async () => {
    const [entry] = platform.venueEntries;
    platform.venueEntries = [{ ...entry!, profile: { ...entry!.profile, marketTime: 'candles' } }];
    platform.sessions.newestCandle = Date.UTC(2021, 4, 1, 9, 20);
    await started();
    expect(new Date(platform.sessions.entries.get('id-1')!.record.startBar).toISOString()).toBe(
      '2021-05-01T09:15:00.000Z',
    );
  });

  it('with a key is one session for good; another body under it is refused', async () => {
    const key = { 'idempotency-key': 'k1' };
    const first = await post('/v1/sessions', GOOD_SPEC, key);
    expect(first.statusCode).toBe(201);
    expect(first.json().id).toBe(idFromKey('admin', 'k1'));
    // What is known is answered from the store alone: the account may be gone by then.
    platform.sessions.facts = null;
    const again = await post('/v1/sessions', GOOD_SPEC, key);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual(first.json());
    expectProblem(await post('/v1/sessions', { ...GOOD_SPEC, capital: '2' }, key), 409, 'IDEMPOTENCY_KEY_REUSED');
    expect(platform.sessions.entries.size).toBe(1);
  });

  it('is accepted while Temporal is away: the sweep starts it', async () => {
    platform.sessions.temporalFailure = new Error('away');
    await started();
    expect(platform.sessions.started.size).toBe(0);
  });

  it('two that come at once do not both take the same balance', async () => {
    const body = { ...GOOD_SPEC, capital: '60000' };
    const answers = await Promise.all([post('/v1/sessions', body), post('/v1/sessions', body)]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 422]);
    expectProblem(answers[1]!, 422, 'BALANCE_TOO_SMALL');
  });
});

describe('reading sessions', () => {
  it('tells until when its hours last: New York trades from 09:30 to 16:00, which on Monday 2026-11-23 is 14:30 to 21:00 UTC', async () => {
    const id = await started({ ...GOOD_SPEC, hours: { kind: 'calendar', calendar: 'us-equities' } });
    expect((await get(`/v1/sessions/${id}`)).json()).toMatchObject({
      startBar: '2026-11-23T12:00:00.000Z',
      isOpen: false,
      hoursChangeAt: '2026-11-23T14:30:00.000Z',
    });
  });

  it('shows one with its account and books', async () => {
    const id = await started();
    expect((await get(`/v1/sessions/${id}`)).json()).toMatchObject({
      id,
      name: 'cross',
      status: 'running',
      venue: 'sim',
      label: 'paper',
      marketTime: 'wall',
      symbols: ['BTC/USDT'],
      timeframe: '15m',
      strategy: { id: 'sma-cross', params: { fast: 3, slow: 8 } },
      startBar: '2026-11-23T12:00:00.000Z',
      lastBar: null,
      nextBarClosesAt: '2026-11-23T12:15:00.000Z',
      isOpen: true,
      hoursChangeAt: null,
      bars: 0,
      settled: true,
      fillsTaken: 0,
      openOrders: 0,
      cash: 50_000,
      equity: 50_000,
      positions: [],
      block: null,
      problem: null,
    });
  });

  it('lists them newest first, by status and account, in pages', async () => {
    const ids = [await started(), await started({ ...GOOD_SPEC, capital: '10000' })];
    platform.sessions.change(ids[0]!, { status: 'paused' });
    const all = (await get('/v1/sessions')).json();
    expect(all.items.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    expect((await get('/v1/sessions?status=paused')).json().items).toHaveLength(1);
    expect((await get('/v1/sessions?venue=other')).json().items).toEqual([]);
    const first = (await get('/v1/sessions?limit=1')).json();
    expect(first.items[0].id).toBe(ids[1]);
    expect((await get(`/v1/sessions?limit=1&cursor=${first.next}`)).json()).toMatchObject({
      items: [{ id: ids[0] }],
      next: null,
    });
  });

  it('shows what each order was decided on and what it traded at', async () => {
    const id = await started();
    platform.sessions.orderRows.push({
      wanted: {
        order: 1,
        version: 1,
        symbol: 'BTC/USDT',
        side: 'buy',
        kind: 'marketable',
        purpose: 'entry',
        held: 'venue',
        quantity: '0.5',
        limit: null,
        stop: null,
        bar: NOW,
        intended: '60000',
      },
      executionId: 'e1',
      state: 'ended',
      cancelRequested: false,
      createdAt: NOW + QUARTER + 40,
      endedAt: NOW + QUARTER + 500,
      execution: { status: 'completed', problem: null },
      decided: { mid: '60010', sentAt: NOW + QUARTER + 100 },
      clientOrderIds: ['c1'],
      filled: '0.5',
      notional: '30009',
      fees: { BTC: '0.0005' },
      fills: 2,
      firstFillAt: NOW + QUARTER + 130,
    });
    const { items } = (await get(`/v1/sessions/${id}/orders`)).json();
    // 30009 / 0.5 = 60018: 18 above what was intended is 3 basis points, 8 above the mid 8 / 60010 = 1.3331 of them.
    expect(items).toMatchObject([
      { intended: '60000', decisionMid: '60010', price: '60018', costToIntendedBps: '3', costToMidBps: '1.3331' },
    ]);
  });

  it('pages decisions, and leaves out bars without a signal on request', async () => {
    const id = await started();
    const decision = (n: number, signals: number) => ({
      decision: {
        symbol: 'BTC/USDT',
        bar: NOW + n * QUARTER,
        closedAt: NOW + (n + 1) * QUARTER,
        mode: 'ask' as const,
        blocked: null,
        close: 60_000,
        values: { 'sma(3)': 59_990.5 },
        signals: Array.from({ length: signals }, () => ({
          action: 'buy' as const,
          side: 'buy' as const,
          outcome: 'fired' as const,
          reason: null,
          orders: [1],
        })),
        position: 0,
        equity: 50_000,
      },
      decidedAt: NOW + (n + 1) * QUARTER + 80,
    });
    platform.sessions.decisionRows.push(decision(2, 1), decision(1, 0), decision(0, 1));
    const first = (await get(`/v1/sessions/${id}/decisions?limit=2`)).json();
    expect(first.items).toHaveLength(2);
    expect(first.items[0]).toMatchObject({ bar: '2026-11-23T12:30:00.000Z', closedAt: '2026-11-23T12:45:00.000Z' });
    expect((await get(`/v1/sessions/${id}/decisions?limit=2&cursor=${first.next}`)).json().next).toBeNull();
    expect((await get(`/v1/sessions/${id}/decisions?signals=only`)).json().items).toHaveLength(2);
    expectProblem(await get(`/v1/sessions/${id}/decisions?signals=none`), 422, 'INVALID_FIELDS');
  });

  it('a trade that a person took out of the books was left by no signal', async () => {
    const id = await started();
    const trade = { symbol: 'BTC/USDT', entryTime: NOW, exitTime: NOW, exitReason: 'signal' } as Trade;
    platform.sessions.tradeRows.push(
      { number: 1, trade, entryOrder: 1, exitOrder: 2 },
      { number: 2, trade, entryOrder: 3, exitOrder: null },
    );
    const reasons = (await get(`/v1/sessions/${id}/trades`))
      .json()
      .items.map(({ exitReason }: { exitReason: string }) => exitReason);
    expect(reasons).toEqual(['signal', 'adjusted']);
  });

  it.each([
    '',
    '/decisions',
    '/trades',
    '/equity',
    '/orders',
    '/positions',
    '/journal',
    '/reconciliation',
    '/check-list',
  ])('of an unknown id %s is 404', async (part) => {
    const answer = await get(`/v1/sessions/none${part}`);
    expectProblem(answer, 404, 'SESSION_NOT_FOUND');
    expect(answer.json().errors).toMatchObject([{ field: 'id', value: 'none' }]);
  });
});

describe('commands', () => {
  it('say who gave them, and answer with the session afterwards', async () => {
    const id = await started();
    platform.sessions.onCommand = (_record, { kind }) => ({ status: kind === 'pause' ? 'paused' : 'running' });
    expect((await post(`/v1/sessions/${id}/pause`, { mode: 'flatten' })).json().status).toBe('paused');
    expect((await post(`/v1/sessions/${id}/resume`, { reason: 'I looked at it' })).json().status).toBe('running');
    await post(`/v1/sessions/${id}/stop`, { mode: 'keep' });
    expect(platform.sessions.commands).toEqual([
      { kind: 'pause', mode: 'flatten', by: 'admin' },
      { kind: 'resume', reason: 'I looked at it', by: 'admin' },
      { kind: 'stop', mode: 'keep', by: 'admin' },
    ]);
  });

  it('a pause without a body keeps positions', async () => {
    const id = await started();
    await app.inject({ method: 'POST', url: `/v1/sessions/${id}/pause`, headers: withKey() });
    expect(platform.sessions.commands).toEqual([{ kind: 'pause', mode: 'keep', by: 'admin' }]);
  });

  it('a resume needs a reason, a stop a mode', async () => {
    const id = await started();
    expectProblem(await post(`/v1/sessions/${id}/resume`, {}), 422, 'INVALID_FIELDS');
    expectProblem(await post(`/v1/sessions/${id}/stop`, { mode: 'now' }), 422, 'INVALID_FIELDS');
    expect(platform.sessions.commands).toEqual([]);
  });

  it('to a session that has ended are refused', async () => {
    const id = await started();
    platform.sessions.change(id, { status: 'stopped', endedAt: NOW });
    for (const [part, body] of [
      ['pause', {}],
      ['resume', { reason: 'go on' }],
      ['stop', { mode: 'flatten' }],
      ['amend', { params: { fast: 4 } }],
      ['reconcile', {}],
      ['adjust', { symbol: 'BTC/USDT', quantity: '1', reason: 'a gift' }],
    ] as const)
      expectProblem(await post(`/v1/sessions/${id}/${part}`, body), 409, 'SESSION_ENDED');
    expect(platform.sessions.commands).toEqual([]);
    expect(platform.sessions.adjustments).toEqual([]);
  });

  it('that no worker answers are told as unconfirmed', async () => {
    const id = await started();
    platform.sessions.outcome = { kind: 'unconfirmed' };
    expectProblem(await post(`/v1/sessions/${id}/stop`, { mode: 'keep' }), 503, 'COMMAND_UNCONFIRMED');
    expect(platform.sessions.commands).toHaveLength(1);
  });

  it('an amendment is completed with what holds and checked against the history', async () => {
    const id = await started();
    expect((await post(`/v1/sessions/${id}/amend`, { params: { fast: 5 } })).statusCode).toBe(200);
    expect(platform.sessions.commands).toMatchObject([
      { kind: 'amend', params: { fast: 5, slow: 8, shorts: 0 }, by: 'admin' },
    ]);
    platform.sessions.neededBars = 501;
    expectProblem(await post(`/v1/sessions/${id}/amend`, { params: { slow: 501 } }), 422, 'TOO_FEW_BARS');
    platform.sessions.neededBars = 8;
    expectProblem(await post(`/v1/sessions/${id}/amend`, { params: {} }), 422, 'INVALID_SESSION');
    platform.sessions.hash = 'another';
    expectProblem(await post(`/v1/sessions/${id}/amend`, { params: { fast: 4 } }), 409, 'STRATEGY_CHANGED');
  });
});

describe('what a person puts right', () => {
  const adjustment = { symbol: 'BTC/USDT', quantity: '-0.2', price: '60000', reason: 'sold by hand' };

  it('is put on record with who did it', async () => {
    const id = await started();
    const entry = platform.sessions.entries.get(id)!;
    platform.sessions.entries.set(id, { ...entry, books: booksWith(0.5) });
    expect((await post(`/v1/sessions/${id}/adjust`, adjustment)).statusCode).toBe(200);
    expect(platform.sessions.adjustments).toEqual([
      { sessionId: id, by: 'admin', event: { kind: 'adjusted', ...adjustment } },
    ]);
    // Without a price it is booked at the mark.
    await post(`/v1/sessions/${id}/adjust`, { ...adjustment, price: undefined });
    expect(platform.sessions.adjustments[1]).toMatchObject({ event: { price: '61000' } });
  });

  it('is put on record once under one key, and the key is not for anything else', async () => {
    const id = await started();
    const other = await started();
    for (const each of [id, other])
      platform.sessions.entries.set(each, { ...platform.sessions.entries.get(each)!, books: booksWith(0.5) });
    const send = (to: string, body: object) =>
      app.inject({
        method: 'POST',
        url: `/v1/sessions/${to}/adjust`,
        headers: { ...withKey(), 'idempotency-key': 'sold-by-hand' },
        payload: body,
      });
    expect((await send(id, adjustment)).statusCode).toBe(200);
    const again = await send(id, adjustment);
    expect([again.statusCode, again.json().id]).toEqual([200, id]);
    expect(platform.sessions.adjustments).toHaveLength(1);
    expectProblem(await send(id, { ...adjustment, quantity: '-0.1' }), 409, 'IDEMPOTENCY_KEY_REUSED');
    expectProblem(await send(other, adjustment), 409, 'IDEMPOTENCY_KEY_REUSED');
    // It was taken before the session ended.
    platform.sessions.change(id, { status: 'stopped', endedAt: NOW });
    expect((await send(id, adjustment)).statusCode).toBe(200);
    expect(platform.sessions.adjustments).toHaveLength(1);
  });

  it.each([
    ['symbol', { symbol: 'ETH/USDT' }],
    ['quantity', { quantity: '0' }],
    ['quantity', { quantity: '-0.6' }],
    ['price', { price: '0' }],
  ])('with a wrong %s is refused', async (field, change) => {
    const id = await started();
    const entry = platform.sessions.entries.get(id)!;
    platform.sessions.entries.set(id, { ...entry, books: booksWith(0.5) });
    const answer = await post(`/v1/sessions/${id}/adjust`, { ...adjustment, ...change });
    expectProblem(answer, 422, 'INVALID_SESSION');
    expect(answer.json().errors[0].field).toBe(field);
    expect(platform.sessions.adjustments).toEqual([]);
  });
});

const booksWith = (units: number) => ({
  cash: 20_000,
  equity: 50_500,
  positions: [
    { symbol: 'BTC/USDT', units, entryPrice: 60_000, mark: 61_000, unrealised: 500, stopLoss: null, takeProfit: null },
  ],
  commission: 0,
  closedTrades: 0,
  dust: {},
});

describe('comparison', () => {
  it('needs a bar, and tells what was found', async () => {
    const id = await started();
    expectProblem(await post(`/v1/sessions/${id}/comparison`, {}), 409, 'NO_RESULT');
    platform.sessions.change(id, { lastBar: NOW, bars: 1 });
    expect((await post(`/v1/sessions/${id}/comparison`, {})).json()).toEqual({ sentence: 'they are equal' });
  });
});
