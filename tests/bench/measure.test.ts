import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDoubles } from '../../bench/bar-folder.ts';
import { measure } from '../../bench/measure.ts';
import type { CaseAnswer, CaseRequest, CaseRunner } from '../../bench/runner.ts';
import type { Workload } from '../../bench/workload.ts';

const WORKLOAD: Workload = {
  name: 'work',
  title: 'some work',
  unit: 'combos/s',
  bars: 'days',
  amount: 10,
  ours: { case: 'ours', options: {} },
  peers: [
    { name: 'quick', case: 'quick', options: {} },
    { name: 'slow', case: 'slow', options: {} },
  ],
  columns: ['value'],
  tolerance: 1e-9,
};

/** What each case answers with. */
type Table = Readonly<Record<string, { readonly value: number; readonly elapsedMs: number } | Error>>;

/** Answers with the results and times of a table, and notes which case was asked to run and whether results were wanted. */
class Scripted implements CaseRunner {
  readonly #table: Table;
  readonly #log: string[];

  constructor(table: Table, log: string[]) {
    this.#table = table;
    this.#log = log;
  }

  async run({ case: name, out }: CaseRequest): Promise<CaseAnswer> {
    const entry = this.#table[name]!;
    if (entry instanceof Error) throw entry;
    this.#log.push(out === undefined ? name : `${name} compared`);
    if (out !== undefined) await writeDoubles(out, Float64Array.of(entry.value));
    return { elapsedMs: entry.elapsedMs, shape: out === undefined ? null : [1, 1], peakBytes: null };
  }
}

describe('measuring a workload', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'tradewind-measure-'));
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true });
  });

  const measured = async (table: Table, hasPeers = true) => {
    const log: string[] = [];
    const runner = new Scripted(table, log);
    const result = await measure(
      WORKLOAD,
      { folder: 'bars', length: 100, data: 'made up' },
      {
        runs: 2,
        ours: runner,
        peers: hasPeers ? runner : null,
        versions: { quick: '1.0', slow: '2.0' },
        scratch,
        say: () => undefined,
      },
    );
    return { result, log };
  };
  const fine = { value: 7, elapsedMs: 1_000 };

  it('compares all results, warms up, and then lets the programs take turns', async () => {
    const { log } = await measured({ ours: fine, quick: fine, slow: fine });
    const firstTimed = log.findIndex((entry) => !entry.endsWith('compared'));
    expect(log.slice(0, firstTimed)).toEqual(['ours compared', 'quick compared', 'ours compared', 'slow compared']);
    expect(log.slice(-6)).toEqual(['ours', 'quick', 'slow', 'ours', 'quick', 'slow']);
    expect(log.slice(firstTimed, -6)).toEqual(['ours', 'ours', 'quick', 'quick', 'slow', 'slow']);
  });

  it('tells the best peer at the top and all of them below', async () => {
    const { result } = await measured({
      ours: fine,
      quick: { value: 7, elapsedMs: 2_000 },
      slow: { value: 7, elapsedMs: 8_000 },
    });
    // 10 combinations in 1, 2 and 8 seconds.
    expect(result).toMatchObject({ runs: 2, median: 10, min: 10, max: 10, ratio: 2 });
    expect(result.peer).toEqual({ name: 'quick', version: '1.0', median: 5 });
    expect(result.parity).toEqual({ rows: 1, maxRelDiff: 0 });
    expect(result.peers.map(({ name, ratio }) => [name, ratio])).toEqual([
      ['quick', 2],
      ['slow', 8],
    ]);
  });

  it('times nothing at all when a peer has other results', async () => {
    const { result, log } = await measured({ ours: fine, quick: fine, slow: { value: 8, elapsedMs: 1 } });
    expect(log.filter((entry) => !entry.endsWith('compared'))).toEqual([]);
    expect(result).toMatchObject({ runs: 0, median: null, min: null, max: null, peer: null, ratio: null });
    expect(result.peers[1]!.parity!.disagreement).toEqual({ row: 0, column: 'value', ours: 7, peer: 8 });
  });

  it('measures beside the others when one peer fails, and says why it is missing', async () => {
    const { result } = await measured({ ours: fine, quick: new Error('out of memory'), slow: fine });
    expect(result.peer!.name).toBe('slow');
    expect(result.peers[0]).toMatchObject({ name: 'quick', median: null, ratio: null, reason: 'out of memory' });
  });

  it('measures ours alone where there are no peers', async () => {
    const { result } = await measured({ ours: fine }, false);
    expect(result).toMatchObject({ runs: 2, median: 10, peer: null, ratio: null, parity: null });
  });
});
