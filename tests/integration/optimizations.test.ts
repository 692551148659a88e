import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tradewind } from '../bin/command-line.ts';
import { barsOf, writeBars } from '../helpers/bars-file.ts';
import { gatedSearch } from '../helpers/gated-search.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack, type TestStack } from '../helpers/stack.ts';

jest.setTimeout(300_000);

let stack: TestStack;
let folder: string;
let bars: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-optimizations-'));
  bars = writeBars(join(folder, 'bars.csv'), 20_000);
  stack = await startStack();
  process.env['TRADEWIND_API_URL'] = stack.api;
  process.env['TRADEWIND_API_KEY'] = stack.adminKey;
});
afterAll(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** 40 x 50 combinations. */
const search = (file = bars) => ({
  data: barsOf(file),
  strategy: { id: 'sma-cross' },
  space: { fast: { min: 2, max: 41, step: 1 }, slow: { min: 45, max: 94, step: 1 } },
  constraints: ['fast < slow'],
  walkForward: { folds: 3 },
});

const gated = (name: string) => gatedSearch(folder, name);

interface View {
  readonly status: string;
  readonly done: number;
  readonly total: number;
}

async function start(spec: object): Promise<string> {
  const answer = await stack.call('POST', '/v1/optimizations', spec);
  expect(answer).toMatchObject({ status: 201, body: { status: 'queued' } });
  return answer.body.id as string;
}

const show = async (id: string) => (await stack.call('GET', `/v1/optimizations/${id}`)).body;
const command = (id: string, name: string) => stack.call('POST', `/v1/optimizations/${id}/${name}`);

const when = (id: string, what: string, holds: (view: View) => boolean) =>
  until(`optimisation ${id} ${what}`, async () => {
    const view = await show(id);
    return holds(view) ? view : null;
  });

const ended = (id: string) => when(id, 'to end', ({ status }) => ['completed', 'cancelled', 'failed'].includes(status));

async function rowsOf(id: string): Promise<string> {
  const answer = await fetch(`${stack.api}/v1/optimizations/${id}/results.csv`, {
    headers: { authorization: `Bearer ${stack.adminKey}` },
  });
  return answer.text();
}

describe('a search', () => {
  it('goes from the command line to its verdict and its rows', async () => {
    const file = join(folder, 'spec.json');
    writeFileSync(file, JSON.stringify({ ...search(), data: barsOf('bars.csv') }));
    const started = await tradewind('optimize', 'start', '--spec', file, '--wait', '--json');
    const document = JSON.parse(started.stdout);
    expect([started.exitCode, started.stderr]).toEqual([0, expect.stringContaining('of 2,000 combinations')]);
    expect(document).toMatchObject({
      status: 'completed',
      total: 2_000,
      done: 2_000,
      tried: 2_000,
      psr: expect.any(Number),
      dsr: expect.any(Number),
      believable: expect.any(Boolean),
      sentence: expect.any(String),
    });
    const { id, best } = document;
    const result = (await stack.call('GET', `/v1/optimizations/${id}/result`)).body;
    expect(result).toMatchObject({ tried: 2_000, best: { index: best.index, params: best.params } });
    expect(result.walkForward.folds).toHaveLength(3);

    const out = join(folder, 'rows.csv');
    expect((await tradewind('optimize', 'results', id, '--out', out, '--json')).exitCode).toBe(0);
    const [head, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^position,index,fast,slow,rank,score,totalReturn,/);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(Array.from({ length: 2_000 }, (_, k) => k));
    const top = JSON.parse((await tradewind('optimize', 'results', id, '--top', '1', '--json')).stdout);
    expect(top.items).toMatchObject([{ rank: 1, index: best.index, score: best.score }]);
    expect(best.params).toMatchObject(top.items[0].params);
    const listed = JSON.parse((await tradewind('optimize', 'list', '--json')).stdout);
    expect(listed.items.map((each: { id: string }) => each.id)).toContain(id);
  });

  it('counts the trials of others on the same market, also with bars less and under another name', async () => {
    const copy = writeBars(join(folder, 'copy.csv'), 19_990);
    const data = { ...barsOf(copy), symbol: 'RENAMED' };
    const spec = { ...search(), data, space: { fast: [5, 6, 7], slow: [20, 30] }, walkForward: null };
    const before = (await stack.call('GET', '/v1/optimizations?limit=1000')).body.items as View[];
    const trials = before.reduce((sum, { done }) => sum + done, 0);
    const id = await start(spec);
    await ended(id);
    const { earlierTrials } = (await stack.call('GET', `/v1/optimizations/${id}/result`)).body;
    expect([earlierTrials, trials > 0]).toEqual([trials, true]);
  });

  it('is refused with all that is wrong with it before anything is stored', async () => {
    const before = (await stack.call('GET', '/v1/optimizations?limit=1')).body.items[0]?.id;
    const refused = async (change: object) => {
      const { status, body } = await stack.call('POST', '/v1/optimizations', { ...search(), ...change });
      return [status, body.code, body.errors.map(({ field }: { field: string }) => field)];
    };
    const invalid = (...fields: string[]) => [422, 'INVALID_OPTIMIZATION', fields];
    expect(await refused({ constraints: ['fast > slow'] })).toEqual(invalid('constraints'));
    expect(await refused({ space: { fast: { min: 2, max: 9, step: 0 } }, constraints: [] })).toEqual(
      invalid('space.fast.step'),
    );
    expect(await refused({ objective: 'profit' })).toEqual(invalid('objective'));
    expect(await refused({ space: { fast: [5], slow: [9_999] }, to: '2024-01-02' })).toEqual(invalid('space'));
    expect(await refused({ walkForward: { folds: 3, purgeBars: 19_000 } })).toEqual(invalid('walkForward'));
    expect((await stack.call('GET', '/v1/optimizations?limit=1')).body.items[0]?.id).toBe(before);
  });
});

describe('a search that is disturbed', () => {
  it('gives byte for byte the rows of an undisturbed one when its worker is killed in the middle', async () => {
    const quiet = gated('quiet');
    quiet.open();
    const undisturbed = await start(quiet.spec);
    expect((await ended(undisturbed)).status).toBe('completed');
    const disturbed = gated('killed');
    const id = await start(disturbed.spec);
    await when(id, 'to have some rows', ({ done }) => done >= 34);
    stack.kill('compute');
    disturbed.open();
    expect(await ended(id)).toMatchObject({ status: 'completed', done: 300 });
    await stack.waitRestarted('compute');
    expect(await rowsOf(id)).toBe(await rowsOf(undisturbed));
  });

  it('is cancelled within five seconds, and its rows stay', async () => {
    const { spec } = gated('cancelled');
    const id = await start(spec);
    await when(id, 'to have some rows', ({ done }) => done >= 34);
    const asked = performance.now();
    expect((await command(id, 'cancel')).status).toBe(200);
    const view = await ended(id);
    expect([view.status, performance.now() - asked < 5_000]).toEqual(['cancelled', true]);
    expect(view).toMatchObject({ believable: false, sentence: expect.stringContaining('was cancelled') });
    const rows = (await rowsOf(id)).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(view.done);
    expect((await command(id, 'resume')).body.code).toBe('OPTIMIZATION_ENDED');
    expect((await stack.call('GET', `/v1/optimizations/${id}/result`)).body.code).toBe('NO_RESULT');
  });

  it('pauses, is not resumed on other data, and goes on when they are back', async () => {
    const paused = gated('paused');
    const id = await start(paused.spec);
    await when(id, 'to have some rows', ({ done }) => done >= 34);
    expect((await command(id, 'pause')).body.status).toBe('paused');
    const { done } = await show(id);
    const data = join(folder, 'paused.csv');
    const content = readFileSync(data, 'utf8');
    writeFileSync(data, content.replace('\n1704067260000,', '\n1704067260000.0,').replace(/[\d.]+\n$/, '77\n'));
    const refused = await command(id, 'resume');
    expect([refused.status, refused.body.code]).toEqual([409, 'OPTIMIZATION_CHANGED']);
    expect(refused.body.errors).toMatchObject([{ field: 'data.0.hash' }]);
    expect(await show(id)).toMatchObject({ status: 'paused', done });
    writeFileSync(data, content);
    paused.open();
    expect((await command(id, 'resume')).body.status).toBe('running');
    expect(await ended(id)).toMatchObject({ status: 'completed', done: 300 });
  });

  it('shares the workers with another', async () => {
    const both = [gated('first'), gated('second')];
    const ids = [];
    for (const { spec } of both) ids.push(await start(spec));
    // Rows of both that had to wait are there while both still have some left.
    const views = await Promise.all(ids.map((id) => when(id, 'to progress', ({ done }) => done >= 18)));
    const now = await Promise.all(ids.map(show));
    expect([views.length, now.map(({ status }) => status)]).toEqual([2, ['running', 'running']]);
    for (const each of both) each.open();
    for (const id of ids) expect((await ended(id)).status).toBe('completed');
  });

  it('fails when its strategy does, and is resumed when that is mended', async () => {
    const broken = gated('broken');
    broken.open();
    const file = join(folder, 'broken.mjs');
    const good = readFileSync(file, 'utf8');
    const bad = good.replace('// Until', `if (go === 140) throw new Error('out of luck');\n  // Until`);
    writeFileSync(file, bad);
    const id = await start(broken.spec);
    const view = await ended(id);
    expect(view).toMatchObject({ status: 'failed', problem: { code: 'STRATEGY_FAILED' } });
    expect(view.problem.detail).toContain('out of luck');
    writeFileSync(file, good);
    // Another strategy would be another search.
    expect((await command(id, 'resume')).body).toMatchObject({
      code: 'OPTIMIZATION_CHANGED',
      errors: [{ field: 'strategyHash' }],
    });
    writeFileSync(file, bad);
    expect((await command(id, 'resume')).status).toBe(200);
    await delay(50);
    expect(await ended(id)).toMatchObject({ status: 'failed', problem: { code: 'STRATEGY_FAILED' } });
  });
});
