import type { FieldProblem } from '../../parameters/param-spec.ts';
import { type Axis, type AxisSpec, createAxis, isAxis } from './axis.ts';
import { compileConstraint, type Constraint, ConstraintError } from './constraint.ts';
import { Exclusion, type Refusal } from './exclusion.ts';

/** Parameters to try, by name; and constraints between them, all of which must hold. */
export interface SpaceSpec {
  readonly space: Readonly<Record<string, AxisSpec>>;
  readonly constraints: readonly string[];
  /** What else excludes a combination. */
  readonly refusal?: Refusal;
  /** Names that constraints may use besides: axes that were declared and could not be read, whose problems are told elsewhere. */
  readonly declared?: readonly string[];
  /** The most combinations it may span before constraints; `MOST_COMBINATIONS` by default, which counts all of them. */
  readonly most?: number;
}

/**
 * All combinations of the axes' values, each under a number from 0 to `size - 1`: the last axis turns fastest. Nothing is listed; a
 * combination that the constraints exclude keeps its number and is passed over.
 */
export interface SearchSpace {
  readonly axes: readonly Axis[];
  readonly names: readonly string[];
  /** Combinations before constraints. */
  readonly size: number;
  /** Writes the position on each axis of combination `index`. */
  readonly positionsAt: (index: number, positions: Int32Array) => void;
  /** The number of the combination at these positions. */
  readonly indexAt: (positions: ArrayLike<number>) => number;
  /** Values of combination `index` in the order of the axes, in an array that the next call changes. */
  readonly valuesAt: (index: number) => Float64Array;
  /** Values by name of combination `index`. */
  readonly paramsAt: (index: number) => Record<string, number>;
  readonly allows: (index: number) => boolean;
  /** Its constraints as they were written. */
  readonly constraints: readonly string[];
  readonly exclusion: Exclusion;
}

/** The most combinations that a grid may span before constraints: counting those that are left goes through all. */
export const MOST_COMBINATIONS = 100_000_000;
/** The most that a space may span from which a sample is drawn: their numbers are exact. */
export const MOST_NUMBERED = 2 ** 52;

/** Builds a search space, or tells every problem with it. Names are not checked against a strategy here. */
export function createSearchSpace({
  space,
  constraints,
  refusal,
  declared = [],
  most = MOST_COMBINATIONS,
}: SpaceSpec):
  | { readonly ok: true; readonly space: SearchSpace }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] } {
  const made = Object.entries(space).map(([name, spec]) => createAxis(name, spec));
  const axes = made.filter(isAxis);
  const problems: FieldProblem[] = made.filter((each): each is FieldProblem => !isAxis(each));
  if (made.length + declared.length === 0)
    problems.push({ field: 'space', value: space, message: 'give at least one parameter to vary' });
  const names = [...new Set([...Object.keys(space), ...declared])];
  const checks = constraints.flatMap((text, i) => compiled(text, names, i, problems));
  const size = axes.reduce((product, { count }) => product * count, 1);
  if (size > most) problems.push(tooLarge(size, axes, most));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, space: spaceOf(axes, size, constraints, checks, refusal) };
}

function compiled(text: string, names: readonly string[], i: number, problems: FieldProblem[]): Constraint[] {
  try {
    return [compileConstraint(text, names)];
  } catch (error) {
    if (!(error instanceof ConstraintError)) throw error;
    problems.push({ field: `constraints.${i}`, value: text, message: error.message });
    return [];
  }
}

function tooLarge(size: number, axes: readonly Axis[], most: number): FieldProblem {
  const counts = axes.map(({ name, count }) => `${name} ${count}`).join(' x ');
  return {
    field: 'space',
    value: size,
    message:
      `${counts} are ${size.toLocaleString('en-US')} combinations, more than ${most.toLocaleString('en-US')}: take larger steps, vary fewer ` +
      'parameters, search in stages around the best region, or draw a sample, e.g. sampler {"kind": "sobol", "count": 10000}',
  };
}

function spaceOf(
  axes: readonly Axis[],
  size: number,
  constraints: readonly string[],
  checks: readonly Constraint[],
  refusal: Refusal | undefined,
): SearchSpace {
  const names = axes.map(({ name }) => name);
  const exclusion = new Exclusion(names, checks, refusal);
  const isOpen = checks.length === 0 && refusal === undefined;
  const values = new Float64Array(axes.length);
  const positionsAt = (index: number, positions: Int32Array): void => {
    let rest = index;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { count } = axes[axis]!;
      const next = Math.floor(rest / count);
      positions[axis] = rest - next * count;
      rest = next;
    }
  };
  const scratch = new Int32Array(axes.length);
  const valuesAt = (index: number): Float64Array => {
    positionsAt(index, scratch);
    for (let axis = 0; axis < axes.length; axis++) values[axis] = axes[axis]!.at(scratch[axis]!);
    return values;
  };
  return {
    axes,
    names,
    size,
    constraints,
    exclusion,
    positionsAt,
    indexAt: (positions) => axes.reduce((index, { count }, axis) => index * count + positions[axis]!, 0),
    valuesAt,
    paramsAt: (index) => exclusion.params(valuesAt(index)),
    allows: (index) => {
      if (isOpen) return true;
      const own = valuesAt(index);
      return checks.every(({ holds }) => holds(own)) && !exclusion.refuses(own);
    },
  };
}
