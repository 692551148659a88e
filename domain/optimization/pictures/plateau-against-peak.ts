import type { PlateauAgainstPeak, ScoredTrial } from '../result.ts';
import { isBetter, type Ranking } from '../trials/ranking.ts';

/**
 * The trial with the highest score of its own beside that with the best neighbourhood, whichever of the two the objective ranks by. Of equals the
 * lowest number is first. `null` when no trial has a score.
 */
export function plateauAgainstPeak({ table, own, plateau }: Ranking): PlateauAgainstPeak | null {
  const { indices, prepared } = table;
  const scored = (trial: number): ScoredTrial => {
    const index = indices[trial]!;
    const params = prepared.paramsAt(index);
    const varied = prepared.space.axes.filter(({ count }) => count > 1).map(({ name }) => [name, params[name]!]);
    return {
      index,
      params: Object.fromEntries(varied) as ScoredTrial['params'],
      own: own[trial]!,
      plateau: plateau[trial]!,
    };
  };
  const [peak, best] = [highestOf(own, indices), highestOf(plateau, indices)];
  return peak < 0 || best < 0 ? null : { peak: scored(peak), plateau: scored(best) };
}

/** The trial with the highest value; -1 when none is defined. */
function highestOf(values: Float64Array, indices: Float64Array): number {
  let highest = -1;
  for (let trial = 0; trial < values.length; trial++) {
    if (Number.isNaN(values[trial]!)) continue;
    if (highest < 0 || isBetter(values, indices, trial, highest)) highest = trial;
  }
  return highest;
}
