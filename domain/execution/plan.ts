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

type Parameterised = Pick<ExecutionPlan, 'params' | 'algo'>;

/**
 * A parameter that is a number. Plans are completed with defaults at acceptance, so that a missing one throws; `absent` stands in
 * for a parameter that is younger than plans which may still run.
 */
export function numberParam(plan: Parameterised, name: string, absent?: number): number {
  const value = plan.params[name] ?? absent;
  if (typeof value !== 'number') throw new RangeError(`the plan of this ${plan.algo} has no number "${name}"`);
  return value;
}

/** A parameter that is one of those words; the first stands in for one that the plan lacks. Throws for any other word. */
export function choiceParam<Choice extends string>(
  plan: Parameterised,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = plan.params[name] ?? choices[0];
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) {
    throw new RangeError(
      `the plan of this ${plan.algo} has ${name} "${value}", which is none of ${choices.join(', ')}`,
    );
  }
  return chosen;
}
