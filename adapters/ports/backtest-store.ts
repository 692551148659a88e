import type { LookAheadCheck } from '../../domain/backtest/analysis/look-ahead-check.ts';
import type { WarmUpCheck } from '../../domain/backtest/analysis/warm-up-check.ts';
import type { BacktestProgress, BacktestStatus } from '../../domain/backtest/commands.ts';
import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { IdempotencyClaim } from './execution-store.ts';

/** One backtest as the platform knows it. */
export interface BacktestRecord {
  readonly id: string;
  readonly workflowId: string;
  readonly owner: string;
  readonly request: BacktestRequest;
  /** What a person calls strategy and data: `sma-cross`, `BTC-PERP`. */
  readonly strategy: string;
  readonly symbol: string;
  readonly status: BacktestStatus;
  readonly progress: BacktestProgress;
  /** Why it has no result. */
  readonly problem: BacktestProblem | null;
  readonly result: BacktestResult | null;
  readonly createdAt: EpochMs;
  /** When a worker first took it; `null` before. */
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
}

export type NewBacktest = Pick<BacktestRecord, 'id' | 'workflowId' | 'owner' | 'request' | 'strategy' | 'symbol'>;

export type BacktestAcceptance =
  | { readonly kind: 'accepted' | 'known'; readonly backtest: BacktestRecord }
  /** The same owner used that key for another body. */
  | { readonly kind: 'key-reused' };

export interface BacktestFilter {
  readonly status?: BacktestStatus;
  readonly strategy?: string;
  readonly symbol?: string;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

/** Kinds of what a run leaves beside its result, in numbered pieces. */
export type PartKind = 'trades' | 'equity' | 'report';

/** One piece of it, gzip. What is in it is a matter of whoever writes and reads it. */
export interface BacktestPart {
  readonly kind: PartKind;
  /** From 0. */
  readonly number: number;
  readonly content: Uint8Array;
}

/** Backtests, what became of them, and what they left. */
export interface BacktestStore {
  /** Stores backtest and idempotency row in one transaction, or says what the key already stands for. */
  accept(backtest: NewBacktest, claim: IdempotencyClaim | null): Promise<BacktestAcceptance>;
  /** Accepted backtests whose workflow has not been seen to start. */
  notStarted(): Promise<readonly BacktestRecord[]>;
  markStarted(id: string): Promise<void>;
  findBacktest(id: string): Promise<BacktestRecord | null>;
  /** Newest first. */
  listBacktests(
    filter: BacktestFilter,
  ): Promise<{ readonly items: readonly BacktestRecord[]; readonly next: string | null }>;
  /** A worker has taken it and begins anew. Does nothing once it has ended. */
  recordStart(id: string): Promise<void>;
  recordProgress(id: string, progress: BacktestProgress): Promise<void>;
  /** Stores result and parts in one transaction, once: whatever ended first stands. */
  recordResult(id: string, result: BacktestResult, parts: readonly BacktestPart[]): Promise<void>;
  /** Ends it without a result, unless it has ended. */
  recordEnd(id: string, status: 'cancelled' | 'failed', problem: BacktestProblem | null): Promise<void>;
  /** `null` when there is no such part. */
  findPart(id: string, kind: PartKind, number: number): Promise<Uint8Array | null>;
}

/** What a run gave. */
export interface BacktestOutput {
  readonly result: BacktestResult;
  readonly parts: readonly BacktestPart[];
}

export interface RunOptions {
  /** Ends the run soon; it then throws the signal's reason. */
  readonly cancel: AbortSignal;
  readonly onProgress?: (progress: BacktestProgress) => void;
}

/** Runs backtests apart from the thread that asks, whatever a user's strategy does. */
export interface BacktestRunner {
  /** Throws `BacktestFailure` when trying again would not help. */
  run(request: BacktestRequest, options: RunOptions): Promise<BacktestOutput>;
  /** Everything that can be said against a request before it runs. Throws `BacktestFailure`. */
  check(request: BacktestRequest): Promise<BacktestCheck>;
  close(): Promise<void>;
}

/** What the run of a strategy on data that end early, and on data that begin later, has shown. */
export interface StrategyCheck {
  /** What a person calls it. */
  readonly strategy: string;
  readonly lookAhead: LookAheadCheck;
  readonly warmUp: WarmUpCheck;
}

/** Looks for strategies that know the future, apart from the thread that asks. */
export interface StrategyChecker {
  /** Throws `BacktestFailure` for what a run would fail of, too. */
  checkStrategy(request: BacktestRequest, options: RunOptions): Promise<StrategyCheck>;
}

/** What a check found about a request that can be run. */
export interface BacktestCheck {
  /** Symbols of the data, in the order of the spec. */
  readonly symbols: readonly string[];
}
