import { expect, it } from '@jest/globals';
import { ENGINE_VERSION } from '../../../domain/backtest/manifest.ts';
import { SessionBench, strategyWith } from './session-bench.ts';

/** Runs until the session holds a position that its stop protects. */
async function holding(): Promise<SessionBench> {
  const bench = new SessionBench({ bars: 60 });
  while (bench.stops.length === 0) await bench.until(bench.record.bars + 1);
  return bench;
}

const strategyOf = (bench: SessionBench, params: Readonly<Record<string, number>>): void => {
  bench.sessions.record = { ...bench.record, spec: { ...bench.record.spec, ...strategyWith(params) } };
};

it('a past that is decided otherwise than it was is told, and nothing is traded on it', async () => {
  const bench = await holding();
  const { bars } = bench.record;
  const orders = bench.orders.size;
  // The same strategy decides otherwise: so would one of another release, or one that throws dice.
  strategyOf(bench, { fast: 3, slow: 4 });
  await bench.run();
  expect(bench.record).toMatchObject({
    status: 'paused',
    bars,
    block: { reason: 'STRATEGY', problem: { code: 'REPLAY_DIFFERS' } },
  });
  expect(bench.record.block!.problem.detail).toContain(`by engine ${ENGINE_VERSION}; this is ${ENGINE_VERSION}`);
  await bench.run();
  expect([bench.record.bars, bench.orders.size, bench.stops.length]).toEqual([bars, orders, 1]);
  // What has changed is restored, and a person says so.
  strategyOf(bench, {});
  await bench.sessions.store.command('s1', { kind: 'resume', by: 'ann', reason: 'restored' }, 'resume');
  await bench.until(bars + 2);
  expect(bench.record).toMatchObject({ status: 'running', block: null });
});

it('another engine that comes to the same goes on', async () => {
  const bench = await holding();
  const books = bench.record.books!;
  bench.sessions.record = { ...bench.record, books: { ...books, fold: { ...books.fold!, engine: '0.9.0' } } };
  const { bars } = bench.record;
  await bench.until(bars + 1);
  expect(bench.record).toMatchObject({ block: null, books: { fold: { engine: ENGINE_VERSION } } });
});

it('books that were stored before there was a print of them go on as well', async () => {
  const bench = await holding();
  const { fold: _, ...before } = bench.record.books!;
  bench.sessions.record = { ...bench.record, books: before };
  const { bars } = bench.record;
  await bench.until(bars + 1);
  expect(bench.record).toMatchObject({ block: null, books: { fold: { hash: expect.any(String) } } });
});
