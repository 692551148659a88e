import { describe, expect, it } from '@jest/globals';
import { SessionBench } from './session-bench.ts';

const DETAIL = 'venue "sim" has 1m candles of SYN/USD from 2024-01-02T00:00:00.000Z on';

describe('candles that a session waits for', () => {
  it('block it while they cannot be had, and no longer than that', async () => {
    const bench = new SessionBench();
    const { candles } = bench.deps;
    const problem = { code: 'CANDLES_UNAVAILABLE', detail: DETAIL };
    bench.deps = {
      ...bench.deps,
      candles: {
        ...candles,
        list: async () => null,
        reach: async () => ({ kind: 'unavailable', earliest: 0, problem }),
      },
    };
    const glance = await bench.run(60_000);
    expect(bench.record.block).toMatchObject({ reason: 'CANDLES', problem: { code: 'CANDLES_UNAVAILABLE' } });
    expect(bench.record.block!.problem.detail).toMatch(/^venue "sim" has 1m candles.*stop this session/);
    expect(Object.fromEntries(glance.facts)['entries']).toContain('blocked: CANDLES_UNAVAILABLE: venue "sim" has');
    const { version } = bench.record;
    await bench.run(60_000);
    expect([bench.record.version, bench.record.bars]).toEqual([version, 0]);
    bench.deps = { ...bench.deps, candles };
    await bench.run(60_000);
    expect(bench.record.block).toBeNull();
    await bench.until(1);
    expect(bench.sessions.decisions[0]).toMatchObject({ mode: 'ask', blocked: null });
  });

  it('are waited for in silence while they are being read', async () => {
    const bench = new SessionBench();
    const list = async (): Promise<null> => null;
    const reach = async () => ({ kind: 'filling', from: null }) as const;
    bench.deps = { ...bench.deps, candles: { ...bench.deps.candles, list, reach } };
    await bench.run(60_000);
    expect(bench.record).toMatchObject({ block: null, problem: null });
  });

  it('are told to be late after two bars, without a block, until the next has come', async () => {
    const bench = new SessionBench({ bars: 20 });
    await bench.until(3);
    const { wait } = bench.deps.signals;
    bench.standStill();
    await bench.run(119_000);
    expect(bench.record.problem).toBeNull();
    const glance = await bench.run(60_000);
    expect(bench.record).toMatchObject({ status: 'running', block: null, problem: { code: 'CANDLES_LATE' } });
    expect(bench.record.problem!.detail).toContain('no 1m candle of SYN/USD has come since the one that closed at ');
    expect(glance.problem).toMatch(/^CANDLES_LATE: /);
    const { version } = bench.record;
    await bench.run(60_000);
    expect(bench.record.version).toBe(version);
    bench.deps = { ...bench.deps, signals: { wait } };
    await bench.until(4);
    expect(bench.record.problem).toBeNull();
  });

  it('are never late on a market that has a time of its own', async () => {
    const bench = new SessionBench({ bars: 20 });
    const venue = { profile: { id: 'sim', marketTime: 'candles' } };
    bench.deps = { ...bench.deps, venues: { listVenues: async () => [venue as never] } };
    await bench.until(3);
    bench.standStill();
    await bench.run(600_000);
    expect(bench.record.problem).toBeNull();
  });
});
