import type { PreparedOptimization } from '../evaluation/optimization.ts';
import { componentNames, componentWriter } from '../objective/components.ts';
import { scoresOf } from '../objective/score.ts';

/**
 * What each combination scores by itself, from its row: before its neighbourhood is looked at. NaN where it has no score, and everywhere when
 * the objective holds combinations against each other.
 */
export function ownScores(
  { columns, whole, input }: PreparedOptimization,
  rows: Float64Array,
  count: number,
): Float64Array {
  const { objective } = input.spec;
  if (objective.normalise !== 'none') return new Float64Array(count).fill(Number.NaN);
  const names = componentNames(objective);
  const components = new Map(names.map((name) => [name, new Float64Array(count)]));
  const write = componentWriter(objective);
  const own = new Float64Array(names.length);
  const at = { rows, offset: 0, bars: whole.to - whole.from };
  for (let k = 0; k < count; k++) {
    at.offset = k * columns.length;
    write(at, own, 0);
    names.forEach((name, c) => (components.get(name)![k] = own[c]!));
  }
  return scoresOf(components, objective, objective.minTrades);
}
