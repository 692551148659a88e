import { Fields, isObject } from '../backtest/spec/fields.ts';
import { suggestion } from '../parameters/closest-match.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import { findObjectiveMetric, OBJECTIVE_METRICS } from './objective/metrics.ts';
import type { ObjectiveSpec, PlateauSpec } from './spec.ts';

const STANDARD: ObjectiveSpec = {
  weights: { sharpeRatio: 1 },
  combine: 'sum',
  normalise: 'none',
  minTrades: 0,
  plateau: null,
};
const FORMS =
  'give the name of a metric, {"metric": "sharpeRatio"} or {"weights": {"sharpeRatio": 1, "maxDrawdown": -0.5}}, with minTrades and plateau as you like';

/**
 * Reads `objective`: the Sharpe ratio by default. A metric by its name counts as its nature says: more of a return, less of a drawdown.
 * Weights count as they stand, below 0 for what should be small.
 */
export function parseObjective(value: unknown, problems: FieldProblem[]): ObjectiveSpec {
  if (value === undefined || value === null) return STANDARD;
  if (typeof value === 'string') return { ...STANDARD, weights: single(value, 'objective', problems) };
  if (!isObject(value)) {
    problems.push({ field: 'objective', value, message: FORMS });
    return STANDARD;
  }
  if (value['metric'] !== undefined && value['weights'] !== undefined) {
    const message = 'metric and weights stand side by side; give one of them';
    problems.push({ field: 'objective', value, message });
    return STANDARD;
  }
  const own = value['weights'] === undefined ? ['metric'] : ['weights', 'combine', 'normalise'];
  const fields = new Fields(value, 'objective', problems, [...own, 'minTrades', 'plateau']);
  return {
    weights: value['weights'] === undefined ? metricOf(fields, problems) : weightsOf(fields, problems),
    combine: fields.choice('combine', ['sum', 'product'], STANDARD.combine),
    normalise: fields.choice('normalise', ['none', 'zscore', 'rank'], STANDARD.normalise),
    minTrades: fields.number('minTrades', { min: 0, integer: true, meaning: 'the least number of closed trades' }, 0),
    plateau: plateauOf(fields),
  };
}

function metricOf(fields: Fields, problems: FieldProblem[]): ObjectiveSpec['weights'] {
  if (!fields.has('metric')) return STANDARD.weights;
  return single(fields.text('metric', 'the name of a metric'), 'objective.metric', problems);
}

function single(name: string, field: string, problems: FieldProblem[]): ObjectiveSpec['weights'] {
  const metric = findObjectiveMetric(name);
  if (metric !== undefined) return { [name]: metric.moreIsBetter ? 1 : -1 };
  if (name !== '') problems.push({ field, value: name, message: unknown(name) });
  return STANDARD.weights;
}

function unknown(name: string): string {
  const known = OBJECTIVE_METRICS.map((metric) => metric.name);
  return `no metric that combinations can be ranked by; ${suggestion(name, known)}`;
}

function weightsOf(fields: Fields, problems: FieldProblem[]): ObjectiveSpec['weights'] {
  const value = fields.value('weights');
  if (!isObject(value) || Object.keys(value).length === 0) {
    fields.problem('weights', 'give a JSON object of weights by metric, e.g. {"sharpeRatio": 1, "maxDrawdown": -0.5}');
    return STANDARD.weights;
  }
  const weights: Record<string, number> = {};
  for (const [name, weight] of Object.entries(value)) {
    const field = `objective.weights.${name}`;
    if (findObjectiveMetric(name) === undefined) problems.push({ field, value: weight, message: unknown(name) });
    else if (typeof weight !== 'number' || !Number.isFinite(weight) || weight === 0)
      problems.push({ field, value: weight, message: 'give a number other than 0' });
    else weights[name] = weight;
  }
  return Object.keys(weights).length > 0 ? weights : STANDARD.weights;
}

/** `true` and a name alone will do. */
function plateauOf(fields: Fields): PlateauSpec | null {
  const value = fields.value('plateau') ?? false;
  if (value === false) return null;
  if (value === true || value === 'median') return { aggregate: 'median', k: 0 };
  if (value === 'mean-minus-deviations') return { aggregate: 'mean-minus-deviations', k: 1 };
  if (!isObject(value)) {
    fields.problem('plateau', 'give true, "median", "mean-minus-deviations" or {"aggregate", "k"}');
    return null;
  }
  const own = fields.object(
    'plateau',
    value['aggregate'] === 'mean-minus-deviations' ? ['aggregate', 'k'] : ['aggregate'],
  )!;
  const aggregate = own.choice('aggregate', ['median', 'mean-minus-deviations'], 'median');
  if (aggregate === 'median') return { aggregate, k: 0 };
  return { aggregate, k: own.number('k', { min: 0, meaning: 'standard deviations to take off' }, 1) };
}
