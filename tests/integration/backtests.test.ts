import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { tradewind } from '../bin/command-line.ts';
import { barsOf, writeBars } from '../helpers/bars-file.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack, type TestStack } from '../helpers/stack.ts';
import { writeGatedStrategy, writeStrategy } from '../helpers/user-strategies.ts';

jest.setTimeout(180_000);

const STUCK_AFTER_S = 2;
/** Five times: a worker that goes unnoticed for ten seconds, a pause, a new process. */
const LONG_DEATHS_MS = 150_000;

let stack: TestStack;
let folder: string;
let bars: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-backtests-'));
  bars = writeBars(join(folder, 'bars.csv'), 2_000);
  stack = await startStack({ env: { TRADEWIND_STRATEGY_STUCK_S: String(STUCK_AFTER_S) } });
  process.env['TRADEWIND_API_URL'] = stack.api;
  process.env['TRADEWIND_API_KEY'] = stack.adminKey;
});
afterAll(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let gate: string;
let gates = 0;
beforeEach(() => {
  gate = join(folder, `gate-${(gates += 1)}`);
});

const crosses = () => ({ data: barsOf(bars), strategy: { id: 'sma-cross', params: { fast: 5, slow: 20 } } });
const own = (file: string) => ({ data: barsOf(bars), strategy: { file } });

function specFile(name: string, spec: object): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(spec));
  return path;
}

async function run(...args: readonly string[]) {
  const { exitCode, stdout } = await tradewind('backtest', 'run', ...args, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

async function start(spec: object, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await stack.call('POST', '/v1/backtests', spec, headers);
  expect(answer).toMatchObject({ status: 201, body: { status: 'queued' } });
  return answer.body.id as string;
}

const show = async (id: string) => (await stack.call('GET', `/v1/backtests/${id}`)).body;

const pidOfCompute = () => stack.record().processes.find((each) => each.name === 'compute')?.pid;

/** The backtest once `holds`. */
const when = (id: string, what: string, holds: (view: { status: string; progress: { barsDone: number } }) => boolean) =>
  until(`backtest ${id} ${what}`, async () => {
    const view = await show(id);
    return holds(view) ? view : null;
  });

const ended = (id: string) => when(id, 'to end', ({ status }) => status !== 'queued' && status !== 'running');

describe('a backtest through the API', () => {
  it('gives what the same spec gives without a stack, in every file', async () => {
    const spec = specFile('crosses', crosses());
    const local = await run('--local', '--spec', spec, '--out', join(folder, 'local'));
    const remote = await run('--spec', spec, '--out', join(folder, 'remote'));
    expect([local.exitCode, remote.exitCode]).toEqual([0, 0]);
    expect(local.document.closedTrades).toBeGreaterThan(10);
    const { id: _local, ...ours } = local.document;
    const { id, ...theirs } = remote.document;
    expect(theirs).toEqual(ours);
    for (const name of ['trades.csv', 'equity.csv', 'report.html', 'report.json', 'manifest.json']) {
      const [here, there] = ['local', 'remote'].map((run) => readFileSync(join(folder, run, name), 'utf8'));
      expect(there).toBe(here);
    }
    const pages = await Promise.all(
      ['', '&cursor=3'].map((cursor) => stack.call('GET', `/v1/backtests/${id}/trades?limit=3${cursor}`)),
    );
    const lines = readFileSync(join(folder, 'local', 'trades.csv'), 'utf8')
      .split('\n')
      .slice(1, 7);
    expect(
      pages.flatMap(({ body }) => body.items.map((trade: { size: number; pnl: number }) => [trade.size, trade.pnl])),
    ).toEqual(lines.map((line) => line.split(',').map(Number)).map((cells) => [cells[0], cells[7]]));
  });

  it('replays from its manifest, on a stored data set as on the file that it came from', async () => {
    const bytes = readFileSync(bars, 'utf8');
    const imported = await fetch(`${stack.api}/v1/datasets?symbol=TEST&timeframe=1m&stamp=open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.adminKey}`, 'content-type': 'text/csv' },
      body: bytes,
    });
    const { datasetId, hash } = (await imported.json()) as { datasetId: string; hash: string };
    const stored = await run('--spec', specFile('stored', { ...crosses(), data: { datasetId } }));
    const direct = await run('--local', '--spec', specFile('direct', crosses()));
    expect(stored.document.tradesHash).toBe(direct.document.tradesHash);
    expect(stored.document.manifest.data).toEqual([{ symbol: 'TEST', timeframe: '1m', hash, bars: 2_000 }]);
    const again = await run('--spec', specFile('manifest', stored.document.manifest));
    expect(again.document.tradesHash).toBe(stored.document.tradesHash);
    expect(again.document.manifest).toEqual(stored.document.manifest);
  });

  it('is one backtest for one idempotency key, however often it is sent', async () => {
    const headers = { 'idempotency-key': 'once' };
    const id = await start(crosses(), headers);
    const again = await stack.call('POST', '/v1/backtests', crosses(), headers);
    expect(again).toMatchObject({ status: 200, body: { id } });
    const other = await stack.call('POST', '/v1/backtests', { ...crosses(), seed: 2 }, headers);
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect((await ended(id)).status).toBe('completed');
  });

  it('is told from others in the Temporal UI, and says there what came of it', async () => {
    const id = await start(crosses());
    const { tradesHash } = await ended(id);
    const connection = await Connection.connect({ address: stack.record().temporal.address });
    try {
      const handle = new Client({ connection }).workflow.getHandle(`backtest/${id}`);
      await handle.result();
      const description = await handle.describe();
      const attribute = (name: 'kind' | 'strategy' | 'symbol' | 'status') =>
        description.typedSearchAttributes.get(searchAttributes[name]);
      expect(['kind', 'strategy', 'symbol', 'status'].map((name) => attribute(name as 'kind'))).toEqual([
        'backtest',
        'sma-cross',
        'TEST',
        'completed',
      ]);
      expect(await description.staticSummary()).toBe('backtest of sma-cross on TEST');
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain(`| trades hash | ${tradesHash} |`);
    } finally {
      await connection.close();
    }
  });

  it('is cancelled in the middle, and its worker takes the next', async () => {
    const id = await start(own(writeGatedStrategy(folder, gate)));
    await when(id, 'to reach its gate', ({ progress }) => progress.barsDone >= 100);
    const answer = await stack.call('POST', `/v1/backtests/${id}/cancel`);
    expect(answer).toMatchObject({ status: 200, body: { id } });
    expect(await ended(id)).toMatchObject({ status: 'cancelled', problem: null, tradesHash: null });
    expect((await stack.call('POST', `/v1/backtests/${id}/cancel`)).body.code).toBe('BACKTEST_ENDED');
    expect((await stack.call('GET', `/v1/backtests/${id}/manifest`)).body.code).toBe('NO_RESULT');
    expect((await ended(await start(crosses()))).status).toBe('completed');
  });

  it('begins anew when its worker is killed, and gives what an undisturbed run gives', async () => {
    const file = writeGatedStrategy(folder, gate);
    const id = await start(own(file));
    await when(id, 'to reach its gate', ({ progress }) => progress.barsDone >= 100);
    stack.kill('compute');
    writeFileSync(gate, '');
    const view = await ended(id);
    expect(view.status).toBe('completed');
    await stack.waitRestarted('compute');
    const undisturbed = await run('--local', '--spec', specFile('undisturbed', own(file)));
    expect(view.tradesHash).toBe(undisturbed.document.tradesHash);
  });

  it.each([
    ['throws.mjs', 'STRATEGY_FAILED', { bar: 50, symbol: 'TEST', line: expect.stringMatching(/^throws\.mjs:4:\d+$/) }],
    ['endless.mjs', 'STRATEGY_STUCK', { bar: 50 }],
    ['exits.mjs', 'STRATEGY_FAILED', null],
  ] as const)('fails on %s with %s and leaves the worker alive', async (name, code, place) => {
    const before = pidOfCompute();
    const view = await ended(await start(own(writeStrategy(folder, name))));
    expect(view).toMatchObject({ status: 'failed', problem: { code, ...(place === null ? {} : { place }) } });
    expect((await ended(await start(own(writeStrategy(folder, 'turns.mjs'))))).status).toBe('completed');
    expect(pidOfCompute()).toBe(before);
  });

  it('fails when worker after worker dies under it, and takes no other run with it', async () => {
    const before = pidOfCompute();
    const killer = await start(own(writeStrategy(folder, 'kills-by-shell.mjs')));
    // Begun beside it, it loses its worker with it, and again.
    const beside = await start(own(writeGatedStrategy(folder, gate)));
    await until('the first death', async () => pidOfCompute() !== before);
    writeFileSync(gate, '');
    const view = await until(
      'the killer to fail',
      async () => {
        const now = await show(killer);
        return now.status === 'failed' ? now : null;
      },
      LONG_DEATHS_MS,
    );
    expect(view).toMatchObject({
      status: 'failed',
      problem: { code: 'WORKER_LOST', detail: expect.stringMatching(/^5 workers have died/) },
    });
    expect((await ended(beside)).status).toBe('completed');
  });

  it.each([
    ['an unknown data set', { data: { datasetId: 'ds_0000000000000000' } }, 'UNKNOWN_DATASET'],
    ['a parameter out of range', { strategy: { id: 'sma-cross', params: { fast: 0 } } }, 'INVALID_BACKTEST'],
    ['an empty range', { from: '2030-01-01' }, 'EMPTY_RANGE'],
    ['a warm-up longer than the data', { to: '2024-01-01T00:10:00Z' }, 'TOO_FEW_BARS'],
  ])('refuses %s before anything is stored', async (_what, change, code) => {
    const before = (await stack.call('GET', '/v1/backtests?limit=1')).body.items[0]?.id;
    const answer = await stack.call('POST', '/v1/backtests', { ...crosses(), ...change });
    expect(answer).toMatchObject({ status: 422, body: { code } });
    expect((await stack.call('GET', '/v1/backtests?limit=1')).body.items[0]?.id).toBe(before);
  });
});
