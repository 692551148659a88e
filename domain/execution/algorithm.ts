import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { FieldProblem, ParamSpec } from '../parameters/param-spec.ts';
import type { ExecutionPlan } from './plan.ts';

/**
 * When slices are due and how much shall be done by then: pure functions of the plan and the slice number. A workflow
 * imports this half of an algorithm, so running histories freeze it: change it only behind a patch.
 * Slices are numbered from 1.
 */
export interface Schedule {
  sliceCount(plan: ExecutionPlan): number;
  /** When slice `n` is due. Not before `plan.startAt`, rising in `n`. */
  dueAt(plan: ExecutionPlan, n: number): EpochMs;
  /** Cumulative quantity, in whole lots, that shall be done once slice `n` is done. */
  target(plan: ExecutionPlan, n: number): Decimal;
}

/** What an algorithm sees when it decides on one child order. */
export interface DecisionInput {
  readonly plan: ExecutionPlan;
  readonly slice: number;
  /** Cumulative target of this slice, in base. */
  readonly target: Decimal;
  /** Cumulative target of the slice before and of the last slice, in base. */
  readonly previousTarget: Decimal;
  readonly finalTarget: Decimal;
  /** Filled so far over the whole execution, in base. */
  readonly filled: Decimal;
  /** Quantity of this execution's orders that may still trade or whose outcome is unknown, in base. */
  readonly open: Decimal;
  readonly instrument: Instrument;
  readonly quote: Quote;
}

export type CarryReason =
  | 'ON_SCHEDULE'
  | 'BELOW_MINIMUM'
  /** The market is beyond the user's limit price. */
  | 'BEYOND_LIMIT';

/** What to do with a slice: send one child, or leave its quantity to a later slice. */
export type ChildDecision =
  | {
      readonly action: 'send';
      readonly type: 'limit';
      readonly timeInForce: 'IOC';
      readonly price: Decimal;
      readonly quantity: Decimal;
    }
  | { readonly action: 'carry'; readonly reason: CarryReason; readonly quantity: Decimal };

/** An execution algorithm: one folder, one line in the registry, one line in `workflows/execution/algorithms.ts`. */
export interface Algorithm {
  readonly name: string;
  readonly title: string;
  readonly params: readonly ParamSpec[];
  readonly schedule: Schedule;
  /** Checks what no single parameter can say by itself, e.g. that a slice is at least a lot. */
  check(plan: ExecutionPlan, instrument: Instrument, price: Decimal): readonly FieldProblem[];
  decide(input: DecisionInput): ChildDecision;
  /** Longest time that an execution may run. */
  readonly maxDurationMs: DurationMs;
}
