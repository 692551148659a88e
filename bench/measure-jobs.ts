import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeBarFile } from './bar-file.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import { measureRowWriting } from './measure-row-writing.ts';
import { searchSpec, THREADS } from './optimize-workloads.ts';
import type { CaseRunner } from './runner.ts';
import { seriesOf } from './series.ts';
import { type BenchStack, withStack } from './stack.ts';
import type { Workbench } from './workbench.ts';

const BARS = 60_000;
const TINY = { fast: 4, slow: 4 };
/** For a first idea of the speed, and for compilers. */
const TRIAL = { fast: 100, slow: 80 };
/** Between the least time that the large search shall take and what a busy machine makes of it. */
const TARGET_SECONDS = 75;
const LEAST_SECONDS = 60;
/** Of what takes no time at all. */
const LEAST_SHORT_RUNS = 3;
const POLL_MS = 20;

/** A job beside the same work without Temporal and Postgres. */
interface JobMeasurement extends Measurement {
  readonly combinations: number;
  /** From the request to the last row. */
  readonly jobSeconds: number;
  readonly directSeconds: number;
  /** From the last row to the verdict, which the direct call does not make. */
  readonly judgementSeconds: number;
}

interface View {
  readonly id: string;
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly problem: unknown;
}

interface Figures {
  readonly combinations: number;
  readonly jobSeconds: number;
  readonly directSeconds: number;
  readonly judgementSeconds: number;
}

export const JOB_PARTS = ['job-overhead', 'tiny-job', 'rows-to-postgres'] as const;
export type JobPart = (typeof JOB_PARTS)[number];

/** What it costs that a search is a job: a long one and a tiny one, and how fast rows are stored. All on one stack of its own. */
export async function measureJobs(
  workbench: Workbench,
  runs: number,
  parts: readonly JobPart[],
): Promise<readonly Measurement[]> {
  const { scratch, say } = workbench;
  const file = join(scratch, 'jobs.csv');
  const data = await writeBarFile(file, BARS, '1m');
  const { folder } = await workbench.bars.folderOf('days');
  const direct = async (spec: Record<string, unknown>): Promise<number> => {
    const runner: CaseRunner & { close(): Promise<void> } = workbench.startOurs();
    try {
      const options = { spec, threads: THREADS };
      return (await runner.run({ case: 'search-evaluated', bars: folder, options })).elapsedMs / 1_000;
    } finally {
      await runner.close();
    }
  };
  return withStack({ threads: THREADS }, say, async (stack) => {
    const measured = async (name: string, size: { fast: number; slow: number }, times: number): Promise<Figures[]> => {
      const spec = searchSpec(file, '1m', size);
      const figures: Figures[] = [];
      for (let run = 0; run < times; run++) {
        say(`${name}: directly`);
        const directSeconds = await direct(spec);
        say(`${name}: ${directSeconds.toFixed(2)} s; as a job`);
        figures.push({ combinations: size.fast * size.slow, directSeconds, ...(await asJob(stack, spec)) });
      }
      return figures;
    };
    // The first job also loads the worker's code.
    await asJob(stack, searchSpec(file, '1m', TINY));
    const shortRuns = Math.max(LEAST_SHORT_RUNS, runs);
    const measurements: Measurement[] = [];
    if (parts.includes('job-overhead')) {
      const trial = await direct(searchSpec(file, '1m', TRIAL));
      const slow = Math.ceil((TRIAL.slow * TARGET_SECONDS) / trial);
      const long = await measured('job-overhead', { fast: TRIAL.fast, slow }, runs);
      const least = Math.min(...long.map(({ directSeconds }) => directSeconds));
      if (least < LEAST_SECONDS) say(`job-overhead: the search took only ${least.toFixed(1)} s`);
      measurements.push(
        told('job-overhead', 'a search as a job, rows stored, beside the same directly', '%', data, long),
      );
    }
    if (parts.includes('tiny-job')) {
      const title = `a search of ${TINY.fast * TINY.slow} combinations as a job: what it takes longer than directly`;
      measurements.push(told('tiny-job', title, 'ms', data, await measured('tiny-job', TINY, shortRuns)));
    }
    if (parts.includes('rows-to-postgres')) {
      measurements.push(await measureRowWriting(stack.databaseUrl, say, shortRuns));
    }
    return measurements;
  });
}

/** Seconds of a job until its last row, and from there to its verdict. */
async function asJob(
  { client }: BenchStack,
  spec: Record<string, unknown>,
): Promise<Pick<Figures, 'jobSeconds' | 'judgementSeconds'>> {
  const startedAt = performance.now();
  const { id } = await client.post<{ id: string }>('/v1/optimizations', spec);
  let lastRowAt: number | null = null;
  for (;;) {
    const view = await client.get<View>(`/v1/optimizations/${encodeURIComponent(id)}`);
    const now = performance.now();
    if (view.done === view.total) lastRowAt ??= now;
    if (view.status === 'completed') {
      lastRowAt ??= now;
      return { jobSeconds: (lastRowAt - startedAt) / 1_000, judgementSeconds: (now - lastRowAt) / 1_000 };
    }
    if (view.status === 'failed' || view.status === 'cancelled') {
      throw new Error(`the search is ${view.status}: ${JSON.stringify(view.problem)}`);
    }
    await delay(POLL_MS);
  }
}

function told(
  name: string,
  title: string,
  unit: '%' | 'ms',
  data: string,
  figures: readonly Figures[],
): JobMeasurement {
  const overhead = ({ jobSeconds, directSeconds }: Figures): number =>
    unit === '%' ? (jobSeconds / directSeconds - 1) * 100 : (jobSeconds - directSeconds) * 1_000;
  const middle = (pick: (each: Figures) => number): number => seriesOf(figures.map(pick)).median;
  return {
    ...measurementOf({ name, title, unit, data }, seriesOf(figures.map(overhead)), figures.length, []),
    combinations: figures[0]!.combinations,
    jobSeconds: middle(({ jobSeconds }) => jobSeconds),
    directSeconds: middle(({ directSeconds }) => directSeconds),
    judgementSeconds: middle(({ judgementSeconds }) => judgementSeconds),
  };
}
