import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { ExecutionPlan } from './plan.ts';

/** How an execution stands. The last four are final. */
export type ExecutionStatus = 'running' | 'paused' | 'completed' | 'cancelled' | 'expired' | 'failed';
export type FinalStatus = Exclude<ExecutionStatus, 'running' | 'paused'>;

/** Whether that status can still change. */
export function isFinal(status: ExecutionStatus): status is FinalStatus {
  return status !== 'running' && status !== 'paused';
}

/** Why something did not happen: a stable code and a sentence with the numbers. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

/** Asks for all of one child order: decide, gate, record, send once, resolve, await its end, store its fills. */
export interface ChildCommand {
  readonly plan: ExecutionPlan;
  /** The slice that is worked, from 1. */
  readonly slice: number;
  /** The slice's number, or above the last one's for a further try; with `attempt` and the execution id it names the order for ever. */
  readonly child: number;
  readonly attempt: number;
  readonly dueAt: EpochMs;
  readonly target: Decimal;
  readonly previousTarget: Decimal;
  readonly finalTarget: Decimal;
  /** The order is never sent after this instant. */
  readonly notAfter: EpochMs;
}

/**
 * What became of a child:
 * `filled` | `partially-filled`: it traded; `expired`: it was accepted and ended without a trade, or its time had passed before
 * it was sent; `refused`: the venue or the gate said no; `not-placed`: it surely never reached the book; `carried`: nothing was to be sent.
 */
export type ChildResult = 'filled' | 'partially-filled' | 'expired' | 'refused' | 'not-placed' | 'carried';

export interface ChildOutcome {
  readonly result: ChildResult;
  /** Filled so far over the whole execution, in base: the order ledger's sum, not a running count. */
  readonly totalFilled: Decimal;
  readonly problem: Problem | null;
  /** Whether asking again later can help (`false` after e.g. a refusal that will repeat). */
  readonly retryable: boolean;
}

export interface CloseCommand {
  readonly plan: ExecutionPlan;
  readonly status: FinalStatus;
  readonly problem: Problem | null;
}

export interface CloseResult {
  readonly filled: Decimal;
  readonly residual: Decimal;
  /** Whether the market's own figures over the execution are in; if not, measuring may be tried again. */
  readonly marketMeasured: boolean;
}

/** Activities on the queue of a venue account. */
export interface VenueActivities {
  executeChild(command: ChildCommand): Promise<ChildOutcome>;
  /** Stores the final status, the mid at the end and the market's figures over the execution. */
  closeExecution(command: CloseCommand): Promise<CloseResult>;
  /** Measures the market's figures once more; throws while they cannot be had. */
  measureMarket(command: { readonly plan: ExecutionPlan }): Promise<void>;
}

/** Activities on the queue `trading`: storage only. */
export interface TradingActivities {
  recordStatus(command: { readonly executionId: string; readonly status: 'running' | 'paused' }): Promise<void>;
}

/** The task queue of one venue account. */
export function venueQueue(venue: string): string {
  return `venue-${venue}`;
}
