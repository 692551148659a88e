import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewOptimization, OptimizationStore, TrialRows } from '../../../adapters/ports/optimization-store.ts';
import { createOptimizationStore } from '../../../adapters/storage/optimization-store.ts';
import { identityOf } from '../../../domain/optimization/job/identity.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import type { OptimizationResult } from '../../../domain/optimization/result.ts';
import type { SearchedMarket } from '../../../domain/optimization/trials/searched-market.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let store: OptimizationStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createOptimizationStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const DAY_MS = 86_400_000;
/** A year of 365 returns, of which 74 were measured: an annual ratio is as many standard errors times sqrt(73 / 365). */
const PER_YEAR = 365;
const RETURNS = 74;
const COLUMNS = ['totalReturn', 'sharpeRatio', 'returns'];
const RESULT = { believable: false, sentence: 'Not believable.', notes: [] } as unknown as OptimizationResult;

/** Days `from` to `to` (not included) of a market whose price is the number of the day plus `base`. */
function market(symbol: string, from: number, to: number, base = 100): SearchedMarket {
  const days = Array.from({ length: to - from }, (_, k) => from + k);
  return { symbol, from: from * DAY_MS, to: to * DAY_MS, days, closes: days.map((day) => base + day) };
}

function jobOf(id: string, markets: readonly SearchedMarket[], dataHash: string): NewOptimization {
  const parsed = parseOptimizationSpec(
    { data: { datasetId: 'x' }, strategy: { id: 'sma-cross' }, space: { fast: [2, 3], slow: [10, 20] } },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const plan = { size: 4, positions: 4, total: 4, excluded: 0, span: { from: 1, to: 9 }, folds: [] };
  const identity = identityOf({ nodeMajor: 20, data: [], strategyHash: null, seed: 1 });
  return {
    id,
    workflowId: `optimization/${id}`,
    owner: 'admin',
    request: { spec: parsed.spec, plan, identity, periodsPerYear: PER_YEAR, columns: COLUMNS, priority: 4 },
    strategy: 'sma-cross',
    symbol: markets.map(({ symbol }) => symbol).join(', '),
    dataHash,
    markets,
  };
}

/** Rows with these annual Sharpe ratios, from a position on. */
function rowsOf(sharpeRatios: readonly number[], from = 0): TrialRows {
  const positions = Float64Array.from(sharpeRatios, (_, k) => from + k);
  return {
    count: positions.length,
    positions,
    combinations: positions,
    scores: positions,
    numbers: Float64Array.from(sharpeRatios.flatMap((ratio) => [0.5, ratio, RETURNS])),
    width: COLUMNS.length,
  };
}

async function write(key: number, sharpeRatios: readonly number[], from = 0): Promise<void> {
  const to = from + sharpeRatios.length;
  await store.writeRows(key, { from, to }, rowsOf(sharpeRatios, from), { next: to, busyMs: 1, best: null });
}

async function tried(
  id: string,
  markets: readonly SearchedMarket[],
  sharpeRatios: readonly number[],
  dataHash = id.repeat(32),
): Promise<number> {
  const outcome = await store.accept(jobOf(id, markets, dataHash), null);
  if (outcome.kind === 'key-reused') throw new Error('no key was given');
  const { key } = outcome.optimization;
  if (sharpeRatios.length > 0) await write(key, sharpeRatios);
  return key;
}

const trialsBefore = async (id: string): Promise<number> => (await store.earlierTrials(id)).trials;

describe('trials of other jobs', () => {
  it('count where the symbol is the same and the times overlap, also of jobs that were accepted later, its own not', async () => {
    await tried('o1', [market('X', 10, 20)], [1]);
    await tried('o2', [market('X', 19, 30)], [1, 2]);
    await tried('o3', [market('X', 20, 40)], [1, 2, 3, 4]);
    await tried('o4', [market('Y', 10, 20, 500)], [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await store.earlierTrials('o1')).toMatchObject({ jobs: 1, trials: 2 });
    expect(await trialsBefore('o2')).toBe(1 + 4);
    expect(await trialsBefore('o3')).toBe(2);
    expect(await store.earlierTrials('o4')).toEqual({ jobs: 0, trials: 0, spread: { count: 0, mean: 0, squares: 0 } });
  });

  it('count of a market under another name, with bars of another length or one bar less: most days end at the same price', async () => {
    await tried('o1', [market('X', 10, 20)], [1, 2]);
    const renamed = market('RENAMED', 15, 30);
    const oneLess = { ...renamed, closes: [1, ...renamed.closes.slice(1)] };
    await tried('o2', [oneLess], [1]);
    expect(await trialsBefore('o2')).toBe(2);
    expect(await trialsBefore('o1')).toBe(1);
    // Of the 5 days that both have, 3 end at another price: another market.
    await tried('o3', [{ ...renamed, symbol: 'Z', closes: [1, 2, 3, ...renamed.closes.slice(3)] }], [1, 2, 3]);
    expect(await trialsBefore('o1')).toBe(1);
  });

  it('count of the same bars by their hash, and of several symbols where one is shared, once', async () => {
    const hash = 'h'.repeat(64);
    await tried('o1', [market('X', 10, 20), market('Y', 10, 20, 7)], [1, 2], hash);
    await tried('o2', [market('Y', 12, 20, 7), market('X', 12, 20)], [1, 2, 3]);
    await tried('o3', [{ ...market('Q', 10, 20), days: [], closes: [] }], [1], hash);
    expect(await store.earlierTrials('o1')).toMatchObject({ jobs: 2, trials: 4 });
    // The prices of X and Y over two times, and those of nothing: once each.
    expect((await storage.database.query('select from optimization_prices')).rowCount).toBe(5);
  });

  it('come with the spread of their Sharpe ratios in standard errors', async () => {
    await tried('o1', [market('X', 10, 20)], []);
    await tried('o2', [market('X', 10, 20)], [1, 2, 3, Number.NaN]);
    await tried('o3', [market('X', 10, 20)], [6]);
    const { jobs, trials, spread } = await store.earlierTrials('o1');
    expect([jobs, trials, spread.count]).toEqual([2, 5, 4]);
    // 1, 2, 3, 6 have mean 3 and squares 14; 73 / 365 is 1/5.
    expect(spread.mean).toBeCloseTo(3 / Math.sqrt(5), 12);
    expect(spread.squares).toBeCloseTo(14 / 5, 12);
  });

  it('are read again while more may come, and once no more can be kept', async () => {
    await tried('o1', [market('X', 10, 20)], []);
    const key = await tried('o2', [market('X', 10, 20)], [1]);
    expect(await trialsBefore('o1')).toBe(1);
    await write(key, [2, 3], 1);
    await store.recordStatus('o2', 'running');
    await store.recordResult('o2', RESULT);
    // It ended a moment ago: a worker may still hold rows of it.
    expect(await trialsBefore('o1')).toBe(3);
    expect((await storage.database.query('select from optimization_spreads')).rowCount).toBe(0);
    await storage.database.query("update optimizations set ended_at = now() - interval '2 minutes' where id = 'o2'");
    const read = await store.earlierTrials('o1');
    expect((await storage.database.query('select from optimization_spreads')).rowCount).toBe(1);
    await storage.database.query('delete from optimization_rows');
    expect(await store.earlierTrials('o1')).toEqual(read);
  });
});

describe('jobs from before markets were kept', () => {
  const migration = (name: string): string =>
    readFileSync(new URL(`../../../db/migrations/${name}.sql`, import.meta.url), 'utf8');

  it('have their symbols, and the time that they were judged on, else any time', async () => {
    const connection = await storage.database.connect();
    try {
      await connection.query('begin; create schema before; set local search_path = before');
      await connection.query(migration('0004_optimizations'));
      const request = { identity: { data: [{ symbol: 'X' }, { symbol: 'Y' }] } };
      const span = { from: '2024-01-01T00:00:00.000Z', to: '2024-02-01T00:00:00.000Z', bars: 744 };
      for (const [id, result] of [
        ['o1', { span }],
        ['o2', null],
      ] as const) {
        await connection.query(
          `insert into optimizations (id, workflow_id, owner, request, strategy, symbol, data_hash, total, positions, status, result)
           values ($1, $1, 'admin', $2, 's', 'X, Y', 'h', 4, 4, $3, $4)`,
          [id, JSON.stringify(request), result === null ? 'cancelled' : 'completed', result && JSON.stringify(result)],
        );
      }
      await connection.query(migration('0006_searched_markets'));
      const { rows } = await connection.query(
        `select o.id, m.symbol, m.from_time::text, m.to_time::text, m.prices
         from optimization_markets m join optimizations o on o.sequence = m.optimization order by o.id, m.symbol`,
      );
      const judged = { from_time: expect.stringMatching(/^2024-01-01/), to_time: expect.stringMatching(/^2024-02-01/) };
      const ever = { from_time: '-infinity', to_time: 'infinity' };
      expect(rows).toEqual([
        { id: 'o1', symbol: 'X', ...judged, prices: null },
        { id: 'o1', symbol: 'Y', ...judged, prices: null },
        { id: 'o2', symbol: 'X', ...ever, prices: null },
        { id: 'o2', symbol: 'Y', ...ever, prices: null },
      ]);
    } finally {
      await connection.query('rollback');
      connection.release();
    }
  });
});
