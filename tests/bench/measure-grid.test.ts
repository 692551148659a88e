import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDoubles } from '../../bench/bar-folder.ts';
import { measureGrid } from '../../bench/measure-grid.ts';
import type { GridWorkload } from '../../bench/optimize-workloads.ts';
import type { Runner } from '../../bench/runner.ts';

const WORKLOAD: GridWorkload = {
  name: 'grid',
  title: 'a grid',
  unit: 's',
  bars: 'days',
  amount: 1,
  ours: { case: 'ours', options: { size: 10 } },
  peers: [{ name: 'peer', case: 'peer', options: { size: 10 } }],
  columns: ['value'],
  tolerance: 1e-9,
  first: { size: 1 },
};

describe('measuring a grid', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'tradewind-measure-grid-'));
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true });
  });

  /** Ours takes 2 s and 100 MB, the peer 6 s and 400 MB. */
  const measured = async (peerValue: number | Error, runs = 1) => {
    const log: string[] = [];
    const runner = (value: number | Error, elapsedMs: number, peakBytes: number) =>
      ({
        run: async ({ case: name, options, out }: Parameters<Runner['run']>[0]) => {
          log.push(`${name} ${String(options['size'])}`);
          if (value instanceof Error) throw value;
          if (out !== undefined) await writeDoubles(out, Float64Array.of(value));
          return { elapsedMs, peakBytes, shape: out === undefined ? null : [1, 1] };
        },
        close: async () => void (await Promise.resolve(log.push('closed'))),
      }) as unknown as Runner;
    const bench = {
      startOurs: () => runner(1, 2_000, 100e6),
      startPeers: () => runner(peerValue, 6_000, 400e6),
      versions: { peer: '1.0' },
      scratch,
      say: () => undefined,
    };
    const bars = { folder: scratch, length: 100, data: 'bars' };
    return { log, measurements: await measureGrid(WORKLOAD, bars, bench, runs) };
  };

  it('tells time and memory of the same runs, each in a process that has done a small grid', async () => {
    const { log, measurements } = await measured(1);
    expect(log).toEqual(['ours 1', 'ours 10', 'closed', 'peer 1', 'peer 10', 'closed']);
    expect(measurements).toMatchObject([
      { name: 'grid', unit: 's', median: 2, ratio: 3, peer: { name: 'peer', version: '1.0', median: 6 } },
      { name: 'grid-memory', unit: 'MB', median: 100, ratio: 4, peer: { median: 400 } },
    ]);
  });

  it('tells no figures when results disagree', async () => {
    const { measurements } = await measured(2);
    for (const each of measurements) {
      expect(each).toMatchObject({ median: null, ratio: null, peer: null });
      expect(each.peers[0]!.parity!.disagreement).toEqual({ row: 0, column: 'value', ours: 1, peer: 2 });
    }
  });

  it('measures ours alone when a peer fails, and ends its process', async () => {
    const { log, measurements } = await measured(new Error('no memory'));
    expect(log.at(-1)).toBe('closed');
    expect(measurements[0]).toMatchObject({ median: 2, peer: null, peers: [{ reason: 'no memory', parity: null }] });
  });
});
