import type { ObjectiveSpec } from '../spec.ts';
import { CLOSED_TRADES } from './components.ts';

/**
 * Scores of trials from their components, more is better: NaN where a metric is not defined or the trades are too few.
 *
 * @param minTrades the least number of closed trades on these bars.
 */
export function scoresOf(
  components: ReadonlyMap<string, Float64Array>,
  { weights, combine, normalise }: ObjectiveSpec,
  minTrades: number,
): Float64Array {
  const parts = Object.entries(weights).map(([name, weight]) => ({
    weight,
    values: normalised(components.get(name)!, normalise),
  }));
  const trades = components.get(CLOSED_TRADES);
  const scores = new Float64Array(parts[0]!.values.length);
  for (let i = 0; i < scores.length; i++) {
    let score = combine === 'sum' ? 0 : 1;
    for (const { weight, values } of parts) {
      const value = values[i]!;
      if (combine === 'sum') score += weight * value;
      else score *= value > 0 ? value ** weight : Number.NaN;
    }
    scores[i] = (trades !== undefined && trades[i]! < minTrades) || !Number.isFinite(score) ? Number.NaN : score;
  }
  return scores;
}

function normalised(values: Float64Array, how: ObjectiveSpec['normalise']): Float64Array {
  return how === 'none' ? values : how === 'zscore' ? standardised(values) : ranked(values);
}

/** Less the mean, over the standard deviation; 0 where all are equal. Undefined ones stay so. */
function standardised(values: Float64Array): Float64Array {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count += 1;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  const deviation = Math.sqrt(squares / (count - 1));
  return values.map((value) =>
    Number.isFinite(value) ? (deviation > 0 ? (value - mean) / deviation : 0) : Number.NaN,
  );
}

/** Rank over the number of defined values, equal ones at the middle of theirs: in (0, 1]. */
function ranked(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  const below = (value: number, orEqual: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return values.map((value) =>
    Number.isFinite(value) ? (below(value, false) + below(value, true) + 1) / 2 / sorted.length : Number.NaN,
  );
}
