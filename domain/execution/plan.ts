import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';

/** A value of one algorithm parameter, as declared by its `ParamSpec`. */
export type ParamValue = number | Decimal;

/**
 * What an execution was asked to do. Fixed at acceptance and never changed: progress is a separate record, and the next
 * action is a function of plan, progress and time.
 */
export interface ExecutionPlan {
  readonly executionId: string;
  /** Name of the algorithm in the registry. */
  readonly algo: string;
  /** The venue account that the orders go to. */
  readonly venue: string;
  readonly symbol: string;
  readonly side: Side;
  /** Ordered quantity in base, as the user gave it; what is no whole lot is dust. */
  readonly quantity: Decimal;
  /** The instrument's quantity step at acceptance, in base. */
  readonly lot: Decimal;
  readonly startAt: EpochMs;
  /** No order is sent after this instant. */
  readonly endAt: EpochMs;
  /** Worst price that any child may trade at, in quote per base; `null` for none. */
  readonly limit: Decimal | null;
  /** Parameters of the algorithm, complete with defaults. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** Parameters by name, typed as numbers. Throws when the plan lacks one: plans are completed with defaults at acceptance. */
export function numberParam(plan: Pick<ExecutionPlan, 'params' | 'algo'>, name: string): number {
  const value = plan.params[name];
  if (typeof value !== 'number') throw new RangeError(`the plan of this ${plan.algo} has no number "${name}"`);
  return value;
}
