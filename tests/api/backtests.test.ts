import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { failure } from '../../domain/backtest/failure.ts';
import { sampleReport } from '../helpers/sample-report.ts';
import { GOOD_SPEC, PARTS, RESULT } from './fakes/backtest-result.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const start = (body: unknown = GOOD_SPEC, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/backtests', headers: { ...withKey(), ...headers }, body: body as object });
const get = (url: string) => app.inject({ url, headers: withKey() });
const post = (url: string) => app.inject({ method: 'POST', url, headers: withKey() });

describe('a start', () => {
  it('stores the spec with its defaults, starts the workflow and says where to find it', async () => {
    const answer = await start();
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ id: 'id-1', workflowId: 'backtest/id-1', status: 'queued' });
    expect(answer.headers.location).toBe('/v1/backtests/id-1');
    expect(platform.backtests.startedWorkflows).toEqual(['backtest/id-1']);
    expect(platform.backtests.started).toEqual(new Set(['id-1']));
    expect(platform.backtests.records.get('id-1')).toMatchObject({
      owner: 'admin',
      strategy: 'sma-cross',
      symbol: 'X',
      request: {
        expected: null,
        spec: { seed: 1, broker: { cash: 10_000 }, strategy: { params: { fast: 5, slow: 20 } } },
      },
    });
  });

  it('is accepted while Temporal is away, and left to the sweep', async () => {
    platform.backtests.temporalFailure = new Error('14 UNAVAILABLE');
    expect((await start()).statusCode).toBe(201);
    expect(platform.backtests.started.size).toBe(0);
  });

  it('takes a manifest, and asks the check to hold it against data and strategy', async () => {
    expect((await start(RESULT.manifest)).statusCode).toBe(201);
    expect(platform.backtests.checked).toEqual([{ spec: RESULT.manifest.spec, expected: RESULT.manifest }]);
  });

  it('needs the role of a trader: a strategy is code', async () => {
    platform.addKey('tw_operator', 'op', 'operator');
    expect((await start(GOOD_SPEC, withKey('tw_operator'))).json().code).toBe('FORBIDDEN');
  });

  it('tells every wrong field at once and stores nothing', async () => {
    const answer = await start({ ...GOOD_SPEC, brokr: {}, seed: -1, strategy: { id: 'sma-crss' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_BACKTEST',
      errors: [
        { field: 'brokr', message: expect.stringContaining('did you mean "broker"?') },
        { field: 'strategy.id', message: expect.stringContaining('did you mean "sma-cross"?') },
        { field: 'seed' },
      ],
    });
    expect(platform.backtests.records.size).toBe(0);
  });

  it('refuses paths that are relative to nothing', async () => {
    const answer = await start({ data: { ...GOOD_SPEC.data, file: 'x.csv' }, strategy: { orders: 'orders.csv' } });
    expect(answer.json().errors.map(({ field }: { field: string }) => field)).toEqual(['data.file', 'strategy.orders']);
    expect((await start({ ...GOOD_SPEC, strategy: { orders: 'bar,type\n1,cancel\n' } })).statusCode).toBe(201);
  });

  it.each([
    ['INVALID_SPEC', 422, 'INVALID_BACKTEST'],
    ['UNKNOWN_DATASET', 422, 'UNKNOWN_DATASET'],
    ['EMPTY_RANGE', 422, 'EMPTY_RANGE'],
    ['STRATEGY_STUCK', 422, 'STRATEGY_STUCK'],
    ['REPLAY_DIFFERS', 409, 'REPLAY_DIFFERS'],
  ] as const)('hands on what the check found: %s', async (found, status, code) => {
    platform.backtests.objection = () => failure(found, null, [{ field: 'data', value: 1, message: 'not so' }]);
    const answer = await start();
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, detail: 'data: not so', errors: [{ field: 'data' }] });
    expect(platform.backtests.records.size).toBe(0);
  });

  it('is one backtest for one key and body, and is not checked again when its files are gone', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await start(GOOD_SPEC, headers);
    platform.backtests.objection = () => new Error('the file is gone');
    const second = await start(GOOD_SPEC, headers);
    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
    expect(second.json()).toEqual(first.json());
    const other = await start({ ...GOOD_SPEC, seed: 2 }, headers);
    expect(other.json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('takes orders beyond the size of other bodies', async () => {
    const orders = `bar,type\n${'1,cancel\n'.repeat(20_000)}`;
    expect((await start({ ...GOOD_SPEC, strategy: { orders } })).statusCode).toBe(201);
  });
});

describe('a completed backtest', () => {
  beforeEach(async () => {
    await start();
    platform.backtests.change('id-1', { status: 'completed', result: RESULT });
    platform.backtests.parts.set('id-1', PARTS);
  });

  it('is shown with all that it gave', async () => {
    expect((await get('/v1/backtests/id-1')).json()).toMatchObject({
      id: 'id-1',
      status: 'completed',
      tradesHash: RESULT.tradesHash,
      manifest: RESULT.manifest,
      metrics: { totalReturn: 0.0125, sharpeRatio: null },
      reasons: { sharpeRatio: 'there is 1 return' },
      notes: RESULT.notes,
    });
    expect((await get('/v1/backtests/id-1/manifest')).json()).toEqual(RESULT.manifest);
  });

  it('gives its trades page by page', async () => {
    const first = (await get('/v1/backtests/id-1/trades?limit=2')).json();
    expect(first.items.map(({ size }: { size: number }) => size)).toEqual([1, 2]);
    const second = (await get(`/v1/backtests/id-1/trades?limit=2&cursor=${first.next}`)).json();
    expect(second).toMatchObject({ items: [{ size: 3 }], next: null });
  });

  it('gives its files', async () => {
    const [trades, equity, report] = await Promise.all(
      ['trades.csv', 'equity.csv', 'report.html'].map((name) => get(`/v1/backtests/id-1/${name}`)),
    );
    expect(trades!.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(trades!.body.split('\n').slice(0, 2)).toEqual([
      'size,entryBar,exitBar,entryPrice,exitPrice,sl,tp,pnl,commission,returnRatio',
      '1,3,4,100,101.5,,110,1.25,0.25,0.0125',
    ]);
    expect(equity!.body).toBe(
      'time,equity,drawdown\n1970-01-01T00:01:00.000Z,10000,0\n1970-01-01T00:02:00.000Z,10125,0\n',
    );
    expect(report!.headers['content-type']).toContain('text/html');
    expect(report!.body).toMatch(/^<!doctype html>/);
    expect((await get('/v1/backtests/id-1/report.json')).json()).toEqual(sampleReport(1));
  });

  it('is listed with its key figures, by status, strategy and symbol', async () => {
    await start();
    const ids = async (query: string) =>
      (await get(`/v1/backtests${query}`)).json().items.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual(['id-2', 'id-1']);
    expect(await ids('?status=completed')).toEqual(['id-1']);
    expect(await ids('?strategy=macd')).toEqual([]);
    expect(await ids('?symbol=X&limit=1')).toEqual(['id-2']);
    const [item] = (await get('/v1/backtests?status=completed')).json().items;
    expect(item).toMatchObject({ closedTrades: 3, totalReturn: 0.0125, sharpeRatio: null, maxDrawdown: 0.01 });
    expect(item.spec).toBeUndefined();
  });

  it('cannot be cancelled', async () => {
    const answer = await post('/v1/backtests/id-1/cancel');
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('BACKTEST_ENDED');
    expect(platform.backtests.cancelled).toEqual([]);
  });
});

describe('a backtest without a result', () => {
  beforeEach(() => start());

  it.each(['manifest', 'trades', 'trades.csv', 'equity.csv', 'report.html', 'report.json'])(
    'has no %s yet',
    async (part) => {
      const answer = await get(`/v1/backtests/id-1/${part}`);
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({ code: 'NO_RESULT', detail: expect.stringContaining('queued') });
    },
  );

  it('is cancelled by its workflow, which is started first when it never was', async () => {
    expect((await post('/v1/backtests/id-1/cancel')).json()).toMatchObject({ id: 'id-1', status: 'queued' });
    expect(platform.backtests.cancelled).toEqual(['backtest/id-1']);
    platform.backtests.cancelOutcome = { kind: 'not-running' };
    expect((await post('/v1/backtests/id-1/cancel')).json().code).toBe('BACKTEST_ENDED');
    expect(platform.backtests.startedWorkflows).toEqual(['backtest/id-1', 'backtest/id-1']);
  });

  it('may stay uncancelled when nobody confirms', async () => {
    platform.backtests.cancelOutcome = { kind: 'unconfirmed' };
    expect((await post('/v1/backtests/id-1/cancel')).json().code).toBe('COMMAND_UNCONFIRMED');
  });

  it('tells its failure with the line of the strategy', async () => {
    const place = { symbol: 'X', bar: 50, time: 0, line: 'own.mjs:4:1' };
    const problem = { code: 'STRATEGY_FAILED', detail: 'it threw', errors: [], place } as const;
    platform.backtests.change('id-1', { status: 'failed', problem });
    expect((await get('/v1/backtests/id-1')).json()).toMatchObject({ status: 'failed', problem, metrics: null });
  });

  it('is not found under another id', async () => {
    expect((await get('/v1/backtests/other')).json()).toMatchObject({ code: 'BACKTEST_NOT_FOUND', status: 404 });
  });
});

describe('strategies', () => {
  it('are listed with the JSON Schema of their parameters', async () => {
    const { items } = (await get('/v1/strategies')).json();
    const cross = items.find(({ id }: { id: string }) => id === 'sma-cross');
    expect(cross).toMatchObject({
      title: expect.any(String),
      kernel: true,
      params: {
        type: 'object',
        additionalProperties: false,
        properties: { fast: { type: 'integer', minimum: expect.any(Number) } },
      },
    });
  });

  it('are read one by one, and the nearest is named for one that is not there', async () => {
    const { items } = (await get('/v1/strategies')).json();
    for (const { id } of items) {
      expect((await get(`/v1/strategies/${id}`)).json()).toMatchObject({ id, readme: expect.stringMatching(/^# /) });
    }
    const answer = await get('/v1/strategies/sma-crss');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      code: 'STRATEGY_NOT_FOUND',
      errors: [{ message: expect.stringContaining('did you mean "sma-cross"?') }],
    });
  });
});
