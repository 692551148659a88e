import type { FieldProblem } from '../../parameters/param-spec.ts';

/** Values that one parameter takes: a range with both ends, or a list. */
export type AxisSpec =
  | { readonly min: number; readonly max: number; readonly step: number }
  | { readonly values: readonly number[] };

/** One dimension of a search space: its values are addressed by position. */
export interface Axis {
  readonly name: string;
  readonly count: number;
  readonly at: (position: number) => number;
  /** The highest of its values. */
  readonly highest: number;
}

/** What a range misses its last step by and still includes its end: 0.1 + 0.2 is above 0.3 in binary. */
const TOLERANCE = 1e-9;
const DIGITS = 12;
/** Values that an axis remembers: making one takes longer than all else that is done to look at a combination. */
const MOST_REMEMBERED = 100_000;

/** `min + position * step` as the decimal that a person means: 0.3, not 0.30000000000000004. */
function stepped(min: number, step: number, position: number): number {
  return Number((min + position * step).toPrecision(DIGITS));
}

function rangeProblem({
  min,
  max,
  step,
}: {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}): string | null {
  if (![min, max, step].every((value) => typeof value === 'number' && Number.isFinite(value)))
    return 'give numbers for min, max and step';
  if (step <= 0) return `the step is ${step}: give a step above 0`;
  if (max < min) return `max ${max} is below min ${min}`;
  return null;
}

function listProblem(values: readonly number[]): string | null {
  if (values.length === 0) return 'give at least one value';
  if (!values.every((value) => typeof value === 'number' && Number.isFinite(value))) return 'give numbers';
  if (new Set(values).size < values.length) return 'a value stands there twice';
  return null;
}

/** Makes the axis of one parameter, or tells why it cannot be. */
export function createAxis(name: string, spec: AxisSpec): Axis | FieldProblem {
  if ('values' in spec) {
    const { values } = spec;
    const message = listProblem(values);
    if (message !== null) return { field: `space.${name}.values`, value: values, message };
    const highest = values.reduce((most, value) => Math.max(most, value));
    return { name, count: values.length, at: (position) => values[position]!, highest };
  }
  const message = rangeProblem(spec);
  if (message !== null) return { field: `space.${name}`, value: spec, message };
  const { min, max, step } = spec;
  const count = Math.floor((max - min) / step + TOLERANCE) + 1;
  const at = (position: number): number => stepped(min, step, position);
  return { name, count, at: count > MOST_REMEMBERED ? at : remembered(count, at), highest: at(count - 1) };
}

/** The same values, each made once, when it is asked for first. */
function remembered(count: number, at: (position: number) => number): (position: number) => number {
  let known: Float64Array | null = null;
  return (position) => {
    known ??= new Float64Array(count).fill(Number.NaN);
    const value = known[position]!;
    if (!Number.isNaN(value)) return value;
    known[position] = at(position);
    return known[position]!;
  };
}

export function isAxis(made: Axis | FieldProblem): made is Axis {
  return 'count' in made;
}
