import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { idFromKey } from '../../api/idempotency.ts';
import { ADMIN_KEY, type FakePlatform, startFakeApi } from '../api/fakes/platform.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { tradewind } from './command-line.ts';

const UUID_KEY = /^admin [\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** What the key `once` leads to. */
const ID = idFromKey('admin', 'once');
const folder = tempFolder();
const SPEC = {
  data: { file: 'x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
  strategy: { id: 'sma-cross' },
  space: { fast: { values: [5, 10] }, slow: { values: [10, 20] } },
  constraints: ['fast < slow'],
};

let app: FastifyInstance;
let platform: FakePlatform;
let spec: string;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
  process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
  spec = join(folder, 'spec.json');
  writeFileSync(spec, JSON.stringify(SPEC));
});
afterEach(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await app.close();
});

async function run(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await tradewind('optimize', ...args, '--json');
  return { exitCode, stderr, documents: stdout.trim().startsWith('{') ? parsed(stdout) : [] };
}

/** One document, or one a line. */
function parsed(text: string) {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }
}

const start = () => run('start', '--spec', spec, '--key', 'once');

describe('optimize start', () => {
  it('prints how the job stands, with the paths of its spec made absolute', async () => {
    const { exitCode, documents } = await start();
    expect(exitCode).toBe(0);
    expect(documents).toEqual([
      {
        id: ID,
        workflowId: `optimization/${ID}`,
        status: 'queued',
        total: 3,
        done: 0,
        tried: 0,
        rate: null,
        etaMs: null,
        best: null,
        psr: null,
        dsr: null,
        pbo: null,
        believable: false,
        sentence: 'Not judged yet: 0 of 3 combinations are done.',
        reasons: {},
        notes: [],
        problem: null,
      },
    ]);
    expect(platform.optimizations.checked[0]?.backtest.data).toMatchObject([{ file: join(folder, 'x.csv') }]);
  });

  it('sends a key of its own each time when none is given', async () => {
    await run('start', '--spec', spec);
    await run('start', '--spec', spec);
    const keys = [...platform.optimizations.claims.keys()];
    expect(keys).toEqual([expect.stringMatching(UUID_KEY), expect.stringMatching(UUID_KEY)]);
    expect(platform.optimizations.records.size).toBe(2);
  });

  it('refuses a bad spec with exit code 2 and every field', async () => {
    writeFileSync(spec, JSON.stringify({ ...SPEC, objective: 'luck', constraints: ['fast'] }));
    const { exitCode, documents } = await start();
    expect([exitCode, documents[0].code]).toEqual([2, 'INVALID_OPTIMIZATION']);
    expect(documents[0].errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
      'constraints.0',
      'objective',
    ]);
  });

  it.each([
    ['completed', 0],
    ['cancelled', 6],
    ['failed', 6],
  ] as const)('--wait follows it until it is %s and ends with %i', async (status, exitCode) => {
    const { store } = platform.optimizations;
    const find = store.findOptimization;
    let asked = 0;
    store.findOptimization = async (id) => {
      asked += 1;
      if (asked === 2)
        platform.optimizations.change(id, { status: 'running', progress: { done: 1, rate: 2, best: null } });
      if (asked === 3) platform.optimizations.change(id, { status, progress: { done: 3, rate: null, best: null } });
      return find(id);
    };
    const outcome = await run('start', '--spec', spec, '--key', 'once', '--wait');
    expect([outcome.exitCode, outcome.documents[0].status]).toEqual([exitCode, status]);
    expect(outcome.stderr).toContain('running: 1 of 3 combinations (33 %), 2.0/s, 1 s left');
  });

  it('--wait is left by Ctrl-C, which says how to come back and leaves the job alone', async () => {
    const { store } = platform.optimizations;
    const find = store.findOptimization;
    store.findOptimization = async (id) => {
      if (platform.optimizations.records.get(id)?.status === 'queued')
        platform.optimizations.change(id, { status: 'running' });
      else process.emit('SIGINT');
      return find(id);
    };
    const { exitCode, stderr, documents } = await run('start', '--spec', spec, '--key', 'once', '--wait');
    expect([exitCode, documents[0].status]).toEqual([0, 'running']);
    expect(stderr).toContain(`tradewind optimize show ${ID} --follow`);
    expect(platform.optimizations.commands).toEqual([]);
  });
});

describe('a job', () => {
  beforeEach(async () => {
    await start();
    platform.optimizations.addRows(0.1, Number.NaN, 0.3);
  });

  it('is listed and shown; --follow gives a document a line until it has ended', async () => {
    expect((await run('list', '--status', 'queued')).documents[0].items).toMatchObject([{ id: ID, total: 3 }]);
    expect((await run('show', ID)).documents).toMatchObject([{ id: ID, status: 'queued' }]);
    platform.optimizations.change(ID, { status: 'cancelled' });
    expect((await run('show', ID, '--follow')).documents).toMatchObject([{ id: ID, status: 'cancelled' }]);
    expect(await run('show', 'none')).toMatchObject({ exitCode: 3, documents: [{ code: 'OPTIMIZATION_NOT_FOUND' }] });
  });

  it.each(['pause', 'resume'])('takes %s', async (command) => {
    expect(await run(command, ID)).toMatchObject({ exitCode: 0, documents: [{ id: ID, status: 'queued' }] });
    expect(platform.optimizations.commands).toEqual([`${command} optimization/${ID}`]);
  });

  it('is cancelled: the answer waits for it', async () => {
    const { store } = platform.optimizations;
    const find = store.findOptimization;
    let asked = 0;
    store.findOptimization = async (id) => {
      asked += 1;
      if (asked === 5) platform.optimizations.change(id, { status: 'cancelled' });
      return find(id);
    };
    expect((await run('cancel', ID)).documents).toMatchObject([{ status: 'cancelled' }]);
    expect(await run('cancel', ID)).toMatchObject({ exitCode: 4, documents: [{ code: 'OPTIMIZATION_ENDED' }] });
  });

  it('gives its best rows, and all of them to a file', async () => {
    expect((await run('results', ID, '--top', '1')).documents[0].items).toMatchObject([{ position: 2, score: 0.3 }]);
    const out = join(folder, 'rows.csv');
    expect((await run('results', ID, '--out', out)).documents).toEqual([{ id: ID, out }]);
    const firsts = (): string[] =>
      readFileSync(out, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(',')[0]!);
    expect(firsts()).toEqual(['position', '0', '1', '2']);
    await run('results', ID, '--out', out, '--top', '2');
    expect(firsts()).toEqual(['position', '2', '0']);
    expect((await run('results', ID, '--top', '0')).exitCode).toBe(2);
    expect((await run('results', ID, '--top', '5000')).exitCode).toBe(2);
  });

  it('is readable without --json: the verdict first', async () => {
    const { stdout } = await tradewind('optimize', 'show', ID);
    expect(stdout).toMatch(/^Not judged yet: 0 of 3 combinations are done\.\n/);
    expect(stdout).toMatch(/PBO\s+– \(not judged yet\)/);
    expect((await tradewind('optimize', 'results', ID)).stdout).toContain('0.3000');
    expect((await tradewind('optimize', 'list')).stdout).toContain('0 of 3');
  });
});
