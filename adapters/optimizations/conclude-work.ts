import { concludeOptimization } from '../../domain/optimization/conclude.ts';
import type { PreparedOptimization } from '../../domain/optimization/evaluation/optimization.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { EarlierTrials } from '../../domain/optimization/trials/earlier-trials.ts';
import { MOST_TRIALS, rankTrials } from '../../domain/optimization/trials/ranking.ts';
import { gatheredReturns, type KnownReturns } from '../../domain/optimization/trials/sampled-trials.ts';
import { TrialTable } from '../../domain/optimization/trials/trial-table.ts';
import type { TrialArchive } from '../ports/optimization-store.ts';

/**
 * Judges all rows of a job: reads them once in the order of their positions, ranks them, stores their order, and reads again what the
 * statistics want whole, unless that is all and few enough to have been kept. Daily returns that nobody has computed before are computed here.
 * Throws when rows are missing.
 */
export async function concludeWork(
  prepared: PreparedOptimization,
  key: number,
  earlierTrials: EarlierTrials,
  returns: readonly KnownReturns[],
  archive: TrialArchive,
): Promise<OptimizationResult> {
  const { total } = prepared.plan;
  const width = prepared.columns.length;
  const table = new TrialTable(prepared);
  const positions = new Float64Array(total);
  const all = total <= MOST_TRIALS ? new Float64Array(total * width) : null;
  let count = 0;
  for await (const rows of archive.readRows(key, width)) {
    table.add(rows.combinations, rows.numbers, rows.count);
    positions.set(rows.positions, count);
    all?.set(rows.numbers, count * width);
    count += rows.count;
  }
  if (count !== total) throw new Error(`${count} of ${total} combinations have a row`);
  const ranking = rankTrials(table);
  const order = bestFirst(ranking.scores, table.indices);
  await archive.writeRanks(
    key,
    Float64Array.from(order, (trial) => positions[trial]!),
    Float64Array.from(order, (trial) => ranking.scores[trial]!),
  );
  // Up to so many the ranking wants every trial, in the order of the table.
  const rows = all ?? (await wholeRows(archive, key, width, ranking.rowIndices, table.indices, positions));
  const dailyReturns = gatheredReturns(prepared, ranking.returnIndices, returns);
  return concludeOptimization(prepared, ranking, { rows, earlierTrials, dailyReturns });
}

/** Trials by score, highest first; of equals the lowest number first, those without a score last. */
function bestFirst(scores: Float64Array, combinations: Float64Array): Int32Array {
  const order = Int32Array.from(scores, (_, trial) => trial);
  const place = (trial: number): number => (Number.isNaN(scores[trial]!) ? Number.NEGATIVE_INFINITY : scores[trial]!);
  return order.sort((a, b) => {
    const [ofA, ofB] = [place(a), place(b)];
    return ofA === ofB ? combinations[a]! - combinations[b]! : ofA < ofB ? 1 : -1;
  });
}

/** Whole rows of the wanted combinations, in that order. */
async function wholeRows(
  archive: TrialArchive,
  key: number,
  width: number,
  wanted: Float64Array,
  combinations: Float64Array,
  positions: Float64Array,
): Promise<Float64Array> {
  const places = new Map<number, number>();
  wanted.forEach((combination, place) => places.set(combination, place));
  const at = positions.filter((_, trial) => places.has(combinations[trial]!));
  const whole = new Float64Array(wanted.length * width);
  for await (const rows of archive.readRowsAt(key, width, at)) {
    for (let k = 0; k < rows.count; k += 1) {
      const place = places.get(rows.combinations[k]!)!;
      whole.set(rows.numbers.subarray(k * width, (k + 1) * width), place * width);
    }
  }
  return whole;
}
