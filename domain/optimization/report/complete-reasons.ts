import type { FoldResult, OptimizationResult, SharpeJudgement } from '../result.ts';

const NO_CHOICE = 'no combination had a score where the fold chooses';
/** Of results that were stored without the reason. */
const NOT_DEFINED = 'it is not defined';

/** The reasons of a result with those of figures that are undefined by their own nature: each `null` that a reader meets says why. */
export function completeReasons(result: OptimizationResult): Readonly<Record<string, string>> {
  const { sharpe, walkForward, overfitting, reasons } = result;
  return {
    ...(sharpe === null ? {} : sharpeReasons(sharpe, reasons['dsr'])),
    ...(overfitting !== null && overfitting.degradationSlope === null
      ? { 'overfitting.degradationSlope': 'the in-sample Sharpe ratios do not differ' }
      : {}),
    ...(walkForward !== null && walkForward.efficiency === null
      ? { 'walkForward.efficiency': walkForward.efficiencyReason ?? NOT_DEFINED }
      : {}),
    ...Object.assign({}, ...(walkForward?.folds ?? []).map(foldReasons)),
    ...reasons,
  };
}

function sharpeReasons(
  { sharpeRatio, expectedBest, minTrackLength, minBacktestYears }: SharpeJudgement,
  dsr: string | undefined,
): Readonly<Record<string, string>> {
  const notAbove = 'the Sharpe ratio of the best is not above 0';
  return {
    ...(expectedBest === null ? { 'sharpe.expectedBest': dsr ?? 'too few trials have a Sharpe ratio' } : {}),
    ...(minTrackLength === null
      ? { 'sharpe.minTrackLength': sharpeRatio > 0 ? 'it has no variance to measure with' : notAbove }
      : {}),
    ...(minBacktestYears === null ? { 'sharpe.minBacktestYears': notAbove } : {}),
  };
}

function foldReasons(
  { params, efficiency, efficiencyReason, testMetrics, testReasons }: FoldResult,
  fold: number,
): Readonly<Record<string, string>> {
  const path = `walkForward.folds.${fold}`;
  if (params === null) return { [`${path}.params`]: NO_CHOICE };
  const undefinedOnes = Object.entries(testMetrics ?? {}).filter(([, value]) => value === null);
  return {
    ...(efficiency === null ? { [`${path}.efficiency`]: efficiencyReason ?? NOT_DEFINED } : {}),
    // Results that were stored by earlier versions have none.
    ...Object.fromEntries(
      undefinedOnes.map(([name]) => [`${path}.testMetrics.${name}`, testReasons?.[name] ?? NOT_DEFINED]),
    ),
  };
}
