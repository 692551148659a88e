import type { TrialRows } from '../adapters/ports/optimization-store.ts';
import { createChunkStore } from '../adapters/storage/chunk-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { type Measurement, measurementOf } from './measurement.ts';
import { seriesOf } from './series.ts';

/** As large as the portions of a fast search. */
const PORTION = 4_096;
const PORTIONS = 25;
/** Rows of earlier measurements stay where they are: each run has positions of its own, far beyond those of the job. */
const FIRST_POSITION = 1_000_000_000;

/**
 * How fast one connection stores rows of combinations, transaction by transaction, as a chunk does. Uses the job that was accepted last.
 */
export async function measureRowWriting(
  databaseUrl: string,
  say: (line: string) => void,
  runs: number,
): Promise<Measurement> {
  say('rows-to-postgres');
  const database = openDatabase(databaseUrl, 'tradewind bench');
  try {
    const store = createChunkStore(database);
    const { rows: jobs } = await database.query<{ sequence: number; width: number }>(
      `select sequence, json_array_length(request->'columns') as width from optimizations order by sequence desc limit 1`,
    );
    const job = jobs[0];
    if (job === undefined) throw new Error('there is no job whose rows could be stored');
    const speeds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const from = FIRST_POSITION + run * PORTION * PORTIONS;
      const chunk = { from, to: from + PORTION * PORTIONS };
      const portions = Array.from({ length: PORTIONS }, (_, k) => portionAt(from + k * PORTION, job.width));
      const startedAt = performance.now();
      for (const [k, rows] of portions.entries()) {
        await store.writeRows(job.sequence, chunk, rows, { next: from + (k + 1) * PORTION, busyMs: 0, best: null });
      }
      speeds.push((PORTION * PORTIONS * 1_000) / (performance.now() - startedAt));
    }
    const about = {
      name: 'rows-to-postgres',
      title: `rows of ${job.width} numbers stored by one connection, ${PORTION} a transaction`,
      unit: 'rows/s',
      data: `${PORTION * PORTIONS} rows a run`,
    } as const;
    return measurementOf(about, seriesOf(speeds), runs, []);
  } finally {
    await database.end();
  }
}

function portionAt(first: number, width: number): TrialRows {
  const positions = Float64Array.from({ length: PORTION }, (_, k) => first + k);
  return {
    count: PORTION,
    positions,
    combinations: positions,
    scores: positions.map((position) => Math.sin(position)),
    numbers: Float64Array.from({ length: PORTION * width }, (_, k) => Math.sin(first + k)),
    width,
  };
}
