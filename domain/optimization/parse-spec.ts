import { parseSpec, SPEC_FIELDS } from '../backtest/spec/parse-spec.ts';
import { isObject } from '../backtest/spec/fields.ts';
import type { BacktestSpec } from '../backtest/spec/spec.ts';
import { suggestion } from '../parameters/closest-match.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { checkSpace } from './check-space.ts';
import { parseObjective } from './parse-objective.ts';
import { parseSampler, parseSpace, parseWalkForward } from './parse-search.ts';
import type { AxisSpec } from './space/axis.ts';
import type { OptimizationSpec } from './spec.ts';

const OWN_FIELDS = ['space', 'constraints', 'sampler', 'objective', 'walkForward'] as const;
/** The fields of an optimisation spec: those of a backtest spec and its own. */
export const OPTIMIZATION_FIELDS = [...SPEC_FIELDS, ...OWN_FIELDS] as const;

/** All of them are asked about every combination. */
const MOST_CONSTRAINTS = 100;

export type ParsedOptimizationSpec =
  | { readonly ok: true; readonly spec: OptimizationSpec }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads an optimisation spec: a backtest spec with `space`, and perhaps `constraints`, `sampler`, `objective`, `walkForward`. Defaults are
 * filled in: all combinations, the highest Sharpe ratio, a rolling walk-forward of five folds. Everything that is wrong is reported at
 * once, each with its field's path, its value and what to do. The parameters of a strategy in a file are checked once it is loaded, by
 * `checkSpace`.
 */
export function parseOptimizationSpec(document: unknown, strategies: readonly Strategy[]): ParsedOptimizationSpec {
  if (!isObject(document)) {
    const message = `give a JSON object with ${OPTIMIZATION_FIELDS.join(', ')}`;
    return { ok: false, problems: [{ field: '', value: document ?? null, message }] };
  }
  const problems: FieldProblem[] = [];
  for (const name of Object.keys(document)) {
    if ((OPTIMIZATION_FIELDS as readonly string[]).includes(name)) continue;
    const message = `no such field; ${suggestion(name, OPTIMIZATION_FIELDS)}`;
    problems.push({ field: name, value: document[name], message });
  }
  const given = document['strategy'];
  const named = isObject(given) ? strategies.find(({ id }) => id === given['id']) : undefined;
  const space = parseSpace(document['space'], named?.params ?? null, problems);
  const constraints = parseConstraints(document['constraints'], problems);
  const sampler = parseSampler(document['sampler'], problems);
  const objective = parseObjective(document['objective'], problems);
  const walkForward = parseWalkForward(document['walkForward'], problems);
  const backtest = parseBacktest(document, space, strategies, problems);
  if (backtest === null) return { ok: false, problems };
  if (backtest.riskFreeRate !== 0 && objective.weights['sortinoRatio'] !== undefined) {
    const message = 'the sortinoRatio of a search is that above 0: take riskFreeRate 0, or the sharpeRatio';
    problems.push({ field: 'objective', value: 'sortinoRatio', message });
  }
  const spec: OptimizationSpec = {
    backtest,
    space,
    constraints,
    sampler,
    objective,
    walkForward,
    seed: backtest.seed,
  };
  // A space without a parameter has been told of already.
  const declared = isObject(document['space']) ? Object.keys(document['space']) : [];
  if (declared.length > 0) problems.push(...checkSpace(spec, named ?? null, declared));
  return problems.length === 0 ? { ok: true, spec } : { ok: false, problems };
}

function parseConstraints(value: unknown, problems: FieldProblem[]): readonly string[] {
  if (value === undefined || value === null) return [];
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || !list.every((each): each is string => typeof each === 'string')) {
    problems.push({ field: 'constraints', value, message: 'give a list of comparisons such as ["fast < slow"]' });
    return [];
  }
  if (list.length <= MOST_CONSTRAINTS) return list;
  const message = `${list.length.toLocaleString('en-US')} constraints, more than ${MOST_CONSTRAINTS}: give fewer, or narrower ranges`;
  problems.push({ field: 'constraints', value, message });
  return [];
}

/** The backtest that all combinations share; `null` when it cannot be read. */
function parseBacktest(
  document: Readonly<Record<string, unknown>>,
  space: Readonly<Record<string, AxisSpec>>,
  strategies: readonly Strategy[],
  problems: FieldProblem[],
): BacktestSpec | null {
  const given = document['strategy'];
  if (isObject(given) && given['orders'] !== undefined) {
    const message = 'a list of orders has no parameters to optimise: give {id, params} or {file}';
    problems.push({ field: 'strategy', value: given, message });
    return null;
  }
  const own = Object.fromEntries(
    SPEC_FIELDS.map((name) => [name, document[name]]).filter(([, value]) => value !== undefined),
  );
  const strategy = withStandIns(given, space, strategies, problems);
  // A strategy judges whole combinations, not the parameters that stay: it is asked about each.
  const unasked = strategies.map((strategy): Strategy => ({ ...strategy, check: () => [] }));
  const parsed = parseSpec(strategy === undefined ? own : { ...own, strategy }, unasked);
  if (parsed.ok) return parsed.request.spec;
  problems.push(...parsed.problems);
  return null;
}

/** The strategy with a value that is in order for each parameter that the space varies. */
function withStandIns(
  given: unknown,
  space: Readonly<Record<string, AxisSpec>>,
  strategies: readonly Strategy[],
  problems: FieldProblem[],
): unknown {
  if (!isObject(given)) return given;
  const fixed = isObject(given['params']) ? given['params'] : {};
  for (const name of Object.keys(space)) {
    if (!Object.hasOwn(fixed, name) || fixed[name] === undefined) continue;
    const message = `the space varies ${name} as well: give it in one place`;
    problems.push({ field: `strategy.params.${name}`, value: fixed[name], message });
  }
  const strategy = strategies.find(({ id }) => id === given['id']);
  if (strategy === undefined || (given['params'] !== undefined && !isObject(given['params']))) return given;
  const varied = strategy.params.filter(({ name }) => space[name] !== undefined);
  return {
    ...given,
    params: { ...fixed, ...Object.fromEntries(varied.map((spec) => [spec.name, spec.default ?? spec.min])) },
  };
}
