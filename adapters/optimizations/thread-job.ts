import type { Candles } from '../../domain/market/candles.ts';
import type { DayRule } from '../../domain/market/market-days.ts';
import type { OptimizationPlan } from '../../domain/optimization/evaluation/optimization.ts';
import type { OptimizationIdentity } from '../../domain/optimization/job/identity.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { EarlierTrials } from '../../domain/optimization/trials/earlier-trials.ts';
import type { KnownReturns } from '../../domain/optimization/trials/sampled-trials.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { CheckedOptimization, TrialRows } from '../ports/optimization-store.ts';

/** Lines of a strategy by their keys, each in shared memory: one value for each bar. */
export type SharedColumns = ReadonlyMap<string, Float64Array>;

/** What threads work on: it refers to shared memory, so that handing it over copies no bars. */
export interface SharedWork {
  readonly id: string;
  readonly spec: OptimizationSpec;
  readonly plan: OptimizationPlan;
  readonly identity: OptimizationIdentity;
  readonly periodsPerYear: number;
  readonly days?: DayRule | undefined;
  readonly markets: readonly Candles[];
  readonly columns: SharedColumns;
}

interface OnPositions {
  readonly work: SharedWork;
  readonly from: number;
  readonly to: number;
}

/** What a thread is asked to do. */
export type OptimizationThreadJob = {
  /** Memory of a `RunControl`. */
  readonly control: SharedArrayBuffer;
  /** Where stored data sets and rows are; `null` without a stack. */
  readonly databaseUrl: string | null;
} & (
  | { readonly kind: 'check'; readonly spec: OptimizationSpec }
  /** Reads bars into shared memory, or only says what they are. */
  | { readonly kind: 'load'; readonly spec: OptimizationSpec; readonly keep: boolean }
  /** Computes the lines that are missing, at most so many bytes of them. */
  | ({ readonly kind: 'columns'; readonly maxBytes: number } & OnPositions)
  | ({ readonly kind: 'evaluate'; readonly maxColumnBytes: number } & OnPositions)
  /** Daily returns of the trials that are wanted whatever the ranking says: the `from`th to the `to`th of them. */
  | ({ readonly kind: 'returns'; readonly maxColumnBytes: number } & OnPositions)
  | {
      readonly kind: 'conclude';
      readonly work: SharedWork;
      readonly key: number;
      readonly earlierTrials: EarlierTrials;
      readonly returns: readonly KnownReturns[];
      readonly maxColumnBytes: number;
    }
);

/** Bars in shared memory, and what they and the strategy are. */
export interface LoadedData {
  readonly markets: readonly Candles[];
  readonly identity: OptimizationIdentity;
}

/** What it answers. */
export type OptimizationThreadOutcome =
  | { readonly kind: 'check'; readonly checked: CheckedOptimization }
  | { readonly kind: 'load'; readonly loaded: LoadedData }
  | { readonly kind: 'columns'; readonly columns: SharedColumns }
  | { readonly kind: 'evaluate'; readonly rows: TrialRows }
  /** In shared memory. */
  | { readonly kind: 'returns'; readonly returns: KnownReturns }
  | { readonly kind: 'conclude'; readonly result: OptimizationResult }
  | { readonly kind: 'problem'; readonly problem: OptimizationProblem };
