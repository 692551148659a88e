import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { daysOf } from '../../../adapters/backtests/trading-year.ts';
import { readCandleFile } from '../../../adapters/candles/read-candle-file.ts';
import { createOptimizationRunner } from '../../../adapters/optimizations/optimization-runner.ts';
import { createOptimizationStore } from '../../../adapters/storage/optimization-store.ts';
import { syntheticCandles } from '../../../domain/market/synthetic-candles.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import { search } from '../../../domain/optimization/search.ts';
import { strategies, strategyOf } from '../../../domain/strategies/registry.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openStorage, type Storage } from './storage.ts';

jest.setTimeout(300_000);

const folder = tempFolder();
let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
});
afterAll(() => storage.close(), 60_000);

it('judges what it reads from Postgres, with returns from all threads, to the same bits as a search in one thread', async () => {
  const { time, open, high, low, close, volume } = syntheticCandles({
    seed: 9,
    bars: 260,
    timeframe: '1d',
    volatility: 0.02,
  });
  const file = join(folder, 'days.csv');
  const lines = Array.from(time, (at, k) => [at, open[k], high[k], low[k], close[k], volume[k]].join(','));
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  const read = { symbol: 'X', timeframe: '1d', stamp: 'open' } as const;
  const parsed = parseOptimizationSpec(
    {
      data: { file, ...read },
      strategy: { id: 'sma-cross' },
      // More than 5,100: so many that the tests against benchmarks take a sample and the best.
      space: { fast: { min: 2, max: 73, step: 1 }, slow: { min: 80, max: 151, step: 1 } },
      objective: 'totalReturn',
      walkForward: { folds: 2 },
    },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const store = createOptimizationStore(storage.database);
  const runner = createOptimizationRunner({
    threads: 2,
    databaseUrl: storage.url,
    stuckAfterMs: 60_000,
    maxHeapMb: 1_024,
    maxColumnMb: 64,
    planWithinMs: 60_000,
  });
  try {
    const { symbols, ...checked } = await runner.check(parsed.spec);
    const { dataHash, markets, ...request } = checked;
    const accepted = await store.accept(
      {
        id: 'o1',
        workflowId: 'optimization/o1',
        owner: 'admin',
        request: { ...request, priority: 4 },
        strategy: 'sma-cross',
        symbol: symbols.join(', '),
        dataHash,
        markets,
      },
      null,
    );
    if (accepted.kind === 'key-reused') throw new Error('no key was given');
    const job = accepted.optimization;
    const chunk = { from: 0, to: request.plan.positions };
    const { signal: cancel } = new AbortController();
    await runner.evaluate(job, chunk, {
      cancel,
      onRows: (rows, portion) => store.writeRows(job.key, chunk, rows, { ...portion, best: null }),
    });
    const result = await runner.conclude(job, { cancel, earlierTrials: await store.earlierTrials('o1') });
    const { candles } = await readCandleFile(file, read);
    const { periodsPerYear, days } = request;
    const own = search({
      markets: [candles],
      strategy: strategyOf('sma-cross'),
      spec: parsed.spec,
      periodsPerYear,
      days: daysOf(days!),
    });
    if (!own.ok) throw new Error(JSON.stringify(own.problems));
    expect(JSON.stringify(result)).toBe(JSON.stringify(own.result));
    expect([result.tried, result.spa.every(({ sampled }) => sampled)]).toEqual([72 * 72, true]);
    const best = await store.resultRows(job.key, { sort: 'score', limit: 1 });
    expect(best.items[0]).toMatchObject({ rank: 1, combination: result.best!.index, score: result.best!.score });
  } finally {
    await runner.close();
  }
});
