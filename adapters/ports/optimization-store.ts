import type { OptimizationPlan } from '../../domain/optimization/evaluation/optimization.ts';
import type { BestTrial, OptimizationStatus, PositionRange } from '../../domain/optimization/job/commands.ts';
import type { OptimizationIdentity } from '../../domain/optimization/job/identity.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { EarlierTrials } from '../../domain/optimization/trials/earlier-trials.ts';
import type { SearchedMarket } from '../../domain/optimization/trials/searched-market.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { DayRule } from '../../domain/market/market-days.ts';
import type { IdempotencyClaim } from './execution-store.ts';

/** From 1, the most urgent, to 5. */
export type JobPriority = 1 | 2 | 3 | 4 | 5;

/** Everything that the rows of a job are made from, fixed when it was accepted. */
export interface OptimizationRequest {
  readonly spec: OptimizationSpec;
  readonly plan: OptimizationPlan;
  readonly identity: OptimizationIdentity;
  /** Returns in a year: of days, or of bars longer than a day. */
  readonly periodsPerYear: number;
  /** Where days begin; UTC days when absent. */
  readonly days?: DayRule | undefined;
  /** Names of the numbers of a row. */
  readonly columns: readonly string[];
  readonly priority: JobPriority;
}

/** How far a job is. */
export interface OptimizationProgress {
  /** Combinations that have their row. */
  readonly done: number;
  /** Combinations a second by now; `null` while nobody works on it. */
  readonly rate: number | null;
  readonly best: BestTrial | null;
}

/** One optimisation as the platform knows it. */
export interface OptimizationRecord {
  readonly id: string;
  /** What its rows are stored under. */
  readonly key: number;
  readonly workflowId: string;
  readonly owner: string;
  readonly request: OptimizationRequest;
  /** What a person calls strategy and data: `sma-cross`, `BTC-PERP`. */
  readonly strategy: string;
  readonly symbol: string;
  readonly total: number;
  readonly status: OptimizationStatus;
  /** Times that it was begun: a failed one can be resumed. */
  readonly runs: number;
  readonly progress: OptimizationProgress;
  readonly problem: OptimizationProblem | null;
  readonly result: OptimizationResult | null;
  readonly createdAt: EpochMs;
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
}

export interface NewOptimization {
  readonly id: string;
  readonly workflowId: string;
  readonly owner: string;
  readonly request: OptimizationRequest;
  readonly strategy: string;
  readonly symbol: string;
  /** One hash over all its bars. */
  readonly dataHash: string;
  /** What it looks at, symbol by symbol: how other jobs on the same markets find it. */
  readonly markets: readonly SearchedMarket[];
}

export type OptimizationAcceptance =
  | { readonly kind: 'accepted' | 'known'; readonly optimization: OptimizationRecord }
  /** The same owner used that key for another body. */
  | { readonly kind: 'key-reused' };

export interface OptimizationFilter {
  readonly status?: OptimizationStatus;
  readonly strategy?: string;
  readonly symbol?: string;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

/** Rows of combinations, in the order of their positions. */
export interface TrialRows {
  readonly count: number;
  readonly positions: Float64Array;
  /** Numbers of the combinations. */
  readonly combinations: Float64Array;
  /** Scores by themselves; NaN where there is none. */
  readonly scores: Float64Array;
  /** `width` numbers for each. */
  readonly numbers: Float64Array;
  readonly width: number;
}

/** One row for people. */
export interface ResultRow {
  readonly position: number;
  readonly combination: number;
  /** By which it is ranked; before the job is concluded its own. */
  readonly score: number | null;
  /** From 1; `null` before the job is concluded. */
  readonly rank: number | null;
  readonly numbers: Float64Array;
}

export interface ResultPage {
  readonly sort: 'score' | 'position';
  readonly cursor?: string;
  readonly limit: number;
}

/** The part of the store that the work on chunks needs. */
export interface ChunkStore {
  /** Ranges of positions whose rows are all there; they may touch and overlap. */
  coveredRanges(key: number): Promise<readonly PositionRange[]>;
  /**
   * Stores rows of a chunk, and that every position before `next` has its row: in one transaction. Rows that are there stay as they are.
   */
  writeRows(key: number, chunk: PositionRange, rows: TrialRows, state: ChunkState): Promise<void>;
  progressOf(key: number): Promise<OptimizationProgress>;
}

export interface ChunkState {
  readonly next: number;
  /** Time that a thread worked on these rows. */
  readonly busyMs: number;
  /** The best of these rows. */
  readonly best: BestTrial | null;
}

/** Optimisations, their rows, and what came of them. */
export interface OptimizationStore extends ChunkStore {
  /** Stores job and idempotency row in one transaction, or says what the key already stands for. */
  accept(optimization: NewOptimization, claim: IdempotencyClaim | null): Promise<OptimizationAcceptance>;
  /** Accepted jobs whose workflow has not been seen to start. */
  notStarted(): Promise<readonly OptimizationRecord[]>;
  markStarted(id: string): Promise<void>;
  findOptimization(id: string): Promise<OptimizationRecord | null>;
  /** Newest first. */
  listOptimizations(
    filter: OptimizationFilter,
  ): Promise<{ readonly items: readonly OptimizationRecord[]; readonly next: string | null }>;
  /** Does nothing once it has ended. */
  recordStatus(id: string, status: 'running' | 'paused'): Promise<void>;
  /** Stores the result, once: whatever ended first stands. */
  recordResult(id: string, result: OptimizationResult): Promise<void>;
  /** Ends it without a result, unless it has ended. */
  recordEnd(id: string, status: 'cancelled' | 'failed', problem: OptimizationProblem | null): Promise<void>;
  /** Makes a failed job one that waits for its start again. @returns whether it was a failed one */
  reopen(id: string): Promise<boolean>;
  /**
   * Combinations that other jobs have tried by now on one of its markets, in a time that overlaps with its own: whatever became of those jobs,
   * and whatever their bars were. A market is the same by its symbol, by the hash of all bars, or by the last prices of its days.
   */
  earlierTrials(id: string): Promise<EarlierTrials>;
  resultRows(
    key: number,
    page: ResultPage,
  ): Promise<{ readonly items: readonly ResultRow[]; readonly next: string | null }>;
  findRow(key: number, position: number): Promise<ResultRow | null>;
}

/** Bulk access of whoever judges a job: all rows in, their order out. */
export interface TrialArchive {
  /** All rows in the order of their positions, in portions. */
  readRows(key: number, width: number): AsyncIterable<TrialRows>;
  /** The rows at these positions, rising, in portions. */
  readRowsAt(key: number, width: number, positions: Float64Array): AsyncIterable<TrialRows>;
  /** Some numbers of all rows, by their places in a row, in the order of their positions, in portions. */
  readNumbers(key: number, places: readonly number[]): AsyncIterable<TrialRows>;
  /** Replaces the order of a job: positions from the first rank on, with their scores. */
  writeRanks(key: number, positions: Float64Array, scores: Float64Array): Promise<void>;
}

export interface WorkOptions {
  /** Ends the work soon; it then throws the signal's reason. */
  readonly cancel: AbortSignal;
}

/** Computes for optimisations apart from the thread that asks, whatever a user's strategy does. Throws `OptimizationFailure` when trying
 * again would not help. */
export interface OptimizationRunner {
  /** Everything that can be said against a spec before it runs; and what it comes to. Planning that takes too long is given up. */
  check(spec: OptimizationSpec, options?: WorkOptions): Promise<CheckedOptimization>;
  /** Whether data, engine, strategy and seed are still those of the request. */
  checkIdentity(request: OptimizationRequest): Promise<void>;
  /** Evaluates positions in small portions, in their order; each is told with the time that it took, and waited for. */
  evaluate(job: OptimizationJob, range: PositionRange, options: EvaluateOptions): Promise<void>;
  /** Judges all rows of a job, and stores their order. */
  conclude(
    job: OptimizationJob,
    options: WorkOptions & { readonly earlierTrials: EarlierTrials },
  ): Promise<OptimizationResult>;
  close(): Promise<void>;
}

export type OptimizationJob = Pick<OptimizationRecord, 'id' | 'key' | 'request'>;

export interface EvaluateOptions extends WorkOptions {
  /** Told in order, never twice at once. */
  readonly onRows: (rows: TrialRows, portion: { readonly next: number; readonly busyMs: number }) => Promise<void>;
}

export interface CheckedOptimization extends Omit<OptimizationRequest, 'priority'> {
  /** Symbols of the data, in the order of the spec. */
  readonly symbols: readonly string[];
  readonly dataHash: string;
  readonly markets: readonly SearchedMarket[];
}
