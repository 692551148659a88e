import { buyAndHold } from '../../backtest/analysis/compare-with-benchmark.ts';
import { thinSeries } from '../../backtest/report/thin-series.ts';
import { closesAt } from '../../market/closes-at.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { OptimizationPictures } from '../result.ts';
import type { Ranking } from '../trials/ranking.ts';
import type { WalkedForward } from '../walk-forward/walk-forward.ts';
import { centredHistogram, histogramOf } from './histogram.ts';
import { plateauAgainstPeak } from './plateau-against-peak.ts';
import { heatMapsOf, slicesOf } from './score-maps.ts';

/** Points that a line keeps, and bins of the histograms. */
const MOST_POINTS = 2_000;
const BINS_EACH_SIDE = 15;
const BINS = 40;

/** The data of the pictures, thinned to what pictures show. */
export function picturesOf(
  prepared: PreparedOptimization,
  ranking: Ranking,
  walked: WalkedForward | null,
  logits: Float64Array | null,
): OptimizationPictures {
  return {
    heatMaps: heatMapsOf(ranking),
    slices: slicesOf(ranking),
    peak: plateauAgainstPeak(ranking),
    logits: logits === null ? null : centredHistogram(logits, BINS_EACH_SIDE),
    sharpeRatios: histogramOf(ranking.table.sharpeRatios, BINS),
    walkForward: walked === null ? null : walkForwardChart(prepared, walked),
  };
}

function walkForwardChart(
  { input, plan, times }: PreparedOptimization,
  { run }: WalkedForward,
): OptimizationPictures['walkForward'] {
  const closes = closesAt(input.markets[0]!, run.times);
  const held = closes === null ? new Float64Array(0) : buyAndHold(closes, run.initialCash);
  return {
    equity: thinSeries({ times: run.times, values: run.equity }, MOST_POINTS),
    benchmark: thinSeries({ times: closes === null ? [] : run.times, values: held }, MOST_POINTS),
    folds: plan.folds.map(({ test }) => times[test.from]!),
  };
}
