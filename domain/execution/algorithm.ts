import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { AnyParamSpec, FieldProblem } from '../parameters/param-spec.ts';
import type { Participation } from './participation.ts';
import type { OrderMode } from '../orders/order.ts';
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
  /** How the rest of an amended execution is cut once `behind` slices lie behind: it starts with the next slice and ends at `endAt`. */
  remainder(
    plan: ExecutionPlan,
    behind: number,
    endAt: EpochMs,
    now: EpochMs,
  ): { readonly startAt: EpochMs; readonly params: ExecutionPlan['params'] };
}

/**
 * How a child trades: a taker at once; a maker by waiting at the touch until it is time to cross; a resting one at a price of its own, until it fills or is
 * taken back.
 */
export type ChildRole = 'taker' | 'maker' | 'resting';

/** What a venue can do beyond orders that trade at once. */
export interface VenueAbilities {
  /** Whether it takes orders that sleep until the market trades at their trigger. */
  readonly hasStopOrders: boolean;
}

/** A venue of which nothing is known. */
export const NO_ABILITIES: VenueAbilities = { hasStopOrders: false };

/** What an algorithm sees when it decides on one child order. */
export interface DecisionInput {
  readonly plan: ExecutionPlan;
  readonly slice: number;
  readonly role: ChildRole;
  /** Whether the venue takes orders that may only wait. */
  readonly canRest: boolean;
  /** Whether the venue takes stop orders. */
  readonly canStop: boolean;
  readonly participation: Participation;
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
  | 'BEYOND_LIMIT'
  /** The slice would be a larger share of the market's volume than it may. */
  | 'PARTICIPATION_CAP'
  /** There is such a bound, and the volume cannot be had. */
  | 'VOLUME_UNKNOWN'
  /** The venue takes no post-only orders. */
  | 'NO_POST_ONLY'
  /** The venue takes no stop orders. */
  | 'NO_STOP_ORDERS'
  /** The execution was amended since this child was asked for. */
  | 'AMENDED';

/** What to do with a slice: send one child, or leave its quantity to a later slice. */
export type ChildDecision =
  | {
      readonly action: 'send';
      readonly type: 'limit';
      readonly timeInForce: 'IOC';
      readonly price: Decimal;
      readonly quantity: Decimal;
    }
  | {
      readonly action: 'send';
      readonly type: 'limit';
      readonly timeInForce: 'GTC';
      /** Refused by the venue rather than let it take. */
      readonly postOnly: true;
      readonly price: Decimal;
      readonly quantity: Decimal;
    }
  | {
      readonly action: 'send';
      readonly type: 'limit';
      readonly timeInForce: 'GTC';
      readonly postOnly: false;
      /** Trigger of a stop; `null` for an order that goes into the book at once. */
      readonly stopPrice: Decimal | null;
      readonly price: Decimal;
      readonly quantity: Decimal;
    }
  | { readonly action: 'carry'; readonly reason: CarryReason; readonly quantity: Decimal };

/** The mode of the order that a decision sends. */
export function orderModeOf(decision: Extract<ChildDecision, { action: 'send' }>): OrderMode {
  if (decision.timeInForce === 'IOC') return 'take';
  if (decision.postOnly) return 'post-only';
  return decision.stopPrice === null ? 'rest' : 'stop';
}

/** An execution algorithm: one folder, one line in the registry, one line in `workflows/execution/algorithms.ts`. */
export interface Algorithm {
  readonly name: string;
  readonly title: string;
  readonly params: readonly AnyParamSpec[];
  readonly schedule: Schedule;
  /** Checks what no single parameter can say by itself, e.g. that a slice is at least a lot. */
  check(plan: ExecutionPlan, instrument: Instrument, price: Decimal, venue: VenueAbilities): readonly FieldProblem[];
  decide(input: DecisionInput): ChildDecision;
  /** Longest time that an execution may run. */
  readonly maxDurationMs: DurationMs;
  /** How long an execution runs that was given neither a length nor an end; `null` where one of them has to be given. */
  defaultDurationMs(params: ExecutionPlan['params']): DurationMs | null;
}
