import { RETURN_BLOCKS } from '../../backtest/kernel/market-tables.ts';
import { columnIndex, METRIC_COLUMNS } from '../../backtest/kernel/metrics-row.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { OverfittingJudgement } from '../result.ts';
import { backtestOverfitting } from '../statistics/backtest-overfitting.ts';
import { counted, type Judged, judged, needs, unjudged } from './judgement.ts';

const TRADES = columnIndex('trades');

/** The probability of overfitting and what it comes from. */
export interface JudgedOverfitting {
  readonly pbo: number;
  readonly logits: Float64Array;
  readonly judgement: OverfittingJudgement;
}

/**
 * Judges by combinatorially symmetric cross-validation how often the best of one half of the time disappoints in the other. Best is who has the
 * highest Sharpe ratio, whatever the objective is: the rows hold what that ratio is made of for any half, and of no other metric. Trials with
 * fewer closed trades than the objective asks for cannot be chosen by the search, and take no part.
 *
 * @param rows whole rows of the trials that take part, each `prepared.columns.length` numbers.
 * @param tried trials that there are.
 */
export function judgeOverfitting(
  { columns, returnEnds, riskFreePerPeriod, input }: PreparedOptimization,
  rows: Float64Array,
  tried: number,
): Judged<JudgedOverfitting> {
  const given = rows.length / columns.length;
  if (given < 2) return needs(2, 'trial', given);
  const { minTrades } = input.spec.objective;
  const eligible = Int32Array.from({ length: given }, (_, k) => k).filter(
    (k) => minTrades === 0 || rows[k * columns.length + TRADES]! >= minTrades,
  );
  const trials = eligible.length;
  if (trials < 2)
    return unjudged(
      `it needs at least 2 trials with ${counted(minTrades, 'closed trade')} or more, there ${trials === 1 ? 'is 1' : 'are none'}`,
    );
  if (returnEnds.length < RETURN_BLOCKS) return needs(RETURN_BLOCKS, 'daily return', returnEnds.length);
  const sums = new Float64Array(trials * RETURN_BLOCKS);
  const squares = new Float64Array(trials * RETURN_BLOCKS);
  const counts = new Float64Array(RETURN_BLOCKS);
  for (let b = 0; b < RETURN_BLOCKS; b++) {
    const before = Math.floor((b * returnEnds.length) / RETURN_BLOCKS);
    const n = Math.floor(((b + 1) * returnEnds.length) / RETURN_BLOCKS) - before;
    counts[b] = n;
    for (let k = 0; k < trials; k++) {
      const at = eligible[k]! * columns.length + METRIC_COLUMNS.length + 3 * b;
      const [sum, square] = [rows[at]!, rows[at + 1]!];
      sums[k * RETURN_BLOCKS + b] = sum - n * riskFreePerPeriod;
      squares[k * RETURN_BLOCKS + b] = square - 2 * riskFreePerPeriod * sum + n * riskFreePerPeriod ** 2;
    }
  }
  const found = backtestOverfitting({ trials, blocks: RETURN_BLOCKS, sums, squares, counts });
  return judged({
    pbo: found.pbo,
    logits: found.logits,
    judgement: {
      blocks: RETURN_BLOCKS,
      splits: found.logits.length,
      measure: 'sharpeRatio',
      trials,
      tooFewTrades: given - trials,
      sampled: given < tried,
      degradationSlope: found.degradationSlope,
      lossProbability: found.lossProbability,
    },
  });
}
