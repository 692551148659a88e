import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  NewOptimization,
  OptimizationStore,
  TrialArchive,
  TrialRows,
} from '../../../adapters/ports/optimization-store.ts';
import { createOptimizationStore } from '../../../adapters/storage/optimization-store.ts';
import { createTrialArchive } from '../../../adapters/storage/trial-archive.ts';
import { identityOf } from '../../../domain/optimization/job/identity.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import type { OptimizationResult } from '../../../domain/optimization/result.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let store: OptimizationStore;
let archive: TrialArchive;
beforeAll(async () => {
  storage = await openStorage();
  store = createOptimizationStore(storage.database);
  archive = createTrialArchive(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const WIDTH = 3;
const DAY_MS = 86_400_000;
const RESULT = { psr: 0.9, believable: false, sentence: 'Not believable.', notes: [] } as unknown as OptimizationResult;
const PROBLEM = { code: 'RUN_FAILED', detail: 'it broke', errors: [], place: null } as const;

function jobOf(id: string, dataHash = 'a'.repeat(64)): NewOptimization {
  const parsed = parseOptimizationSpec(
    {
      data: { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
      strategy: { id: 'sma-cross' },
      space: { fast: { min: 2, max: 101, step: 1 }, slow: { min: 102, max: 201, step: 1 } },
    },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { spec } = parsed;
  const plan = { size: 10_000, positions: 10_000, total: 10_000, excluded: 0, span: { from: 1, to: 9 }, folds: [] };
  const identity = identityOf({ nodeMajor: 20, data: [], strategyHash: null, seed: 1 });
  return {
    id,
    workflowId: `optimization/${id}`,
    owner: 'admin',
    request: { spec, plan, identity, periodsPerYear: 365, columns: ['a', 'b', 'c'], priority: 4 },
    strategy: 'sma-cross',
    symbol: 'X',
    dataHash,
    markets: [{ symbol: 'X', from: DAY_MS, to: 3 * DAY_MS, days: [1, 2], closes: [10, 11] }],
  };
}

async function accepted(id: string, dataHash?: string) {
  const outcome = await store.accept(jobOf(id, dataHash), null);
  if (outcome.kind === 'key-reused') throw new Error('no key was given');
  return outcome.optimization;
}

/** Rows at positions `from` to `to`: numbers that tell where they belong; no score where the position is a multiple of 10. */
function rowsOf(from: number, to: number): TrialRows {
  const positions = Float64Array.from({ length: to - from }, (_, k) => from + k);
  return {
    count: positions.length,
    positions,
    combinations: positions.map((position) => position * 2),
    scores: positions.map((position) => (position % 10 === 0 ? Number.NaN : (position * 7) % 101)),
    numbers: Float64Array.from({ length: positions.length * WIDTH }, (_, k) =>
      k % WIDTH === 2 ? Number.NaN : positions[Math.floor(k / WIDTH)]! + (k % WIDTH) / 3,
    ),
    width: WIDTH,
  };
}

async function collected(rows: AsyncIterable<TrialRows>): Promise<{ positions: number[]; numbers: number[] }> {
  const all = { positions: [] as number[], numbers: [] as number[] };
  for await (const each of rows) {
    all.positions.push(...each.positions);
    all.numbers.push(...each.numbers);
  }
  return all;
}

describe('accepting', () => {
  it('stores a job once for one key, also when two come at once', async () => {
    const claim = { owner: 'admin', key: 'k', bodyHash: 'h' };
    const outcomes = await Promise.all([1, 2, 3].map(() => store.accept(jobOf('o1'), claim)));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'known', 'known']);
    expect((await store.accept(jobOf('o1'), { ...claim, bodyHash: 'other' })).kind).toBe('key-reused');
    const { dataHash: _dataHash, markets: _markets, ...job } = jobOf('o1');
    expect(await store.findOptimization('o1')).toMatchObject({
      ...job,
      total: 10_000,
      status: 'queued',
      runs: 1,
      progress: { done: 0, rate: null, best: null },
      result: null,
    });
    expect(await storage.events('o1')).toEqual(['optimization.accepted']);
  });

  it('keeps it for the sweep until its workflow was seen to start', async () => {
    await accepted('o1');
    await accepted('o2');
    await store.markStarted('o1');
    expect((await store.notStarted()).map(({ id }) => id)).toEqual(['o2']);
  });
});

describe('rows', () => {
  it('come back to the last bit, in order, whatever order they came in', async () => {
    const { key } = await accepted('o1');
    const chunks = [
      { from: 300, to: 500 },
      { from: 0, to: 300 },
    ];
    for (const { from, to } of chunks)
      await store.writeRows(key, { from, to }, rowsOf(from, to), { next: to, busyMs: 5, best: null });
    const all = await collected(archive.readRows(key, WIDTH));
    const expected = rowsOf(0, 500);
    expect(all).toEqual({ positions: [...expected.positions], numbers: [...expected.numbers] });
    const some = await collected(archive.readRowsAt(key, WIDTH, Float64Array.of(3, 77, 499)));
    expect(some.positions).toEqual([3, 77, 499]);
    expect(some.numbers.slice(0, 2)).toEqual([3, 3 + 1 / 3]);
  });

  it('are stored once, and counted once, when two attempts at a chunk overlap', async () => {
    const { key } = await accepted('o1');
    const chunk = { from: 0, to: 100 };
    const state = { busyMs: 10, best: null };
    await store.writeRows(key, chunk, rowsOf(0, 60), { ...state, next: 60 });
    // An attempt that was thought dead writes what another has written, and is behind it.
    const again = { ...rowsOf(0, 40), numbers: new Float64Array(40 * WIDTH) };
    await store.writeRows(key, chunk, again, { ...state, next: 40 });
    await store.writeRows(key, chunk, rowsOf(60, 100), { ...state, next: 100 });
    expect((await store.progressOf(key)).done).toBe(100);
    expect(await store.coveredRanges(key)).toEqual([chunk]);
    expect((await collected(archive.readRows(key, WIDTH))).numbers).toEqual([...rowsOf(0, 100).numbers]);
  });

  it('count positions without a combination as covered', async () => {
    const { key } = await accepted('o1');
    await store.writeRows(key, { from: 0, to: 50 }, rowsOf(0, 0), { next: 50, busyMs: 1, best: null });
    expect(await store.coveredRanges(key)).toEqual([{ from: 0, to: 50 }]);
    expect((await store.progressOf(key)).done).toBe(0);
  });

  it('leave nothing behind when one of them cannot be stored', async () => {
    const { key } = await accepted('o1');
    const broken = { ...rowsOf(0, 3), positions: Float64Array.of(0, 1, 2 ** 70) };
    const chunk = { from: 0, to: 3 };
    await expect(store.writeRows(key, chunk, broken, { next: 3, busyMs: 1, best: null })).rejects.toThrow(
      'no whole number',
    );
    expect(await store.coveredRanges(key)).toEqual([]);
    await store.writeRows(key, chunk, rowsOf(0, 3), { next: 3, busyMs: 1, best: null });
    expect((await store.progressOf(key)).done).toBe(3);
  });

  it('tell the best of all chunks, the first of equals, and how fast they come', async () => {
    const { key } = await accepted('o1');
    await store.recordStatus('o1', 'running');
    const best = [
      { position: 150, score: 9 },
      { position: 50, score: 9 },
      { position: 250, score: 8 },
    ];
    for (const { position, score } of best) {
      const from = position - 50;
      const state = { next: from + 50, busyMs: 500, best: { position, score } };
      await store.writeRows(key, { from, to: from + 100 }, rowsOf(from, from + 50), state);
    }
    await store.writeRows(key, { from: 0, to: 100 }, rowsOf(50, 60), { next: 60, busyMs: 500, best: null });
    // 160 rows in 2,000 ms of a slot, and three chunks are worked on.
    const progress = { done: 160, rate: 240, best: { position: 50, score: 9 } };
    expect((await store.findOptimization('o1'))?.progress).toEqual(progress);
    await store.recordStatus('o1', 'paused');
    expect((await store.findOptimization('o1'))?.progress).toEqual({ ...progress, rate: null });
  });

  it('are paged by position, and best first before and after the judgement', async () => {
    const { key } = await accepted('o1');
    await store.writeRows(key, { from: 0, to: 30 }, rowsOf(0, 30), { next: 30, busyMs: 5, best: null });
    const pages = async (sort: 'score' | 'position') => {
      const positions: number[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await store.resultRows(key, { sort, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
        positions.push(...page.items.map(({ position }) => position));
        if (page.next === null) return positions;
        cursor = page.next;
      }
    };
    const { positions, scores } = rowsOf(0, 30);
    expect(await pages('position')).toEqual([...positions]);
    const byOwn = [...positions]
      .filter((position) => position % 10 !== 0)
      .toSorted((a, b) => scores[b]! - scores[a]! || a - b);
    expect(await pages('score')).toEqual([...byOwn, 0, 10, 20]);
    const order = Float64Array.from(positions).reverse();
    const final = order.map((position) => (position < 5 ? Number.NaN : position / 100));
    await archive.writeRanks(key, order, final);
    // A second judgement takes the place of the first.
    await archive.writeRanks(key, order, final);
    expect(await pages('score')).toEqual([...order]);
    expect(await store.findRow(key, 29)).toMatchObject({ rank: 1, score: 0.29, combination: 58 });
    expect(await store.findRow(key, 0)).toMatchObject({ rank: 30, score: null });
    expect(await store.findRow(key, 30)).toBeNull();
    const [first] = (await store.resultRows(key, { sort: 'position', limit: 1 })).items;
    expect(first).toMatchObject({ position: 0, rank: 30, score: null });
  });
});

describe('the end of a job', () => {
  it('is the one that came first', async () => {
    await accepted('o1');
    await store.recordEnd('o1', 'cancelled', null);
    await store.recordResult('o1', RESULT);
    await store.recordStatus('o1', 'running');
    await store.recordEnd('o1', 'failed', PROBLEM);
    expect(await store.findOptimization('o1')).toMatchObject({ status: 'cancelled', problem: null, result: null });
    expect(await storage.events('o1')).toEqual(['optimization.accepted', 'optimization.status']);
  });

  it('keeps the result as it was', async () => {
    await accepted('o1');
    await store.recordStatus('o1', 'running');
    await store.recordResult('o1', RESULT);
    expect(await store.findOptimization('o1')).toMatchObject({ status: 'completed', result: RESULT });
  });

  it('can be undone only after a failure', async () => {
    await accepted('o1');
    await store.markStarted('o1');
    expect(await store.reopen('o1')).toBe(false);
    await store.recordEnd('o1', 'failed', PROBLEM);
    expect((await store.findOptimization('o1'))?.problem).toEqual(PROBLEM);
    expect(await store.reopen('o1')).toBe(true);
    const record = await store.findOptimization('o1');
    expect(record).toMatchObject({ status: 'queued', problem: null, runs: 2, endedAt: null });
    expect((await store.notStarted()).map(({ id }) => id)).toEqual(['o1']);
  });
});

it('lists jobs newest first, page after page, and by status', async () => {
  for (const id of ['o1', 'o2', 'o3']) await accepted(id);
  await store.recordStatus('o2', 'running');
  const first = await store.listOptimizations({ limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(['o3', 'o2']);
  const rest = await store.listOptimizations({ limit: 2, cursor: first.next! });
  expect([rest.items.map(({ id }) => id), rest.next]).toEqual([['o1'], null]);
  expect((await store.listOptimizations({ limit: 9, status: 'running' })).items.map(({ id }) => id)).toEqual(['o2']);
});
