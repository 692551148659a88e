import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, GOOD_START, NOW, startFakeApi, withKey } from './fakes/platform.ts';
import { RECORDED, recordExecution } from './fakes/recorded-execution.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const start = (body: object = GOOD_START, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/executions', headers: { ...withKey(), ...headers }, body });
const get = (url: string) => app.inject({ url, headers: withKey() });
const post = (url: string, body?: object) =>
  app.inject({ method: 'POST', url, headers: withKey(), ...(body ? { body } : {}) });

describe('a start', () => {
  it('stores the plan with the mid of that moment, starts its workflow and says where to find it', async () => {
    const answer = await start();
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ id: 'id-1', workflowId: 'execution/id-1', status: 'running' });
    expect(answer.headers.location).toBe('/v1/executions/id-1');
    expect(platform.startedWorkflows).toEqual(['execution/id-1']);
    expect(platform.executions.started).toEqual(new Set(['id-1']));
    expect(platform.executions.records.get('id-1')).toMatchObject({
      owner: 'admin',
      base: 'BTC',
      quote: 'USDT',
      // (59999.99 + 60000.01) / 2
      decision: { price: '60000', at: NOW },
      plan: {
        executionId: 'id-1',
        quantity: '5',
        lot: '0.00001',
        startAt: NOW,
        endAt: NOW + 300_000,
        limit: null,
        params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
      },
    });
  });

  it('of one maker-first execution more than the account takes is refused, and starts nothing', async () => {
    platform.executions.makerFirstFull = true;
    const answer = await start({ ...GOOD_START, style: 'maker-first' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_PLAN',
      errors: [
        { field: 'style', value: 'maker-first', message: expect.stringContaining('has 300 executions under way') },
      ],
    });
    expect(platform.startedWorkflows).toEqual([]);
  });

  it('takes start, end and limit as given', async () => {
    const { durationMs: _, ...rest } = GOOD_START;
    const answer = await start({
      ...rest,
      startAt: '2026-11-23T13:00:00+01:00',
      endAt: '2026-11-23T12:10:00Z',
      limit: '60100.5',
    });
    expect(answer.statusCode).toBe(201);
    expect(platform.executions.records.get('id-1')?.plan).toMatchObject({
      startAt: NOW,
      endAt: NOW + 600_000,
      limit: '60100.5',
    });
  });

  it('is accepted while Temporal is away, and left to the sweep', async () => {
    platform.temporalFailure = new Error('14 UNAVAILABLE');
    expect((await start()).statusCode).toBe(201);
    expect(platform.executions.started.size).toBe(0);
  });

  it('is refused when the venue gives no price, and leaves nothing behind', async () => {
    platform.quote = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const answer = await start();
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'VENUE_UNREACHABLE',
      detail: expect.stringContaining('Nothing was started'),
    });
    expect(platform.executions.records.size).toBe(0);
  });

  it('is refused when the database is away', async () => {
    platform.executions.failure = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
      code: 'ECONNREFUSED',
    });
    const answer = await start(GOOD_START, { 'idempotency-key': 'k' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json().code).toBe('STORE_UNREACHABLE');
    expect(platform.startedWorkflows).toEqual([]);
  });

  it('tells nothing of an unforeseen failure', async () => {
    platform.executions.failure = new TypeError('secret /home/someone/file.ts');
    const answer = await start(GOOD_START, { 'idempotency-key': 'k' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
  });
});

describe('an idempotency key', () => {
  const key = { 'idempotency-key': 'order-42' };

  it('leads to the same execution for good, though the venue is gone and the start lies in the past', async () => {
    const body = { ...GOOD_START, startAt: '2026-11-23T12:00:00Z' };
    const first = await start(body, key);
    platform.now += 86_400_000;
    platform.quote = () => Promise.reject(new Error('gone'));
    const { algo, ...others } = body;
    const second = await start({ ...others, algo }, key);
    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
    expect(second.json()).toEqual(first.json());
    expect(second.headers.location).toBe(first.headers.location);
    expect(platform.executions.records.size).toBe(1);
  });

  it('is refused with another body', async () => {
    await start(GOOD_START, key);
    const answer = await start({ ...GOOD_START, quantity: '6' }, key);
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(platform.executions.records.size).toBe(1);
  });

  it('belongs to its owner: the same key of somebody else is another execution', async () => {
    platform.addKey('tw_other', 'desk', 'trader');
    const mine = await start(GOOD_START, key);
    const theirs = await start(GOOD_START, { ...key, ...withKey('tw_other') });
    expect(theirs.statusCode).toBe(201);
    expect(theirs.json().id).not.toBe(mine.json().id);
  });

  it('can be used again after a start that was refused', async () => {
    platform.quote = () => Promise.reject(new Error('gone'));
    expect((await start(GOOD_START, key)).statusCode).toBe(503);
    platform.quote = async () => ({ bid: '59999', bidQuantity: '1', ask: '60001', askQuantity: '1', at: NOW });
    expect((await start(GOOD_START, key)).statusCode).toBe(201);
  });
});

describe('reading', () => {
  it('lists newest first, by page and filter', async () => {
    for (let n = 0; n < 3; n += 1) await start();
    platform.executions.change('id-2', { status: 'paused' });
    const first = (await get('/v1/executions?limit=2')).json();
    expect(first.items.map((each: { id: string }) => each.id)).toEqual(['id-3', 'id-2']);
    const second = (await get(`/v1/executions?limit=2&cursor=${first.next}`)).json();
    expect(second).toMatchObject({ items: [{ id: 'id-1' }], next: null });
    expect((await get('/v1/executions?status=paused&venue=sim&symbol=BTC/USDT')).json().items).toHaveLength(1);
    expect((await get('/v1/executions?venue=other')).json().items).toEqual([]);
  });

  it('shows one execution with what is left of it', async () => {
    recordExecution(platform);
    expect((await get(`/v1/executions/${RECORDED.id}`)).json()).toMatchObject({
      id: RECORDED.id,
      status: 'completed',
      quantity: '3.000015',
      filled: '3.00001',
      residual: '0.000005',
      decision: '60000',
      startAt: '2026-11-23T12:00:00.000Z',
      endAt: '2026-11-23T12:00:30.000Z',
    });
  });

  it('shows every slice, also the one that an outage passed over', async () => {
    recordExecution(platform);
    const { items, next } = (await get(`/v1/executions/${RECORDED.id}/slices`)).json();
    expect(next).toBeNull();
    expect(items).toMatchObject([
      {
        n: 1,
        target: '1',
        quantity: '1',
        filled: '1',
        avgPrice: '60020',
        latenessMs: 50,
        clientOrderIds: ['c1'],
        note: null,
      },
      {
        n: 2,
        target: '2.00001',
        quantity: '0',
        sentAt: null,
        latenessMs: null,
        note: expect.stringContaining('passed over'),
      },
      { n: 3, target: '3.00001', quantity: '2.00001', latenessMs: 510, clientOrderIds: ['c3'] },
    ]);
    const page = (await get(`/v1/executions/${RECORDED.id}/slices?limit=1&cursor=1`)).json();
    expect(page).toMatchObject({ items: [{ n: 2 }], next: '2' });
  });

  it('tells of a maker-first slice what waited and what crossed: two orders are not twice its quantity', async () => {
    recordExecution(platform);
    const [first] = platform.executions.orders;
    const waited = {
      ...first!,
      mode: 'post-only' as const,
      state: 'partially-filled' as const,
      quantity: '1',
      filled: '0.4',
    };
    const crossed = { ...first!, child: 2, clientOrderId: 'c2', quantity: '0.6', filled: '0.6' };
    platform.executions.orders = [waited, crossed];
    const { items } = (await get(`/v1/executions/${RECORDED.id}/slices`)).json();
    expect(items[0].note).toBe('1 waited at the touch, of which 0.4 filled; then 0.6 crossed');
  });

  it('shows the fills', async () => {
    recordExecution(platform);
    const { items } = (await get(`/v1/executions/${RECORDED.id}/fills`)).json();
    expect(items).toHaveLength(2);
    expect(items[0]).toEqual({
      tradeId: '901',
      orderId: '11',
      clientOrderId: 'c1',
      slice: 1,
      symbol: 'BTC/USDT',
      side: 'buy',
      price: '60020',
      quantity: '1',
      fee: '60.02',
      feeAsset: 'USDT',
      maker: false,
      at: '2026-11-23T12:00:00.055Z',
    });
  });

  it('reports costs that add up, from the stored records', async () => {
    recordExecution(platform);
    const report = (await get(`/v1/executions/${RECORDED.id}/report`)).json();
    expect(report).toMatchObject({
      status: 'completed',
      ordered: '3.000015',
      filled: '3.00001',
      residual: '0.000005',
      dust: '0.000005',
      decision: '60000',
      arrival: '60010',
      marketVwap: '60050',
      venue: { id: 'sim', label: 'paper', assumptions: { synthetic: true } },
      shortfall: {
        // 3.00001 * (60010 - 60000)
        delay: '30.0001',
        // 1 * (60020 - 60010) + 2.00001 * (60110 - 60010) = 10 + 200.001
        execution: '210.001',
        // 0.000005 * (60100 - 60000)
        opportunity: '0.0005',
        // 60.02 + 120.2206011
        fees: '180.2406011',
        // 30.0001 + 210.001 + 0.0005 + 180.2406011
        quote: '420.2422011',
      },
      worstLatenessMs: 510,
    });
    expect(report.slices).toHaveLength(3);
  });

  it('says in a report why the market of a running execution has no figures', async () => {
    await start();
    const report = (await get('/v1/executions/id-1/report')).json();
    expect(report.marketVwap).toBeNull();
    expect(report.reasons.marketVwap).toBe('the execution has not ended');
  });
});

describe('a command', () => {
  beforeEach(() => start());

  it.each(['pause', 'resume', 'cancel'])('%s goes to the workflow and answers with the execution', async (command) => {
    const answer = await post(`/v1/executions/id-1/${command}`, {});
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ id: 'id-1', workflowId: 'execution/id-1', status: 'running' });
    expect(platform.commands).toEqual([`${command} execution/id-1`]);
  });

  it('to an ended execution is refused with its status', async () => {
    platform.executions.change('id-1', { status: 'completed' });
    const answer = await post('/v1/executions/id-1/pause');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'EXECUTION_ENDED', detail: expect.stringContaining('completed') });
    expect(platform.commands).toEqual([]);
  });

  it('that its workflow refuses is 409 with the reason', async () => {
    platform.outcome = { kind: 'refused', reason: 'the execution has ended' };
    const answer = await post('/v1/executions/id-1/cancel');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'COMMAND_REFUSED', detail: 'the execution has ended' });
  });

  it('that nobody confirms is 503 and says that it may still take effect', async () => {
    platform.outcome = { kind: 'unconfirmed' };
    const answer = await post('/v1/executions/id-1/cancel');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'COMMAND_UNCONFIRMED',
      detail: expect.stringContaining('may still take effect'),
    });
  });

  it('to an execution whose workflow was not started yet starts it first', async () => {
    platform.outcome = { kind: 'not-running' };
    const answer = await post('/v1/executions/id-1/pause');
    expect(platform.startedWorkflows).toEqual(['execution/id-1', 'execution/id-1']);
    expect(platform.commands).toHaveLength(2);
    expect(answer.json().code).toBe('EXECUTION_ENDED');
  });
});
