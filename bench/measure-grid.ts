import { join } from 'node:path';
import { readDoubles } from './bar-folder.ts';
import type { BarFolder } from './bars.ts';
import type { GridWorkload } from './optimize-workloads.ts';
import { type Measurement, measurementOf, type PeerMeasurement } from './measurement.ts';
import { agrees, compareRows, type Parity, type Rows } from './parity.ts';
import type { Runner } from './runner.ts';
import { seriesOf } from './series.ts';
import type { Workbench } from './workbench.ts';
import { ratioOf } from './workload.ts';

const MEGABYTE = 1e6;

type Bench = Pick<Workbench, 'startOurs' | 'startPeers' | 'versions' | 'scratch' | 'say'>;

interface Run {
  readonly seconds: number;
  readonly megabytes: number | null;
  readonly rows: Rows;
}

interface Side {
  readonly name: string;
  readonly runs: readonly Run[];
  readonly parity: Parity | null;
  readonly failure: string | null;
}

/**
 * A grid whose one run takes seconds or minutes: each run in a new process, which first does a small grid, and gives time, memory and
 * results at once. Figures count only when all results agree. @returns seconds, and beside them peak memory
 */
export async function measureGrid(
  workload: GridWorkload,
  bars: BarFolder,
  bench: Bench,
  runs: number,
): Promise<readonly [Measurement, Measurement]> {
  const own: Run[] = [];
  for (let run = 0; run < runs; run++) {
    bench.say(`${workload.name}: ours`);
    own.push(await oneRun(bench.startOurs(), workload, workload.ours, bars, bench));
  }
  const sides: Side[] = [];
  for (const peer of workload.peers) {
    bench.say(`${workload.name}: ${peer.name}`);
    sides.push(await sideOf(peer, workload, bars, own[0]!.rows, bench, runs));
  }
  const isEqual = sides.every(({ parity }) => parity === null || agrees(parity));
  const about = { name: workload.name, title: workload.title, unit: 's', data: bars.data } as const;
  const ofMemory = {
    ...about,
    name: `${workload.name}-memory`,
    title: `${workload.title}: peak memory of the process`,
    unit: 'MB',
  } as const;
  return [
    told(about, isEqual, own, sides, bench.versions, ({ seconds }) => seconds),
    told(ofMemory, isEqual, own, sides, bench.versions, ({ megabytes }) => megabytes),
  ];
}

async function sideOf(
  peer: GridWorkload['peers'][number],
  workload: GridWorkload,
  bars: BarFolder,
  expected: Rows,
  bench: Bench,
  runs: number,
): Promise<Side> {
  const done: Run[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const runner = bench.startPeers();
      if (runner === null) throw new Error('not installed');
      done.push(await oneRun(runner, workload, peer, bars, bench));
    }
    const parity = compareRows(expected, done[0]!.rows, workload.columns, workload.tolerance);
    return { name: peer.name, runs: done, parity, failure: null };
  } catch (error) {
    return { name: peer.name, runs: [], parity: null, failure: (error as Error).message };
  }
}

async function oneRun(
  runner: Runner,
  { name, first, columns }: GridWorkload,
  { case: case_, options }: GridWorkload['ours'],
  bars: BarFolder,
  { scratch }: Bench,
): Promise<Run> {
  const out = join(scratch, `${name}.f64`);
  try {
    await runner.run({ case: case_, bars: bars.folder, options: { ...options, ...first } });
    const { elapsedMs, peakBytes, shape } = await runner.run({ case: case_, bars: bars.folder, options, out });
    const rows = { columns: shape?.[1] ?? columns.length, values: await readDoubles(out) };
    return { seconds: elapsedMs / 1_000, megabytes: peakBytes === null ? null : peakBytes / MEGABYTE, rows };
  } finally {
    await runner.close();
  }
}

function told(
  about: Pick<Measurement, 'name' | 'title' | 'unit' | 'data'>,
  isEqual: boolean,
  own: readonly Run[],
  sides: readonly Side[],
  versions: Readonly<Record<string, string>>,
  pick: (run: Run) => number | null,
): Measurement {
  const series = (runs: readonly Run[]) => {
    const values = runs.map(pick).filter((value) => value !== null);
    return isEqual && values.length > 0 ? seriesOf(values) : null;
  };
  const ours = series(own);
  const peers = sides.map(({ name, runs, parity, failure }): PeerMeasurement => {
    const theirs = series(runs);
    return {
      name,
      version: versions[name] ?? null,
      median: theirs?.median ?? null,
      min: theirs?.min ?? null,
      max: theirs?.max ?? null,
      ratio: ours === null || theirs === null ? null : ratioOf(about.unit, ours.median, theirs.median),
      parity,
      ...(failure === null ? {} : { reason: failure }),
    };
  });
  return measurementOf(about, ours, own.length, peers);
}
