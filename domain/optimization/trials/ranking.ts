import { CLOSED_TRADES } from '../objective/components.ts';
import { gridNeighbours, sampleNeighbours } from '../objective/neighbours.ts';
import { plateauScores } from '../objective/plateau.ts';
import { scoresOf } from '../objective/score.ts';
import type { PlateauSpec } from '../spec.ts';
import { BEST, SAMPLE, sampledTrials } from './sampled-trials.ts';
import type { TrialTable } from './trial-table.ts';

/** Trials that take part in the probability of overfitting: all of them up to so many; beyond, the sample and the best. */
export const MOST_TRIALS = 10_000;

/** The trials in order, and what further is wanted of which. A trial is named by its place in the table. */
export interface Ranking {
  readonly table: TrialTable;
  /** Scores on the whole span that trials are ranked by; NaN where there is none. */
  readonly scores: Float64Array;
  /** Scores of each trial by itself, whatever its neighbourhood. */
  readonly own: Float64Array;
  /** Scores of each trial's neighbourhood, whatever the objective: the objective's own aggregate, else the median. */
  readonly plateau: Float64Array;
  /** The best, in order: at most 100. */
  readonly best: Int32Array;
  /** Trials with fewer closed trades than the objective asks for. */
  readonly tooFewTrades: number;
  /** What each fold chooses, and its score there; -1 and NaN when no trial has one. */
  readonly choices: readonly { readonly trial: number; readonly score: number }[];
  /** Numbers of the combinations whose whole rows are wanted. */
  readonly rowIndices: Float64Array;
  /** Numbers of the combinations whose daily returns are wanted. */
  readonly returnIndices: Float64Array;
}

const MEDIAN: PlateauSpec = { aggregate: 'median', k: 0 };

/** Ranks all trials by the objective, on the whole span and where each fold chooses. The best of equals is that with the lowest number. */
export function rankTrials(table: TrialTable): Ranking {
  const { prepared, count, indices } = table;
  const { input, space, trains, whole } = prepared;
  const { objective, sampler } = input.spec;
  const neighbours = sampler.kind === 'grid' ? gridNeighbours(space, indices) : sampleNeighbours(space, indices);
  const onFold = (fold: number, bars: number): Float64Array => {
    const least = Math.ceil((objective.minTrades * bars) / (whole.to - whole.from));
    const own = scoresOf(table.components(fold), objective, least);
    return objective.plateau === null ? own : plateauScores(own, neighbours, objective.plateau);
  };
  const raw = scoresOf(table.components(-1), objective, objective.minTrades);
  const plateau = plateauScores(raw, neighbours, objective.plateau ?? MEDIAN);
  const scores = objective.plateau === null ? raw : plateau;
  const best = bestOf(scores, indices, BEST);
  const trades = table.components(-1).get(CLOSED_TRADES);
  return {
    table,
    scores,
    own: raw,
    plateau,
    best,
    tooFewTrades: trades === undefined ? 0 : trades.reduce((sum, n) => (n < objective.minTrades ? sum + 1 : sum), 0),
    choices: trains.map(({ from, to }, fold) => {
      const own = onFold(fold, to - from);
      const [trial = -1] = bestOf(own, indices, 1);
      return { trial, score: own[trial] ?? Number.NaN };
    }),
    rowIndices: count <= MOST_TRIALS ? indices : drawn(table, best),
    returnIndices: count <= SAMPLE + BEST ? indices : drawn(table, best),
  };
}

/** The trials with the highest scores, highest first, undefined ones not at all. */
function bestOf(scores: Float64Array, indices: Float64Array, most: number): Int32Array {
  const best = new Int32Array(most);
  let count = 0;
  for (let k = 0; k < scores.length; k++) {
    if (Number.isNaN(scores[k]!)) continue;
    let place = count;
    while (place > 0 && isBetter(scores, indices, k, best[place - 1]!)) place -= 1;
    if (place === most) continue;
    if (count < most) count += 1;
    best.copyWithin(place + 1, place, count - 1);
    best[place] = k;
  }
  return best.slice(0, count);
}

/** Whether trial `a` comes before `b`: by score, and of equals the lower number. */
export function isBetter(scores: Float64Array, indices: Float64Array, a: number, b: number): boolean {
  return scores[a]! > scores[b]! || (scores[a] === scores[b] && indices[a]! < indices[b]!);
}

/** A sample of the trials and the best, each once, in the order of the table. */
function drawn({ prepared, count, indices }: TrialTable, best: Int32Array): Float64Array {
  const chosen = new Set<number>([...best, ...sampledTrials(count, prepared.input.spec.seed)]);
  return Float64Array.from(
    [...chosen].toSorted((a, b) => a - b),
    (trial) => indices[trial]!,
  );
}
