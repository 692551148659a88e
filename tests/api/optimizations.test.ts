import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { OptimizationFailure } from '../../domain/optimization/job/problem.ts';
import { sampleSearch } from '../helpers/sample-optimization.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const SPEC = {
  data: { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
  strategy: { id: 'sma-cross' },
  space: { fast: { values: [5, 10] }, slow: { values: [10, 20] } },
  constraints: ['fast < slow'],
  objective: 'totalReturn',
  walkForward: null,
};

const start = (body: unknown = SPEC, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/optimizations', headers: { ...withKey(), ...headers }, body: body as object });
const get = (url: string) => app.inject({ url, headers: withKey() });
const post = (url: string) => app.inject({ method: 'POST', url, headers: withKey() });
const fields = (answer: { json(): { errors: { field: string }[] } }) => answer.json().errors.map(({ field }) => field);

const changed = () =>
  new OptimizationFailure({
    code: 'OPTIMIZATION_CHANGED',
    detail: 'the job cannot go on: data.0.hash: the bars of X have changed',
    errors: [{ field: 'data.0.hash', value: 'd', message: 'the bars of X have changed' }],
    place: null,
  });

describe('a start', () => {
  it('stores the spec with its defaults, starts the workflow and says where to find it', async () => {
    const answer = await start();
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ id: 'id-1', workflowId: 'optimization/id-1', status: 'queued' });
    expect(answer.headers.location).toBe('/v1/optimizations/id-1');
    expect(platform.optimizations.startedWorkflows).toEqual(['optimization/id-1']);
    expect(platform.optimizations.started).toEqual(new Set(['id-1']));
    expect(platform.optimizations.records.get('id-1')).toMatchObject({
      owner: 'admin',
      strategy: 'sma-cross',
      symbol: 'X',
      request: { priority: 4, spec: { seed: 1, sampler: { kind: 'grid' }, backtest: { broker: { cash: 10_000 } } } },
    });
  });

  it('is accepted while Temporal is away, and left to the sweep', async () => {
    platform.optimizations.temporalFailure = new Error('14 UNAVAILABLE');
    expect((await start()).statusCode).toBe(201);
    expect(platform.optimizations.started.size).toBe(0);
  });

  it('leads to one job for one key, and refuses the key with another seed', async () => {
    const key = { 'idempotency-key': 'once' };
    const first = await start(SPEC, key);
    const again = await start(SPEC, key);
    expect([first.statusCode, again.statusCode]).toEqual([201, 200]);
    expect(again.json()).toEqual(first.json());
    const other = await start({ ...SPEC, seed: 2 }, key);
    expect([other.statusCode, other.json().code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    expect(platform.optimizations.records.size).toBe(1);
  });

  it('ends its planning when the client goes away, stores nothing and answers the next', async () => {
    const { checker } = platform.optimizations;
    const check = checker.check.bind(checker);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const leave = new AbortController();
    const told = new Promise<unknown>((resolve) => {
      checker.check = (_spec, { cancel } = { cancel: new AbortController().signal }) =>
        new Promise((_, reject) => {
          cancel.addEventListener('abort', () => {
            resolve(cancel.reason);
            reject(cancel.reason as Error);
          });
          leave.abort();
        });
    });
    const headers = { ...withKey(), 'content-type': 'application/json' };
    const sent = fetch(`${url}/v1/optimizations`, {
      method: 'POST',
      headers,
      body: JSON.stringify(SPEC),
      signal: leave.signal,
    });
    await expect(sent).rejects.toThrow('aborted');
    expect(await told).toMatchObject({ name: 'ClientGone' });
    checker.check = check;
    expect(platform.optimizations.records.size).toBe(0);
    expect((await start()).statusCode).toBe(201);
  });

  it('needs the role of a trader: a strategy is code', async () => {
    platform.addKey('tw_operator', 'op', 'operator');
    expect((await start(SPEC, withKey('tw_operator'))).json().code).toBe('FORBIDDEN');
  });

  it.each([
    ['no space', { space: undefined }, ['space']],
    ['a step of zero', { space: { fast: { min: 5, max: 9, step: 0 } }, constraints: [] }, ['space.fast.step']],
    [
      'a million millions of combinations',
      {
        space: { fast: { min: 1, max: 1e6, step: 1 }, slow: { min: 1, max: 1e6, step: 1 } },
        strategy: { id: 'sma-cross' },
      },
      ['space', 'space.fast', 'space.slow'],
    ],
    ['an unknown objective', { objective: 'sharpRatio' }, ['objective']],
    ['a constraint on an unknown parameter', { constraints: ['fast < slw'] }, ['constraints.0']],
    ['a priority of 6', { priority: 6 }, ['priority']],
    ['a path that is relative to nothing', { data: { ...SPEC.data, file: 'x.csv' } }, ['data.file']],
    ['orders, which have no parameters', { strategy: { orders: '/o.csv' } }, ['strategy']],
    ['a field that there is not', { walkForwrd: {} }, ['walkForwrd']],
    ['half a fold', { walkForward: { folds: 0.5 } }, ['walkForward.folds']],
  ])('refuses %s by field and stores nothing', async (_what, change, expected) => {
    const answer = await start({ ...SPEC, ...change });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'INVALID_OPTIMIZATION']);
    expect(fields(answer)).toEqual(expected);
    expect(platform.optimizations.records.size).toBe(0);
  });

  it.each([
    ['a number', 7],
    ['a list', [SPEC]],
    ['null', null],
  ])('refuses %s in place of a spec', async (_what, body) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/optimizations',
      headers: { ...withKey(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).not.toEqual([]);
  });

  it('names the size and the ways out of a grid that is too large', async () => {
    const space = Object.fromEntries(['fast', 'slow'].map((name) => [name, { min: 1, max: 1e6, step: 1 }]));
    const { detail } = (await start({ ...SPEC, space, constraints: [] })).json();
    expect(detail).toContain('1,000,000,000,000 combinations');
    expect(detail).toContain('sobol');
  });

  it.each([
    ['INVALID_SPEC', 422, 'INVALID_OPTIMIZATION'],
    ['UNKNOWN_DATASET', 422, 'UNKNOWN_DATASET'],
    ['TOO_FEW_BARS', 422, 'TOO_FEW_BARS'],
    ['STRATEGY_STUCK', 422, 'STRATEGY_STUCK'],
  ] as const)('hands on what the check found: %s', async (code, status, told) => {
    platform.optimizations.objection = () =>
      new OptimizationFailure({ code, detail: 'it does not fit', errors: [], place: null });
    const answer = await start();
    expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([status, told, 'it does not fit']);
    expect(platform.optimizations.records.size).toBe(0);
  });
});

describe('a job', () => {
  beforeEach(async () => {
    await start();
    platform.optimizations.addRows(0.1, Number.NaN, 0.3);
  });

  it('tells its progress with rate and time left, and the best so far', async () => {
    const progress = { done: 2, rate: 4, best: { position: 2, score: 0.3 } };
    platform.optimizations.change('id-1', { status: 'running', progress });
    expect((await get('/v1/optimizations/id-1')).json()).toMatchObject({
      id: 'id-1',
      status: 'running',
      total: 3,
      done: 2,
      tried: 2,
      rate: 4,
      // One combination at 4 a second.
      etaMs: 250,
      best: { index: 2, score: 0.3, params: { fast: 10, slow: 10 }, metrics: { totalReturn: 0.3, trades: null } },
      psr: null,
      dsr: null,
      pbo: null,
      believable: false,
      sentence: 'Not judged yet: 2 of 3 combinations are done.',
    });
  });

  it('is one of a list', async () => {
    await start({ ...SPEC, strategy: { id: 'ema-cross' } });
    const page = (await get('/v1/optimizations?limit=1')).json();
    expect(page.items).toMatchObject([{ id: 'id-2', strategy: 'ema-cross', priority: 4 }]);
    expect((await get(`/v1/optimizations?limit=1&cursor=${page.next}`)).json().items).toMatchObject([{ id: 'id-1' }]);
    expect((await get('/v1/optimizations?strategy=sma-cross')).json().items).toHaveLength(1);
    expect((await get('/v1/optimizations?status=done')).json().code).toBe('INVALID_FIELDS');
  });

  it('gives its rows best first or by position, page after page', async () => {
    const first = (await get('/v1/optimizations/id-1/results?limit=2')).json();
    expect(first.items).toMatchObject([
      { position: 2, score: 0.3, rank: null, params: { fast: 10, slow: 10 } },
      { position: 0, score: 0.1, metrics: { totalReturn: 0.1 } },
    ]);
    const rest = (await get(`/v1/optimizations/id-1/results?limit=2&cursor=${first.next}`)).json();
    expect(rest).toMatchObject({ items: [{ position: 1, score: null, metrics: { totalReturn: null } }], next: null });
    const ordered = (await get('/v1/optimizations/id-1/results?sort=position')).json();
    expect(ordered.items.map(({ position }: { position: number }) => position)).toEqual([0, 1, 2]);
  });

  it('gives its rows as CSV with every number, empty where there is none', async () => {
    const answer = await get('/v1/optimizations/id-1/results.csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = answer.body.split('\n').map((line) => line.split(',').slice(0, 7).join(','));
    expect(lines).toEqual([
      'position,index,fast,slow,rank,score,totalReturn',
      '0,0,5,10,,0.1,0.1',
      '1,1,5,20,,,',
      '2,2,10,10,,0.3,0.3',
      '',
    ]);
    const top = await get('/v1/optimizations/id-1/results.csv?sort=score&top=1');
    expect(top.body.split('\n').map((line) => line.split(',')[0])).toEqual(['position', '2', '']);
  });

  it('has no result before it is judged', async () => {
    const answer = await get('/v1/optimizations/id-1/result');
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'NO_RESULT']);
  });

  it.each(['pause', 'cancel', 'resume'] as const)('takes %s', async (command) => {
    const answer = await post(`/v1/optimizations/id-1/${command}`);
    expect([answer.statusCode, answer.json().id]).toEqual([200, 'id-1']);
    expect(platform.optimizations.commands).toEqual([`${command} optimization/id-1`]);
  });

  it('refuses a command that does not fit, and one after its end', async () => {
    platform.optimizations.outcome = { kind: 'refused', reason: 'being judged' };
    expect((await post('/v1/optimizations/id-1/pause')).json()).toMatchObject({
      code: 'COMMAND_REFUSED',
      detail: 'being judged',
    });
    platform.optimizations.change('id-1', { status: 'cancelled' });
    for (const command of ['pause', 'resume', 'cancel'])
      expect((await post(`/v1/optimizations/id-1/${command}`)).json().code).toBe('OPTIMIZATION_ENDED');
  });

  it('says so when no worker confirms in time', async () => {
    platform.optimizations.outcome = { kind: 'unconfirmed' };
    expect((await post('/v1/optimizations/id-1/cancel')).json().code).toBe('COMMAND_UNCONFIRMED');
  });

  it.each(['paused', 'failed'] as const)('is not resumed from %s when its data have changed', async (status) => {
    platform.optimizations.change('id-1', { status });
    platform.optimizations.objection = changed;
    const answer = await post('/v1/optimizations/id-1/resume');
    expect([answer.statusCode, answer.json().code, fields(answer)]).toEqual([
      409,
      'OPTIMIZATION_CHANGED',
      ['data.0.hash'],
    ]);
    expect(platform.optimizations.records.get('id-1')?.status).toBe(status);
    expect(platform.optimizations.commands).toEqual([]);
  });

  it('goes on after a failure, in a new run of its workflow', async () => {
    platform.optimizations.change('id-1', { status: 'failed' });
    expect((await post('/v1/optimizations/id-1/resume')).json()).toMatchObject({ id: 'id-1', status: 'queued' });
    expect(platform.optimizations.records.get('id-1')?.runs).toBe(2);
    expect(platform.optimizations.startedWorkflows).toEqual(['optimization/id-1', 'optimization/id-1']);
  });

  it.each(['', '/result', '/results', '/results.csv', '/report.html'])(
    'that there is not is not found at %s',
    async (path) => {
      const answer = await get(`/v1/optimizations/none${path}`);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'OPTIMIZATION_NOT_FOUND']);
    },
  );
});

describe('the report', () => {
  beforeEach(() => start());

  it('is one page, with the verdict, the data and the identity of the job', async () => {
    const { space, walkForward } = SPEC;
    const { result } = sampleSearch({ space, walkForward });
    platform.optimizations.change('id-1', { status: 'completed', result });
    const answer = await get('/v1/optimizations/id-1/report.html');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const document = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(answer.body)![1]!);
    expect(document).toMatchObject({
      result: { sentence: result.sentence },
      subtitle: expect.stringMatching(/^X · .* bars of 1m · capital 10,000$/),
      manifest: { id: 'id-1', seed: 1, spec: { space } },
    });
  });

  it('is not there before the job has been judged', async () => {
    const answer = await get('/v1/optimizations/id-1/report.html');
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'NO_RESULT']);
  });
});
