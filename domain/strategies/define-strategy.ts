import type { FieldProblem, ParamSpec, ParamsOf } from '../parameters/param-spec.ts';
import type { Lines, OnBar, Strategy } from './strategy.ts';

interface Described<Specs extends readonly ParamSpec[]> {
  readonly id: string;
  readonly title: string;
  readonly params: Specs;
  /** What no single parameter can say by itself. */
  check?(params: ParamsOf<Specs>): readonly FieldProblem[];
  readonly warmUpRisesWith?: 'all' | readonly Specs[number]['name'][];
}

/** What makes a strategy, with its parameters typed by their declaration. */
export interface StrategyDefinition<Specs extends readonly ParamSpec[]> extends Described<Specs> {
  prepare(lines: Lines, params: ParamsOf<Specs>): OnBar;
}

/** A free-form strategy: it orders whatever it likes at each bar. One whose orders follow from conditions is a `ruleStrategy`. */
export function defineStrategy<const Specs extends readonly ParamSpec[]>(
  definition: StrategyDefinition<Specs>,
): Strategy {
  // `StrategyParams` are complete by contract: every declared name is there, so they are `ParamsOf<Specs>`.
  return definition as unknown as Strategy;
}
