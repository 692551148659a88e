import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createBacktestRunner } from '../../../adapters/backtests/backtest-runner.ts';
import { csvOf } from './csv-of.ts';
import type { BacktestRunner } from '../../../adapters/ports/backtest-store.ts';
import type { BacktestProgress } from '../../../domain/backtest/commands.ts';
import type { BacktestProblem } from '../../../domain/backtest/failure.ts';
import { type BacktestRequest, parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { type UserStrategy, writeGatedStrategy, writeStrategy } from '../../helpers/user-strategies.ts';

jest.setTimeout(60_000);

const folder = tempFolder();
// Longer than any test takes on a busy machine: only strategies without an end are given less.
const options = { databaseUrl: null, stuckAfterMs: 600_000, maxHeapMb: 64 } as const;

let runner: BacktestRunner;
let impatient: BacktestRunner;
let bars: string;
beforeAll(() => {
  bars = writeBars(join(folder, 'bars.csv'), 400);
  runner = createBacktestRunner({ ...options, threads: 1 });
  impatient = createBacktestRunner({ ...options, stuckAfterMs: 1_500, threads: 1 });
});
afterAll(() => Promise.all([runner.close(), impatient.close()]));

function requestOf(document: object): BacktestRequest {
  const parsed = parseSpec({ data: barsOf(bars), ...document }, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.request;
}

const own = (name: UserStrategy): BacktestRequest => requestOf({ strategy: { file: writeStrategy(folder, name) } });
const turns = (): BacktestRequest => own('turns.mjs');
const never = (): AbortSignal => new AbortController().signal;
const run = (request: BacktestRequest, by: BacktestRunner = runner) => by.run(request, { cancel: never() });

async function problemOf(request: BacktestRequest, by: BacktestRunner = runner): Promise<BacktestProblem> {
  const error = (await run(request, by).then(
    () => new Error('the run succeeded'),
    (thrown: unknown) => thrown,
  )) as { problem?: BacktestProblem };
  if (error.problem === undefined) throw error;
  return error.problem;
}

describe('a strategy of a user', () => {
  it('runs, and its trades are those that it ordered', async () => {
    const { result, parts } = await run(turns());
    // Bought at the bars 0, 20, ... 380 and sold ten bars later, each filled at the next bar's open.
    expect(result).toMatchObject({ closedTrades: 20, openTrades: 0, bars: 400, warmUpBars: 0 });
    const [header, first] = (await csvOf(parts)).split('\n');
    expect(header).toBe('size,entryBar,exitBar,entryPrice,exitPrice,sl,tp,pnl,commission,returnRatio');
    expect(first!.split(',').slice(1, 3)).toEqual(['1', '11']);
  });

  it.each([
    ['throws.mjs', { code: 'STRATEGY_FAILED', place: { symbol: 'TEST', bar: 50, time: Date.UTC(2024, 0, 1, 0, 50) } }],
    ['endless.mjs', { code: 'STRATEGY_STUCK', place: { bar: 50 } }],
    ['endless-import.mjs', { code: 'STRATEGY_STUCK', place: { bar: null } }],
    ['hoards.mjs', { code: 'OUT_OF_MEMORY' }],
    ['buffers.mjs', { code: 'OUT_OF_MEMORY', place: { bar: 50 } }],
    ['buffers-by-bar.mjs', { code: 'OUT_OF_MEMORY', place: { symbol: 'TEST' } }],
    ['exits.mjs', { code: 'STRATEGY_FAILED' }],
    ['kills.mjs', { code: 'STRATEGY_FAILED', detail: expect.stringContaining('process.kill'), place: { bar: 50 } }],
    ['async.mjs', { code: 'STRATEGY_FAILED', detail: expect.stringContaining('a promise'), place: { bar: 0 } }],
    [
      'rejects.mjs',
      {
        code: 'STRATEGY_FAILED',
        detail: expect.stringContaining('Error: no such price'),
        place: { line: expect.stringMatching(/^rejects\.mjs:4:\d+$/) },
      },
    ],
    [
      'typo.mjs',
      {
        code: 'STRATEGY_FAILED',
        detail: expect.stringContaining('no field "stoploss": did you mean "stopLoss"?'),
        place: { line: expect.stringMatching(/^typo\.mjs:3:\d+$/) },
      },
    ],
    ['nothing.mjs', { code: 'INVALID_STRATEGY', errors: [{ field: 'strategy.file' }] }],
  ] as const)('%s ends as a problem, and the next run is served', async (name, problem) => {
    const by = problem.code === 'STRATEGY_STUCK' ? impatient : runner;
    expect(await problemOf(own(name), by)).toMatchObject(problem);
    expect((await run(turns(), by)).result.closedTrades).toBe(20);
  });

  it('is told the line of its file, the error and the bar', async () => {
    const { detail, place } = await problemOf(own('throws.mjs'));
    expect(place?.line).toMatch(/^throws\.mjs:4:\d+$/);
    expect(detail).toMatch(/at bar 50 \(2024-01-01T00:50:00\.000Z\) of TEST, throws\.mjs:4:\d+: TypeError: .*price/);
  });

  it.each([
    ['turns.mjs', 400],
    ['throws.mjs', 50],
  ] as const)('tells how far %s came: %d of 400 bars', async (name, barsDone) => {
    const told: BacktestProgress[] = [];
    await runner
      .run(own(name), { cancel: never(), onProgress: (progress) => told.push(progress) })
      .catch(() => undefined);
    expect(told.at(-1)).toEqual({ barsDone, bars: 400 });
  });

  it('counts the warm-up among the bars that are done, up to the end of the range', async () => {
    const told: BacktestProgress[] = [];
    const request = requestOf({
      strategy: { id: 'sma-cross', params: { fast: 2, slow: 50 } },
      to: '2024-01-01T05:00:00Z',
    });
    await runner.run(request, { cancel: never(), onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ barsDone: 300, bars: 300 });
  });

  it('is cancelled between two bars', async () => {
    const gate = join(folder, 'never-opened');
    const cancel = new AbortController();
    const strategy = { file: writeGatedStrategy(folder, gate) };
    const running = runner.run(requestOf({ strategy }), {
      cancel: cancel.signal,
      onProgress: ({ barsDone }) => (barsDone >= 100 ? cancel.abort(new Error('not wanted')) : undefined),
    });
    await expect(running).rejects.toThrow('not wanted');
    expect(existsSync(gate)).toBe(false);
    expect((await run(turns())).result.closedTrades).toBe(20);
  });

  it('that waits for a thread is given up at once', async () => {
    const first = run(turns());
    const cancel = new AbortController();
    const second = runner.run(turns(), { cancel: cancel.signal });
    cancel.abort(new Error('not wanted'));
    await expect(second).rejects.toThrow('not wanted');
    expect((await first).result.closedTrades).toBe(20);
  });
});

describe('the same request', () => {
  it('gives the same bits one after the other, side by side on two threads, and from its manifest', async () => {
    const crosses = requestOf({ strategy: { id: 'sma-cross', params: { fast: 2, slow: 5 } } });
    const alone = await run(crosses);
    expect(alone.result.closedTrades).toBeGreaterThan(5);
    const two = createBacktestRunner({ ...options, threads: 2 });
    try {
      const both = await Promise.all([run(crosses, two), run(turns(), two), run(crosses, two)]);
      expect([both[0].result, both[2].result]).toEqual([alone.result, alone.result]);
    } finally {
      await two.close();
    }
    const replay = parseSpec(JSON.parse(JSON.stringify(alone.result.manifest)), strategies);
    if (!replay.ok) throw new Error('the manifest is not read');
    expect((await run(replay.request)).result).toEqual(alone.result);
  });

  it('is refused as a replay when its data or its strategy was tampered with', async () => {
    const data = join(folder, 'tampered.csv');
    const file = join(folder, 'tampered.mjs');
    copyFileSync(bars, data);
    copyFileSync(writeStrategy(folder, 'turns.mjs'), file);
    const { result } = await run(requestOf({ data: barsOf(data), strategy: { file } }));
    const replay = parseSpec(result.manifest, strategies);
    if (!replay.ok) throw new Error('the manifest is not read');
    expect((await run(replay.request)).result.tradesHash).toBe(result.tradesHash);
    writeBars(data, 399);
    appendFileSync(file, '// changed\n');
    expect(await problemOf(replay.request)).toMatchObject({
      code: 'REPLAY_DIFFERS',
      errors: [{ field: 'data.0.hash' }, { field: 'strategyHash' }],
    });
  });
});

describe('before it runs', () => {
  it.each([
    ['a file that is not there', { data: barsOf('/nowhere/bars.csv') }, 'INVALID_DATA', 'data: file'],
    [
      'a clock that there is not',
      { data: { ...barsOf('/nowhere/bars.csv'), zone: 'Mars/Olympus' } },
      'INVALID_SPEC',
      'data.zone',
    ],
    ['an empty range', { from: '2030-01-01' }, 'EMPTY_RANGE', 'from'],
    [
      'orders for bars that are not there',
      { strategy: { orders: 'bar,side,type\n400,buy,market\n' } },
      'INVALID_SPEC',
      'strategy.orders line 2, bar',
    ],
    ['a stored data set without a stack', { data: { datasetId: 'ds_1' } }, 'INVALID_SPEC', 'data.datasetId'],
    [
      'an instrument that the data has not',
      { broker: { instruments: { Y: {} } } },
      'INVALID_SPEC',
      'broker.instruments.Y',
    ],
  ])('refuses %s', async (_what, change, code, field) => {
    const request = requestOf({ strategy: { id: 'buy-and-hold' }, ...change });
    await expect(runner.check(request)).rejects.toMatchObject({ problem: { code, errors: [{ field }] } });
  });

  it('refuses data shorter than the warm-up', async () => {
    const strategy = { id: 'sma-cross', params: { fast: 10, slow: 500 } };
    // The mean of 500 closes is first known at the 500th.
    await expect(runner.check(requestOf({ strategy }))).rejects.toMatchObject({
      problem: { code: 'TOO_FEW_BARS', detail: expect.stringMatching(/needs 500 bars of TEST \(499 .*there are 400/) },
    });
  });

  it('ends a file that hangs while it loads, and says so', async () => {
    await expect(impatient.check(own('endless-import.mjs'))).rejects.toMatchObject({
      problem: { code: 'STRATEGY_STUCK', detail: expect.stringContaining('while its file was loaded') },
    });
  });

  it('answers at once for a file that waits inside of the system, which cannot be interrupted', async () => {
    const asked = impatient.check(own('sleeps.mjs'));
    await expect(asked).rejects.toMatchObject({ problem: { code: 'STRATEGY_STUCK' } });
    // It writes the file when it has slept.
    expect(existsSync(join(folder, 'slept'))).toBe(false);
  });

  it('tells every row of a file that cannot be used', async () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(
      file,
      'timestamp,open,high,low,close,volume\n60000,1,2,0.5,1.5,1\n0,1,2,0.5,-1,1\n120000,1,2,NaN,1,1\n',
    );
    const problem = await problemOf(requestOf({ data: barsOf(file), strategy: { id: 'buy-and-hold' } }));
    expect(problem.code).toBe('INVALID_DATA');
    expect(problem.errors.map(({ field }) => field)).toEqual(
      expect.arrayContaining([expect.stringContaining('line 3'), expect.stringContaining('line 4')]),
    );
  });

  it('gives the symbols of what it accepts', async () => {
    expect(await runner.check(turns())).toEqual({ symbols: ['TEST'] });
  });
});

describe('data that does not come', () => {
  it('is refused when it is no regular file, and the next run is served', async () => {
    const pipe = join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      expect(await problemOf(requestOf({ data: barsOf(path), strategy: { id: 'buy-and-hold' } }))).toMatchObject({
        code: 'INVALID_DATA',
        errors: [{ field: 'data: file', value: path, message: expect.stringContaining('is no regular file') }],
      });
      expect(await problemOf(requestOf({ strategy: { orders: path } }))).toMatchObject({
        code: 'INVALID_SPEC',
        errors: [{ field: 'strategy.orders', value: path, message: expect.stringContaining('is no regular file') }],
      });
    }
    expect((await run(turns())).result.closedTrades).toBe(20);
  });

  it('is not waited for when the database is silent', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const databaseUrl = `postgres://nobody@127.0.0.1:${port}/nothing`;
    const impatient = createBacktestRunner({ ...options, databaseUrl, readWithinMs: 500, threads: 1 });
    try {
      const request = requestOf({ data: { datasetId: 'ds_1' }, strategy: { id: 'buy-and-hold' } });
      await expect(run(request, impatient)).rejects.toThrow('no data came for 0.5 s');
    } finally {
      await impatient.close();
      silent.close();
    }
  });
});
