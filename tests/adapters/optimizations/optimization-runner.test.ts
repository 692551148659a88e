import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createOptimizationRunner } from '../../../adapters/optimizations/optimization-runner.ts';
import type { OptimizationJob, OptimizationRunner, TrialRows } from '../../../adapters/ports/optimization-store.ts';
import type { OptimizationProblem } from '../../../domain/optimization/job/problem.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import type { OptimizationSpec } from '../../../domain/optimization/spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

jest.setTimeout(120_000);

const folder = tempFolder();
// Longer than any test takes on a busy machine: only strategies without an end are given less.
const options = { databaseUrl: null, stuckAfterMs: 600_000, maxHeapMb: 256, maxColumnMb: 16 } as const;

let runner: OptimizationRunner;
let impatient: OptimizationRunner;
let bars: string;
beforeAll(() => {
  bars = writeBars(join(folder, 'bars.csv'), 3_000);
  runner = createOptimizationRunner({ ...options, threads: 2 });
  impatient = createOptimizationRunner({ ...options, stuckAfterMs: 1_500, threads: 2 });
});
afterAll(() => Promise.all([runner.close(), impatient.close()]));

const never = (): AbortSignal => new AbortController().signal;

function specOf(document: object = {}): OptimizationSpec {
  const parsed = parseOptimizationSpec(
    {
      data: barsOf(bars),
      strategy: { id: 'sma-cross' },
      space: { fast: { min: 2, max: 21, step: 1 }, slow: { min: 10, max: 60, step: 2 } },
      constraints: ['fast < slow'],
      ...document,
    },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

let jobs = 0;
async function jobOf(spec: OptimizationSpec, by = runner): Promise<OptimizationJob> {
  const { symbols: _symbols, dataHash: _hash, markets: _markets, ...request } = await by.check(spec);
  return { id: `job-${(jobs += 1)}`, key: jobs, request: { ...request, priority: 4 } };
}

/** All rows of a range, as bytes beside their positions. */
async function rowsOf(by: OptimizationRunner, job: OptimizationJob, from = 0, to = job.request.plan.positions) {
  const positions: number[] = [];
  const bytes: Buffer[] = [];
  const onRows = async (rows: TrialRows): Promise<void> => {
    positions.push(...rows.positions);
    for (const { buffer } of [rows.combinations, rows.scores, rows.numbers])
      bytes.push(Buffer.from(buffer as ArrayBuffer));
  };
  await by.evaluate(job, { from, to }, { cancel: never(), onRows });
  return { positions, bytes };
}

async function problemOf(work: Promise<unknown>): Promise<OptimizationProblem> {
  const error = (await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  )) as { problem?: OptimizationProblem };
  if (error.problem === undefined) throw error;
  return error.problem;
}

/** A strategy of a user's: buys when `go` bars have passed since a multiple of 20, sells ten bars later. */
function ownStrategy(name: string, onBar: string): { readonly file: string } {
  const file = join(folder, name);
  const params = `[{ kind: 'integer', name: 'go', title: 'Go', min: 0, max: 9, default: 1 }]`;
  writeFileSync(
    file,
    `export default { id: 'own', title: 'Own', params: ${params}, prepare: (lines, { go }) => (context) => {
  const { index } = context.bar;
  ${onBar}
  if (index % 20 === go) context.buy();
  else if (index % 20 === 10) context.close();
} };\n`,
  );
  return { file };
}

const own = (name: string, onBar = '') =>
  specOf({ strategy: ownStrategy(name, onBar), space: { go: { min: 0, max: 3, step: 1 } }, constraints: [] });

describe('rows', () => {
  it('are the same bytes in one thread and in two, in one piece and in many, with lines shared or not', async () => {
    const job = await jobOf(specOf());
    const { positions: all, total, excluded } = job.request.plan;
    // Slow is even from 10 to 60, fast from 2 to 21: below 22 slow takes away those of fast that are not below it.
    expect([all, total, excluded]).toEqual([20 * 26, 520 - (12 + 10 + 8 + 6 + 4 + 2), 42]);
    const one = createOptimizationRunner({ ...options, threads: 1, maxColumnMb: 1 });
    const narrow = await rowsOf(one, job);
    await one.close();
    expect(narrow.positions).toHaveLength(total);
    const [first, second] = await Promise.all([rowsOf(runner, job, 0, 251), rowsOf(runner, job, 251)]);
    expect([...first.positions, ...second.positions]).toEqual(narrow.positions);
    const sorted = (bytes: readonly Buffer[]): string[] => rowBytes(bytes, job.request.columns.length);
    expect(sorted([...first.bytes, ...second.bytes])).toEqual(sorted(narrow.bytes));
  });

  it('of a sample stand at positions of the sample', async () => {
    const job = await jobOf(specOf({ sampler: { kind: 'sobol', count: 40 } }));
    const { positions } = await rowsOf(runner, job);
    expect(positions).toHaveLength(40);
    expect(positions.toSorted((a, b) => a - b)).toEqual(positions);
    expect(positions.at(-1)).toBeLessThan(job.request.plan.positions);
  });

  it('come from a strategy of a user as well', async () => {
    const job = await jobOf(own('good.mjs'));
    const { positions } = await rowsOf(runner, job);
    expect(positions).toEqual([0, 1, 2, 3]);
  });
});

/** Rows one by one in hex, from portions of three buffers each: combinations, scores, numbers. */
function rowBytes(bytes: readonly Buffer[], width: number): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [combinations, scores, numbers] = bytes.slice(at, at + 3) as [Buffer, Buffer, Buffer];
    for (let k = 0; k < combinations.length; k += 8) {
      const own = numbers.subarray(k * width, (k + 8) * width);
      rows.push(
        [combinations.subarray(k, k + 8), scores.subarray(k, k + 8), own].map((b) => b.toString('hex')).join(' '),
      );
    }
  }
  return rows;
}

describe('before anything runs', () => {
  it.each([
    ['constraints that leave nothing', { constraints: ['fast > slow + 100'] }, 'constraints'],
    ['lines longer than the data', { space: { fast: [5], slow: [3_000, 4_000] }, constraints: [] }, 'space'],
    [
      'folds longer than the data',
      { walkForward: { folds: 150, trainShare: 0.5, purgeBars: 1_400, embargoBars: 0 } },
      'walkForward',
    ],
    [
      'an instrument that the data have not',
      { broker: { instruments: { Y: { tick: 0.01 } } } },
      'broker.instruments.Y',
    ],
  ])('refuses %s', async (_what, change, field) => {
    const { code, errors } = await problemOf(runner.check(specOf(change)));
    expect(code).toBe('INVALID_SPEC');
    expect(errors.map((error) => error.field)).toEqual([field]);
  });

  it('refuses a file that is not there, and a strategy that is none', async () => {
    const data = { ...barsOf(bars), file: join(folder, 'none.csv') };
    expect((await problemOf(runner.check(specOf({ data })))).code).toBe('INVALID_DATA');
    const file = join(folder, 'nothing.mjs');
    writeFileSync(file, 'export const strategy = 1;\n');
    const spec = specOf({ strategy: { file }, space: { go: [1, 2] }, constraints: [] });
    expect((await problemOf(runner.check(spec))).code).toBe('INVALID_STRATEGY');
  });
});

describe('planning that takes too long', () => {
  /** A search through a million combinations, about one of which its strategy thinks for ever. */
  function endless(): OptimizationSpec {
    const file = join(folder, 'thinks.mjs');
    const param = (name: string) =>
      `{ kind: 'integer', name: '${name}', title: '${name}', min: 1, max: 1_000, default: 1 }`;
    writeFileSync(
      file,
      `export default { id: 'own', title: 'Own', params: [${param('a')}, ${param('b')}], prepare: () => () => {},
  check: ({ a, b }) => { while (a === 900 && b === 7); return []; } };\n`,
    );
    const axis = { min: 1, max: 1_000, step: 1 };
    return specOf({ strategy: { file }, space: { a: axis, b: axis }, constraints: ['a != b'] });
  }

  it('is given up, with its size, the constraint and ways out', async () => {
    const hasty = createOptimizationRunner({ ...options, threads: 1, planWithinMs: 500 });
    const { code, errors } = await problemOf(hasty.check(endless()));
    await hasty.close();
    expect([code, errors.map(({ field, value }) => [field, value])]).toEqual([
      'INVALID_SPEC',
      [['constraints', ['a != b']]],
    ]);
    expect(errors[0]!.message).toMatch(
      /to plan 1,000,000 combinations under "a != b" took more than 0.5 s.*larger steps.*sample.*warmUpRisesWith/,
    );
  });

  it('keeps no other start waiting, and ends when whoever asked goes away', async () => {
    const narrow = createOptimizationRunner({ ...options, threads: 1 });
    const gone = new AbortController();
    const wide = narrow.check(endless(), { cancel: gone.signal });
    const ended = wide.then(
      () => 'it was planned',
      ({ message }: Error) => message,
    );
    expect((await narrow.check(specOf())).plan.size).toBe(520);
    gone.abort(new Error('nobody waits any more'));
    expect(await ended).toBe('nobody waits any more');
    await narrow.close();
  });
});

describe('a job that has begun', () => {
  it('is not gone on with on other bars', async () => {
    const changing = writeBars(join(folder, 'changing.csv'), 500);
    const job = await jobOf(specOf({ data: barsOf(changing) }));
    await runner.checkIdentity(job.request);
    writeBars(changing, 501);
    const { code, errors } = await problemOf(runner.checkIdentity(job.request));
    expect([code, errors.map(({ field }) => field)]).toEqual(['OPTIMIZATION_CHANGED', ['data.0.hash']]);
    expect((await problemOf(rowsOf(runner, job))).code).toBe('OPTIMIZATION_CHANGED');
    writeBars(changing, 500);
    expect((await rowsOf(runner, job)).positions).toHaveLength(job.request.plan.total);
  });

  it.each([
    ['engineVersion', { engineVersion: '0.0.1' }],
    ['nodeMajor', { nodeMajor: 1 }],
    ['seed', { seed: 77 }],
  ] as const)('is not gone on with when its %s was another', async (field, change) => {
    const job = await jobOf(specOf());
    const request = { ...job.request, identity: { ...job.request.identity, ...change } };
    const { code, errors } = await problemOf(rowsOf(runner, { ...job, request }));
    expect([code, errors.map((error) => error.field)]).toEqual(['OPTIMIZATION_CHANGED', [field]]);
  });

  it('is not gone on with by another version of the strategy', async () => {
    const job = await jobOf(own('edited.mjs'));
    ownStrategy('edited.mjs', 'if (index === 7) return;');
    const { errors } = await problemOf(rowsOf(runner, job));
    expect(errors.map(({ field }) => field)).toEqual(['strategyHash']);
  });

  it('fails when its strategy throws, hangs or ends its thread, and the next is served', async () => {
    const codes: string[] = [];
    for (const [name, line, by] of [
      ['throws.mjs', 'if (index === 50) throw new Error("no");', runner],
      ['hangs.mjs', 'while (index === 50);', impatient],
      ['exits.mjs', 'if (index === 50) process.exit(7);', runner],
    ] as const) {
      const job = await jobOf(own(name, `if (go === 2) { ${line} }`));
      codes.push((await problemOf(rowsOf(by, job))).code);
    }
    expect(codes).toEqual(['STRATEGY_FAILED', 'STRATEGY_STUCK', 'STRATEGY_FAILED']);
    for (const by of [runner, impatient]) expect((await rowsOf(by, await jobOf(specOf()))).positions).not.toEqual([]);
  });

  it.each([
    [
      'leaves a rejected promise behind',
      'rejects.mjs',
      'if (go === 2 && index === 50) void Promise.reject(new Error("no"));',
      'STRATEGY_FAILED',
      /a promise of the strategy was rejected.*rejects.mjs:\d+:\d+: Error: no/,
    ],
    [
      'keeps buffers from bar to bar',
      'keeps.mjs',
      'if (go === 2) (globalThis.own ??= []).push(new Float64Array(1_000_000));',
      'OUT_OF_MEMORY',
      /in buffers.* at bar \d+ .*272 MB are allowed/,
    ],
    [
      'keeps buffers from one combination to the next',
      'collects.mjs',
      // The last bar of each: nobody asks for its memory between bars any more.
      'if (index === 2_999) (globalThis.own ??= []).push(new Float64Array(16_000_000));',
      'OUT_OF_MEMORY',
      /holds \d+ MB in buffers/,
    ],
    [
      'takes buffers without an end in one bar',
      'grows.mjs',
      'if (go === 2 && index === 50) for (const own = []; ;) own.push(new Uint8Array(16 << 20).fill(1));',
      'OUT_OF_MEMORY',
      /process grew by \d+ MB.*272 MB in buffers are allowed/,
    ],
  ])('fails by name when its strategy %s', async (_what, name, line, code, detail) => {
    const problem = await problemOf(rowsOf(runner, await jobOf(own(name, line))));
    expect(problem.code).toBe(code);
    expect(problem.detail).toMatch(detail);
  });

  it('stops when it is told to, with the rows of whole portions handed on', async () => {
    const job = await jobOf(specOf());
    const cancel = new AbortController();
    const told: number[] = [];
    const work = runner.evaluate(
      job,
      { from: 0, to: job.request.plan.positions },
      {
        cancel: cancel.signal,
        onRows: async (_rows, { next }) => {
          told.push(next);
          cancel.abort(new Error('enough'));
        },
      },
    );
    await expect(work).rejects.toThrow('enough');
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThan(job.request.plan.positions);
  });

  it('fails when its rows cannot be stored', async () => {
    const job = await jobOf(specOf());
    const work = runner.evaluate(
      job,
      { from: 0, to: job.request.plan.positions },
      { cancel: never(), onRows: () => Promise.reject(new Error('the database is away')) },
    );
    await expect(work).rejects.toThrow('the database is away');
  });
});
