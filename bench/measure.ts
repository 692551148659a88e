import { join } from 'node:path';
import { readDoubles } from './bar-folder.ts';
import type { BarFolder } from './bars.ts';
import { type Measurement, measurementOf, type PeerMeasurement } from './measurement.ts';
import { agrees, compareRows, type Parity, type Rows } from './parity.ts';
import type { CaseRequest, CaseRunner } from './runner.ts';
import { seriesOf } from './series.ts';
import { figureOf, type PeerCase, ratioOf, type Workload } from './workload.ts';

/** Runs that are not counted, besides the one that is compared: until compilers have settled. */
const WARM_UP = { leastRuns: 2, mostRuns: 40, ms: 2_000 };

export interface MeasureOptions {
  readonly runs: number;
  readonly ours: CaseRunner;
  /** `null` where there are no peers. */
  readonly peers: CaseRunner | null;
  readonly versions: Readonly<Record<string, string>>;
  /** For results, which are compared and forgotten. */
  readonly scratch: string;
  readonly say: (line: string) => void;
}

interface Side {
  readonly peer: PeerCase;
  readonly request: CaseRequest;
  readonly parity: Parity | null;
  readonly failure: string | null;
}

/**
 * Measures one workload: first the results of every peer are compared with ours, and only when all that could be had agree is anything
 * timed; then ours and the peers take turns.
 */
export async function measure(workload: Workload, bars: BarFolder, options: MeasureOptions): Promise<Measurement> {
  const { ours, say, runs } = options;
  const own: CaseRequest = { ...workload.ours, bars: bars.folder };
  say(`${workload.name}: comparing results`);
  const sides = await comparedPeers(workload, own, options);
  const about = { name: workload.name, title: workload.title, unit: workload.unit, data: bars.data };
  const peersWithout = (): PeerMeasurement[] => sides.map((side) => untimed(side, options.versions));
  if (sides.some(({ parity }) => parity !== null && !agrees(parity))) {
    return measurementOf(about, null, 0, peersWithout());
  }

  say(`${workload.name}: ${runs} runs`);
  const present = sides.filter(({ failure }) => failure === null);
  await warmUp(ours, own);
  for (const { request } of present) await warmUp(options.peers!, request);
  const mine: number[] = [];
  const theirs = present.map((): number[] => []);
  for (let run = 0; run < runs; run++) {
    mine.push(figureOf(workload, (await ours.run(own)).elapsedMs, bars.length));
    for (const [k, { request }] of present.entries()) {
      theirs[k]!.push(figureOf(workload, (await options.peers!.run(request)).elapsedMs, bars.length));
    }
  }
  const series = seriesOf(mine);
  const peers = sides.map((side): PeerMeasurement => {
    const place = present.indexOf(side);
    if (place < 0) return untimed(side, options.versions);
    const figures = seriesOf(theirs[place]!);
    const ratio = ratioOf(workload.unit, series.median, figures.median);
    return { ...untimed(side, options.versions), ...figures, ratio };
  });
  return measurementOf(about, series, runs, peers);
}

/** Runs a case until it is as fast as it gets. */
export async function warmUp(runner: CaseRunner, request: CaseRequest): Promise<void> {
  let elapsedMs = 0;
  for (let run = 0; run < WARM_UP.mostRuns && (run < WARM_UP.leastRuns || elapsedMs < WARM_UP.ms); run++) {
    elapsedMs += (await runner.run(request)).elapsedMs;
  }
}

/** The peers one after another, each with how its results compare. A peer that fails does so alone. */
async function comparedPeers(
  workload: Workload,
  own: CaseRequest,
  { ours, peers, scratch, say }: MeasureOptions,
): Promise<readonly Side[]> {
  const sides: Side[] = [];
  for (const peer of workload.peers) {
    const request: CaseRequest = { case: peer.case, bars: own.bars, options: peer.options };
    if (peers === null) {
      sides.push({ peer, request, parity: null, failure: 'not installed' });
      continue;
    }
    const compared = { ...own, options: peer.comparedWith ?? own.options };
    const expected = await resultOf(ours, compared, join(scratch, 'ours.f64'));
    try {
      const actual = await resultOf(peers, request, join(scratch, 'peer.f64'));
      const skip = workload.skipRows ?? 0;
      const parity = compareRows(after(expected, skip), after(actual, skip), workload.columns, workload.tolerance);
      sides.push({ peer, request, parity, failure: null });
    } catch (error) {
      const failure = (error as Error).message;
      say(`${workload.name}: ${peer.name} failed: ${failure}`);
      sides.push({ peer, request, parity: null, failure });
    }
  }
  return sides;
}

function after({ columns, values }: Rows, rows: number): Rows {
  return { columns, values: values.subarray(rows * columns) };
}

async function resultOf(runner: CaseRunner, request: CaseRequest, out: string): Promise<Rows> {
  const { shape } = await runner.run({ ...request, out });
  if (shape === null) throw new Error(`${request.case} gave no results`);
  return { columns: shape[1], values: await readDoubles(out) };
}

function untimed({ peer, parity, failure }: Side, versions: Readonly<Record<string, string>>): PeerMeasurement {
  return {
    name: peer.name,
    version: versions[peer.name] ?? null,
    median: null,
    min: null,
    max: null,
    ratio: null,
    parity,
    ...(failure === null ? {} : { reason: failure }),
  };
}
