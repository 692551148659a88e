import { Fields, isObject } from '../backtest/spec/fields.ts';
import type { FieldProblem, ParamSpec } from '../parameters/param-spec.ts';
import type { WalkForwardSpec } from './folds.ts';
import type { AxisSpec } from './space/axis.ts';
import type { SamplerSpec } from './space/sampler.ts';

const AXIS = 'give {"min", "max", "step"}, {"values": [...]}, or the list of values';

/**
 * Reads `space`: parameters by name. Whether values are in order is not asked here.
 *
 * @param params those of the strategy, `null` while it is not loaded: a range of a whole-numbered one may leave its step out.
 */
export function parseSpace(
  value: unknown,
  params: readonly ParamSpec[] | null,
  problems: FieldProblem[],
): Readonly<Record<string, AxisSpec>> {
  if (!isObject(value) || Object.keys(value).length === 0) {
    const message = `${value === undefined ? 'missing; ' : ''}give at least one parameter with its values, e.g. {"fast": {"min": 5, "max": 50, "step": 5}}`;
    problems.push({ field: 'space', value: value ?? null, message });
    return {};
  }
  const space: Record<string, AxisSpec> = {};
  for (const [name, axis] of Object.entries(value)) {
    const isWhole = params?.find((each) => each.name === name)?.kind === 'integer';
    const read = parseAxis(name, axis, isWhole, problems);
    if (read !== null) space[name] = read;
  }
  return space;
}

function parseAxis(name: string, value: unknown, isWhole: boolean, problems: FieldProblem[]): AxisSpec | null {
  const field = `space.${name}`;
  if (Array.isArray(value)) return { values: value as readonly number[] };
  if (!isObject(value)) {
    problems.push({ field, value: value ?? null, message: AXIS });
    return null;
  }
  if (value['values'] !== undefined) {
    new Fields(value, field, problems, ['values']);
    if (Array.isArray(value['values'])) return { values: value['values'] as readonly number[] };
    problems.push({ field: `${field}.values`, value: value['values'], message: 'give a list of numbers' });
    return null;
  }
  const before = problems.length;
  const fields = new Fields(value, field, problems, ['min', 'max', 'step']);
  const axis = {
    min: fields.number('min', { meaning: 'the first value' }),
    max: fields.number('max', { meaning: 'the last value' }),
    step: fields.number('step', { above: 0, meaning: 'the distance of neighbouring values' }, isWhole ? 1 : undefined),
  };
  return problems.length === before ? axis : null;
}

/** Reads `sampler`; all combinations by default. `"grid"` alone will do. */
export function parseSampler(value: unknown, problems: FieldProblem[]): SamplerSpec {
  const grid: SamplerSpec = { kind: 'grid' };
  if (value === undefined || value === null || value === 'grid') return grid;
  if (!isObject(value)) {
    const message = 'give "grid", {"kind": "random", "count": 1000} or {"kind": "sobol", "count": 1000}';
    problems.push({ field: 'sampler', value, message });
    return grid;
  }
  const known = value['kind'] === 'grid' ? ['kind'] : ['kind', 'count'];
  const fields = new Fields(value, 'sampler', problems, known);
  const kind = fields.choice('kind', ['grid', 'random', 'sobol'], 'grid');
  if (kind === 'grid') return grid;
  return { kind, count: fields.number('count', { min: 1, integer: true, meaning: 'the combinations to try' }) };
}

/**
 * Five trials over the second half of the data. Without purge and embargo: each part starts flat and ends with what it holds valued at
 * its last close, so no trade of a choice reaches into its trial.
 */
export const DEFAULT_WALK_FORWARD: WalkForwardSpec = {
  kind: 'rolling',
  folds: 5,
  trainShare: 0.5,
  purgeBars: 0,
  embargoBars: 0,
};

/** Reads `walkForward`; `null` turns it off. */
export function parseWalkForward(value: unknown, problems: FieldProblem[]): WalkForwardSpec | null {
  const standard = DEFAULT_WALK_FORWARD;
  if (value === undefined) return standard;
  if (value === null) return null;
  if (!isObject(value)) {
    const message = `give null for none, or a JSON object with ${Object.keys(standard).join(', ')}`;
    problems.push({ field: 'walkForward', value, message });
    return standard;
  }
  const fields = new Fields(value, 'walkForward', problems, Object.keys(standard));
  const bars = (name: 'purgeBars' | 'embargoBars'): number =>
    fields.number(name, { min: 0, integer: true, meaning: 'bars between choice and trial' }, standard[name]);
  return {
    kind: fields.choice('kind', ['rolling', 'anchored'], standard.kind),
    folds: fields.number('folds', { min: 1, max: 200, integer: true, meaning: 'the number of trials' }, standard.folds),
    trainShare: fields.number(
      'trainShare',
      { above: 0, below: 1, meaning: 'the share of the bars that the first choice is made on' },
      standard.trainShare,
    ),
    purgeBars: bars('purgeBars'),
    embargoBars: bars('embargoBars'),
  };
}
