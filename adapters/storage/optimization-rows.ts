import type { OptimizationStatus } from '../../domain/optimization/job/commands.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type {
  OptimizationProgress,
  OptimizationRecord,
  OptimizationRequest,
  ResultRow,
} from '../ports/optimization-store.ts';
import { numbersOf } from './optimization-copy.ts';
import { epochMs, epochMsOrNull } from './rows.ts';

/** What the chunks of a job come to, as a row. */
export interface ProgressRow {
  done: number;
  busy_ms: number;
  /** Chunks that are being worked on by now. */
  active: number;
  best_position: number | null;
  best_score: number | null;
}

export interface OptimizationRow extends ProgressRow {
  sequence: number;
  id: string;
  workflow_id: string;
  owner: string;
  request: OptimizationRequest;
  strategy: string;
  symbol: string;
  total: number;
  status: OptimizationStatus;
  runs: number;
  problem: OptimizationProblem | null;
  result: OptimizationResult | null;
  started_at: Date | null;
  ended_at: Date | null;
  created_at: Date;
}

/** A worker stores rows about every second: a chunk without news for so long is worked on by nobody. */
const NEWS_WITHIN = "interval '10 seconds'";
/** A chunk that was finished a moment ago has a successor that has not said anything yet. */
const SUCCEEDED_WITHIN = "interval '3 seconds'";

/** Sums over the chunks of the job whose key the expression gives. */
export function progressOfKey(key: string): string {
  return `select coalesce(sum(rows), 0)::bigint as done, coalesce(sum(busy_ms), 0) as busy_ms,
      greatest(
        count(*) filter (where next_position < to_position and updated_at > now() - ${NEWS_WITHIN}),
        least(1, count(*) filter (where updated_at > now() - ${SUCCEEDED_WITHIN}))
      ) as active,
      (array_agg(best_position order by best_score desc, best_position) filter (where best_score is not null))[1] as best_position,
      max(best_score) as best_score
    from optimization_chunks where optimization = ${key}`;
}

export function progressOf(row: ProgressRow): OptimizationProgress {
  const isWorkedOn = row.active > 0 && row.busy_ms > 0;
  return {
    done: row.done,
    rate: isWorkedOn ? (row.done / row.busy_ms) * 1_000 * row.active : null,
    best: row.best_position === null ? null : { position: row.best_position, score: row.best_score! },
  };
}

export function optimizationOf(row: OptimizationRow): OptimizationRecord {
  const progress = progressOf(row);
  return {
    id: row.id,
    key: row.sequence,
    workflowId: row.workflow_id,
    owner: row.owner,
    request: row.request,
    strategy: row.strategy,
    symbol: row.symbol,
    total: row.total,
    status: row.status,
    runs: row.runs,
    progress: row.status === 'running' ? progress : { ...progress, rate: null },
    problem: row.problem,
    result: row.result,
    createdAt: epochMs(row.created_at),
    startedAt: epochMsOrNull(row.started_at),
    endedAt: epochMsOrNull(row.ended_at),
  };
}

export interface TrialRow {
  position: number;
  combination: number;
  score: number | null;
  rank: number | null;
  numbers: Buffer;
}

export function resultRowOf({ numbers, ...row }: TrialRow): ResultRow {
  return { ...row, numbers: numbersOf(numbers) };
}
