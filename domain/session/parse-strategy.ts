import type { Sizing } from '../backtest/settings.ts';
import { isObject } from '../backtest/spec/fields.ts';
import { parseStrategy, strategyParams } from '../backtest/spec/parse-strategy.ts';
import { riskWithoutStop } from '../backtest/spec/risk-without-stop.ts';
import type { FileStrategy, NamedStrategy } from '../backtest/spec/spec.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { Strategy } from '../strategies/strategy.ts';

const NONE: NamedStrategy = { id: '', params: {} };

/**
 * Reads `strategy` of a session: one of the registry, completed and checked, or a file, whose parameters are checked once it is loaded.
 * Problems are added to the list.
 */
export function parseSessionStrategy(
  value: unknown,
  sizing: Sizing,
  strategies: readonly Strategy[],
  problems: FieldProblem[],
): NamedStrategy | FileStrategy {
  if (value === undefined || (isObject(value) && value['orders'] !== undefined)) {
    const message = `${value === undefined ? 'missing; ' : 'a session decides by itself and takes no list of orders: '}give {id, params}, or {file} with the path of an .mjs file`;
    problems.push({ field: 'strategy', value: value ?? null, message });
    return NONE;
  }
  const known = problems.length;
  const choice = parseStrategy(value, strategies, problems);
  if ('orders' in choice) return NONE;
  if (problems.length > known || !('id' in choice)) return choice;
  const strategy = strategies.find(({ id }) => id === choice.id)!;
  problems.push(...unfitProblems(strategy, choice.params, sizing));
  return choice;
}

/** Parameters of a session's strategy, complete, and what is wrong with them. */
export interface CheckedParams {
  readonly params: Readonly<Record<string, number>>;
  /** Fields are paths in the spec. */
  readonly problems: readonly FieldProblem[];
}

/** Completes and checks parameters for a strategy at hand: that of a file at the start, and of any session when they are changed. */
export function checkSessionStrategy(
  strategy: Strategy,
  given: Readonly<Record<string, unknown>>,
  sizing: Sizing,
): CheckedParams {
  const problems: FieldProblem[] = [];
  const params = strategyParams(strategy, given, problems);
  if (problems.length === 0) problems.push(...unfitProblems(strategy, params, sizing));
  return { params, problems };
}

/** What a strategy with sound parameters cannot do in a session. */
function unfitProblems(
  strategy: Strategy,
  params: Readonly<Record<string, number>>,
  sizing: Sizing,
): readonly FieldProblem[] {
  return [...shortProblems(strategy, params), ...riskWithoutStop(strategy, params, sizing)];
}

/**
 * On spot nothing can be sold that is not held. A strategy that would go short is refused and not trimmed: without its short entries some
 * never leave their long ones, and it would be another strategy than the one that was tested.
 */
function shortProblems({ id, rules }: Strategy, params: Readonly<Record<string, number>>): readonly FieldProblem[] {
  const why = 'a session trades spot and is long only, nothing is sold that is not held';
  if ((params['shorts'] ?? 0) !== 0) {
    return [{ field: 'strategy.params.shorts', value: params['shorts'], message: `${why}: give 0` }];
  }
  if (rules?.(params).enterShort === undefined) return [];
  const message = `${id} enters short with these parameters, and ${why}: give it parameters or rules without short entries`;
  return [{ field: 'strategy.params', value: params, message }];
}
