import { suggestion } from '../parameters/closest-match.ts';
import { completeParams, type FieldProblem, type ParamSpec } from '../parameters/param-spec.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type AxisSpec, createAxis, isAxis } from './space/axis.ts';
import type { Refusal } from './space/exclusion.ts';
import { createSearchSpace, MOST_NUMBERED, type SearchSpace, type SpaceSpec } from './space/search-space.ts';
import type { OptimizationSpec } from './spec.ts';

/** Values of an axis that are looked at one by one. */
const MOST_VALUES = 100_000;

/**
 * Tells everything that is wrong with the space of a search, but for what only counting shows. Without a strategy (one in a file that is not
 * loaded yet) its parameters are not looked at.
 *
 * @param declared names of all parameters that the document varies, those that could not be read included: constraints may use them.
 */
export function checkSpace(
  spec: OptimizationSpec,
  strategy: Strategy | null,
  declared: readonly string[] = [],
): readonly FieldProblem[] {
  const made = createSearchSpace({ ...spaceSpecOf(spec), declared });
  const problems = made.ok ? [] : [...made.problems];
  if (strategy === null) return problems;
  problems.push(...fixedProblems(spec, strategy));
  const names = strategy.params.map(({ name }) => name);
  for (const [name, axis] of Object.entries(spec.space)) {
    const param = strategy.params.find((each) => each.name === name);
    const problem =
      param === undefined
        ? {
            field: `space.${name}`,
            value: axis,
            message: `no such parameter of ${strategy.id}; ${suggestion(name, names)}`,
          }
        : valueProblem(name, axis, param);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

/** Problems with the parameters that the space does not vary: a strategy of the registry was asked about them when the spec was read. */
function fixedProblems({ backtest, space }: OptimizationSpec, strategy: Strategy): readonly FieldProblem[] {
  if (!('file' in backtest.strategy)) return [];
  const isVaried = (name: string): boolean => space[name] !== undefined;
  const { problems } = completeParams(strategy.params, backtest.strategy.params);
  return problems
    .filter(({ field }) => !isVaried(field))
    .map((problem) => ({ ...problem, field: `strategy.params.${problem.field}` }));
}

/** The first value of an axis that its parameter does not take. */
function valueProblem(name: string, spec: AxisSpec, param: ParamSpec): FieldProblem | null {
  const axis = createAxis(name, spec);
  if (!isAxis(axis)) return null;
  const problem = (value: number, message: string): FieldProblem => ({ field: `space.${name}`, value, message });
  for (const position of axis.count <= MOST_VALUES ? Array(axis.count).keys() : [0, 1, axis.count - 1]) {
    const value = axis.at(position);
    if (param.kind === 'integer' && !Number.isSafeInteger(value))
      return problem(value, `${param.title}: give whole numbers, with a whole step`);
    if (value < param.min || value > param.max)
      return problem(value, `${param.title}: give values from ${param.min} to ${param.max}`);
  }
  return null;
}

/** The space of a search, in which combinations that the strategy refuses are excluded. Throws when it was not checked before. */
export function spaceOf(spec: OptimizationSpec, strategy: Strategy): SearchSpace {
  const made = createSearchSpace({
    ...spaceSpecOf(spec),
    ...(strategy.check === undefined ? {} : { refusal: refusalOf(spec, strategy) }),
  });
  if (made.ok) return made.space;
  throw new RangeError(made.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
}

function refusalOf(spec: OptimizationSpec, strategy: Strategy): Refusal {
  return { refuses: (params) => (strategy.check?.(params) ?? []).length > 0, fixed: baseParams(spec, strategy) };
}

/** Parameters that the space does not vary, complete with defaults. */
export function baseParams({ backtest }: OptimizationSpec, strategy: Strategy): Record<string, number> {
  const given: Readonly<Record<string, number>> = 'params' in backtest.strategy ? backtest.strategy.params : {};
  return Object.fromEntries(
    strategy.params.map(({ name, default: standard, min }) => [name, given[name] ?? standard ?? min]),
  );
}

function spaceSpecOf({ space, constraints, sampler }: OptimizationSpec): SpaceSpec {
  return { space, constraints, ...(sampler.kind === 'grid' ? {} : { most: MOST_NUMBERED }) };
}
