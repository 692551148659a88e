import { yearMismatch } from '../backtest/metrics/year-mismatch.ts';
import { timeframeMs } from '../market/timeframe.ts';
import { returnsPerTrial } from './evaluation/daily-returns.ts';
import type { PreparedOptimization } from './evaluation/optimization.ts';
import { type EarlierTrials, farOutnumber } from './trials/earlier-trials.ts';
import type { Ranking } from './trials/ranking.ts';
import { BEST, SAMPLE } from './trials/sampled-trials.ts';
import type { ObjectiveSpec } from './spec.ts';

/** Daily returns below which every figure of theirs is rough. */
const FEW_RETURNS = 60;
const DAY_MS = 86_400_000;
const SAMPLED = `a seeded sample of ${SAMPLE.toLocaleString('en-US')} and the best ${BEST}`;

/** What a reader should know before believing the figures. */
export function noteworthy(
  prepared: PreparedOptimization,
  { table, rowIndices, returnIndices, best }: Ranking,
  earlier: EarlierTrials,
): string[] {
  const { plan, input, space } = prepared;
  const { sampler } = input.spec;
  const notes: string[] = [];
  const days = returnsPerTrial(prepared);
  if (days < FEW_RETURNS)
    notes.push(`There are ${days} daily returns: the Sharpe ratio and all that rests on it are rough.`);
  notes.push(...otherYear(prepared, days));
  if (table.count < plan.total)
    notes.push(
      `The search was ended after ${count(table.count)} of ${count(plan.total)} combinations; these were judged.`,
    );
  if (sampler.kind !== 'grid' && plan.total < sampler.count)
    notes.push(
      `The constraints left ${count(plan.total)} of the ${count(sampler.count)} combinations that the sampler was to draw.`,
    );
  if (rowIndices.length < table.count)
    notes.push(
      `The probability of overfitting is that of ${count(rowIndices.length)} of ${count(table.count)} trials: ${SAMPLED}.`,
    );
  if (returnIndices.length < table.count)
    notes.push(
      `The tests against the benchmarks take ${count(returnIndices.length)} of ${count(table.count)} trials: ${SAMPLED}.`,
    );
  if (!isSharpeRatio(input.spec.objective))
    notes.push(
      'The probability of overfitting chooses and ranks by the Sharpe ratio, not by the objective: it says how far Sharpe ratios hold in other times.',
    );
  notes.push(...seenBefore(prepared, table.count, earlier));
  notes.push(...atEdges(prepared, table.indices[best[0] ?? -1], space));
  return notes;
}

/** Whether trials are ranked by their own Sharpe ratio and nothing else. */
function isSharpeRatio({ weights, normalise, plateau }: ObjectiveSpec): boolean {
  const names = Object.keys(weights);
  return names.length === 1 && weights['sharpeRatio']! > 0 && normalise === 'none' && plateau === null;
}

function seenBefore({ plan }: PreparedOptimization, tried: number, earlier: EarlierTrials): string[] {
  if (plan.folds.length === 0 || !farOutnumber(earlier, tried)) return [];
  return [
    `Earlier searches tried ${count(earlier.trials)} combinations on the same time, this one ${count(tried)}: whoever chose its space may have known what ` +
      'does well there, so the folds of the walk-forward are not fresh data and its return says too much.',
  ];
}

function otherYear({ plan, input, times, periodsPerYear }: PreparedOptimization, returns: number): string[] {
  const elapsedMs = times[plan.span.to - 1]! - times[plan.span.from]!;
  const period = timeframeMs(input.markets[0]!.timeframe) > DAY_MS ? 'bar' : 'day';
  const mismatch = yearMismatch({ returns, elapsedMs, periodsPerYear, period });
  return mismatch === null ? [] : [`${mismatch[0]!.toUpperCase()}${mismatch.slice(1)}.`];
}

/** A best value at the end of its range: better ones may lie beyond. */
function atEdges(
  { paramsAt }: PreparedOptimization,
  index: number | undefined,
  { axes, positionsAt }: PreparedOptimization['space'],
): string[] {
  if (index === undefined) return [];
  const positions = new Int32Array(axes.length);
  positionsAt(index, positions);
  const params = paramsAt(index);
  return axes.flatMap(({ name, count: values }, axis) => {
    const isAtEnd = positions[axis] === 0 || positions[axis] === values - 1;
    return values > 2 && isAtEnd
      ? [`The best ${name}, ${params[name]}, is at the end of its range: better values may lie beyond it.`]
      : [];
  });
}

const count = (n: number): string => n.toLocaleString('en-US');
