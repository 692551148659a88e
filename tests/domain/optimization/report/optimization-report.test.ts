import { describe, expect, it } from '@jest/globals';
import { objectiveText } from '../../../../domain/optimization/report/optimization-report.ts';
import { verdictParts } from '../../../../domain/optimization/report/verdict-parts.ts';
import type { OptimizationResult, WalkForwardResult } from '../../../../domain/optimization/result.ts';
import { sampleOptimization } from '../../../helpers/sample-optimization.ts';

const report = sampleOptimization();
const { result } = report;

describe('the parts of a verdict', () => {
  const judged = (dsr: number | null, pbo: number | null, low: number | null): readonly boolean[] => {
    const walked = result.walkForward as WalkForwardResult;
    const interval = low === null ? null : { confidence: 0.9, low, high: 1 };
    const changed: OptimizationResult = { ...result, dsr, pbo, walkForward: { ...walked, interval } };
    return verdictParts(changed).map(({ passed }) => passed);
  };

  // Believable = DSR >= 0.95, PBO <= 0.2 and an interval above 0: thresholds belong to what is believed, 0 does not.
  it.each([
    [0.95, 0.2, 0.001, [true, true, true]],
    [0.9499, 0.2, 0.001, [false, true, true]],
    [0.95, 0.2001, 0.001, [true, false, true]],
    [0.95, 0.2, 0, [true, true, false]],
    [null, null, null, [false, false, false]],
  ])('are for a DSR of %p, a PBO of %p and a low end of %p: %p', (dsr, pbo, low, passed) => {
    expect(judged(dsr, pbo, low)).toEqual(passed);
  });

  it('agree with the verdict of the search', () => {
    expect(verdictParts(result).every(({ passed }) => passed)).toBe(result.believable);
  });

  it('say why a figure is not known', () => {
    const parts = verdictParts({ ...result, dsr: null, reasons: { dsr: 'too few returns' } });
    expect(parts[0]).toMatchObject({ passed: false, value: null, reason: 'too few returns' });
  });
});

describe('the document of a search', () => {
  /** Paths of all nulls among figures that a reader meets. */
  function nulls(): readonly string[] {
    const { sharpe, walkForward, prediction, dsr, psr, pbo } = report.result;
    const figures: Readonly<Record<string, unknown>> = {
      dsr,
      psr,
      pbo,
      sharpe,
      prediction,
      'sharpe.minTrackLength': sharpe?.minTrackLength,
      'sharpe.minBacktestYears': sharpe?.minBacktestYears,
      'walkForward.efficiency': walkForward?.efficiency,
      'walkForward.interval': walkForward?.interval,
      ...Object.fromEntries(
        walkForward!.folds.map((fold, i) => [`walkForward.folds.${i}.efficiency`, fold.efficiency]),
      ),
    };
    return Object.keys(figures).filter((path) => figures[path] === null);
  }

  it('gives a reason for every figure that is not defined', () => {
    const paths = nulls();
    // The sample loses money: some must be undefined, or the test would say nothing.
    expect(paths).toContain('sharpe.minTrackLength');
    for (const path of paths) expect(report.result.reasons[path]).toMatch(/\w/);
  });

  it('is plain JSON, the same for the same search', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(JSON.stringify(sampleOptimization())).toBe(JSON.stringify(report));
  });

  it('marks the cell that holds the score of the best', () => {
    const [chosen] = report.chosenCells;
    const [map] = report.result.pictures.heatMaps;
    expect(map!.best[chosen![1]]![chosen![0]]).toBe(report.result.best!.score);
  });

  it('says what combinations were ranked by', () => {
    const plain = { combine: 'sum', normalise: 'none', minTrades: 0, plateau: null } as const;
    expect(objectiveText({ ...plain, weights: { sharpeRatio: 1 } })).toBe('Sharpe ratio');
    expect(
      objectiveText({ ...plain, weights: { sharpeRatio: 1, maxDrawdown: -0.5 }, normalise: 'rank', minTrades: 30 }),
    ).toBe('Sharpe ratio + -0.5 × Max drawdown, each as its rank; at least 30 closed trades');
    expect(
      objectiveText({
        ...plain,
        weights: { sharpeRatio: 1, winRate: 2 },
        combine: 'product',
        plateau: { aggregate: 'mean-minus-deviations', k: 1 },
      }),
    ).toBe('Sharpe ratio × Win rate ^ 2, the mean of the neighbourhood less 1 deviations');
  });
});
