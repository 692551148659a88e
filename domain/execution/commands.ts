import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { ChildRole } from './algorithm.ts';
import type { Amendment } from './amendment.ts';
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
  /** The plan as amended. */
  readonly plan: ExecutionPlan;
  /** Number of the amendment that the plan has, 0 before the first: a child that was decided on an older plan is not sent. */
  readonly amendment: number;
  /** The slice that is worked, from 1. */
  readonly slice: number;
  /** Rises through the execution's children; with `attempt` and the execution id it names the order for ever. */
  readonly child: number;
  readonly attempt: number;
  /** A `maker` waits at the touch until `notAfter` and is cancelled then. */
  readonly role: ChildRole;
  readonly dueAt: EpochMs;
  /** From this slice to the next: the time over which the market's volume bounds it. */
  readonly intervalMs: DurationMs;
  readonly target: Decimal;
  readonly previousTarget: Decimal;
  readonly finalTarget: Decimal;
  /** The order is never sent after this instant. */
  readonly notAfter: EpochMs;
}

/** The same as 0.2 asked for it: one that was under way then is tried again as it is. */
export type EarlierChildCommand = Omit<ChildCommand, 'amendment' | 'role' | 'intervalMs'>;

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

/** The end of an execution, known before anybody is asked about the market. */
export interface EndCommand {
  readonly executionId: string;
  readonly status: FinalStatus;
  readonly problem: Problem | null;
}

/** In base; dust is part of the residual. */
export interface EndResult {
  readonly filled: Decimal;
  readonly residual: Decimal;
}

export interface CloseResult {
  /** Whether the market's own figures over the execution are in; if not, measuring may be tried again. */
  readonly marketMeasured: boolean;
}

/** An execution that began to close under 0.2 has its end stored by the activity that asks about the market. */
export interface EarlierCloseCommand extends Omit<EndCommand, 'executionId'> {
  readonly plan: ExecutionPlan;
}
export type EarlierCloseResult = CloseResult & EndResult;

/** Activities on the queue of a venue account. */
export interface VenueActivities {
  executeChild(command: ChildCommand): Promise<ChildOutcome>;
  /** Adds to an ended execution the mid at its end and the market's figures over it. */
  closeExecution(
    command: { readonly plan: ExecutionPlan } | EarlierCloseCommand,
  ): Promise<CloseResult | EarlierCloseResult>;
  /** Measures the market's figures once more; throws while they cannot be had. */
  measureMarket(command: { readonly plan: ExecutionPlan }): Promise<void>;
}

export interface AmendCommand {
  readonly executionId: string;
  readonly amendment: Amendment;
}

/** Whether an amendment holds. It is refused when orders that have filled or may still fill come to more than its quantity. */
export type AmendResult = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/** Activities on the queue `trading`: storage only. */
export interface TradingActivities {
  recordStatus(command: { readonly executionId: string; readonly status: 'running' | 'paused' }): Promise<void>;
  recordAmendment(command: AmendCommand): Promise<AmendResult>;
  /** Asks whoever works that child to take its order back: it ends with what it has traded by then. */
  withdrawChild(command: { readonly executionId: string; readonly child: number }): Promise<void>;
  /** Stores the final status. Needs no venue, so that an execution whose venue is away is not said to run. */
  recordEnd(command: EndCommand): Promise<EndResult>;
}

/** The task queue of one venue account. */
export function venueQueue(venue: string): string {
  return `venue-${venue}`;
}
