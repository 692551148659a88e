import { findIndicator } from '../../domain/indicators/registry.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import { declaredLines, linesOfRules } from '../../domain/strategies/checks/declared-lines.ts';
import { indicatorFault } from '../../domain/strategies/checks/indicator-fault.ts';
import { rulesProblem } from '../../domain/strategies/checks/rules-problem.ts';
import type { LineSpec } from '../../domain/strategies/line-spec.ts';
import { lineKey } from '../../domain/strategies/lines/line-key.ts';
import type { Strategy, StrategyParams } from '../../domain/strategies/strategy.ts';
import { messageOf } from './message-of.ts';

/**
 * Prepares a user's strategy once with its defaults and looks at what it declares: the lines, whether `rules` reads the same ones, and
 * whether indicators of its own look ahead. Throws an `Error` that says what is wrong. `path` is the strategy's file.
 */
export function tryStrategy(strategy: Strategy, path: string): void {
  const params = defaultsOf(strategy, path);
  if (params === null) return;
  const ofRules = strategy.rules === undefined ? null : rulesLines(strategy, params, path);
  const lines = attempt(path, 'prepare', () => declaredLines(strategy, params));
  for (const spec of lines.values()) checkIndicators(spec, path);
  if (ofRules === null) return;
  const odd = [...lines.keys(), ...ofRules.keys()].find((key) => lines.has(key) !== ofRules.has(key));
  if (odd === undefined) return;
  throw new Error(
    `${path}: prepare and rules have to be one strategy, but only one of them reads ${odd}: make it with ruleStrategy`,
  );
}

function rulesLines(strategy: Strategy, params: StrategyParams, path: string): ReadonlyMap<string, LineSpec> {
  const made = attempt(path, 'rules', () => strategy.rules!(params));
  const problem = rulesProblem(made);
  if (problem !== null) throw new Error(`${path}: ${problem}`);
  return linesOfRules(made);
}

/** `null` when the least values of its required parameters do not fit together: then there is nothing to try it with. */
function defaultsOf(strategy: Strategy, path: string): StrategyParams | null {
  const required = strategy.params.filter((spec) => spec.default === null);
  const given = Object.fromEntries(required.map(({ name, min }) => [name, min]));
  const { params } = completeParams(strategy.params, given);
  const problems: unknown = attempt(path, 'check', () => strategy.check?.(params) ?? []);
  if (!Array.isArray(problems)) {
    throw new Error(`${path}: check has to return a list of problems, an empty one when all is well`);
  }
  if (problems.length === 0) return params;
  if (required.length > 0) return null;
  const { field, message } = problems[0] as { readonly field?: unknown; readonly message?: unknown };
  throw new Error(`${path}: its own defaults do not pass its check: ${String(field)}: ${String(message)}`);
}

function checkIndicators(spec: LineSpec, path: string): void {
  if (spec.kind === 'price') return;
  const { indicator, params, of } = spec;
  if (of !== undefined) checkIndicators(of, path);
  const registered = findIndicator(indicator.name);
  if (registered === indicator) return;
  if (registered !== undefined) {
    throw new Error(`${path}: there is an indicator "${indicator.name}" already: give your own another name`);
  }
  const what = `its indicator ${lineKey(spec)}`;
  const fault = attempt(path, what, () => indicatorFault(indicator, params));
  if (fault !== null) throw new Error(`${path}: ${what} ${fault}`);
}

function attempt<T>(path: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${path}: ${what} throws: ${messageOf(error, path)}`, { cause: error });
  }
}
