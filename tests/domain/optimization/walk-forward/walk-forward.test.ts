import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { PreparedOptimization } from '../../../../domain/optimization/evaluation/optimization.ts';
import type { BarRange } from '../../../../domain/optimization/folds.ts';
import { search } from '../../../../domain/optimization/search.ts';
import type { Ranking } from '../../../../domain/optimization/trials/ranking.ts';
import { axisStability } from '../../../../domain/optimization/walk-forward/axis-stability.ts';
import { walkForward } from '../../../../domain/optimization/walk-forward/walk-forward.ts';
import { inputOf } from '../market.ts';

function searched(own: Readonly<Record<string, unknown>> = {}) {
  const found = search(inputOf({ walkForward: { folds: 4 }, broker: { commission: 0.0005 }, ...own }));
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found;
}

/** Total return of a combination on part of the bars, by the event engine. */
function returnOn(
  { input, times }: PreparedOptimization,
  params: Record<string, number>,
  { from, to }: BarRange,
): number {
  const { broker, sizing } = input.spec.backtest;
  const range = { from: times[from]!, ...(to < times.length ? { to: times[to]! } : {}) };
  const run = runBacktest({ markets: input.markets, strategy: input.strategy, params, broker, sizing, ...range });
  return run.equity.at(-1)! / broker.cash - 1;
}

describe('the walk-forward', () => {
  const { result, prepared, ranking } = searched();
  const walked = walkForward(prepared, ranking);
  const { folds } = walked.result;

  it('chooses in each fold the combination that is best there', () => {
    for (const [k, fold] of folds.entries()) {
      const scores = ranking.table.components(k).get('sharpeRatio')!;
      const best = Math.max(...scores.filter((score) => !Number.isNaN(score)));
      expect(fold.trainScore).toBe(best);
      expect(fold.index).toBe(ranking.table.indices[scores.indexOf(best)]!);
    }
  });

  it('tries each choice on the bars after it, from flat, and puts the trials end to end', () => {
    let growth = 1;
    for (const fold of folds) {
      const own = returnOn(prepared, fold.params as Record<string, number>, fold.test);
      expect(fold.testMetrics!['totalReturn']).toBeCloseTo(own, 12);
      growth *= 1 + own;
    }
    expect(walked.result.totalReturn).toBeCloseTo(growth - 1, 12);
    expect(walked.returns.reduce((wealth, r) => wealth * (1 + r), 1)).toBeCloseTo(growth, 12);
    // The second half of 60 days less the warm-up of 59 hours, from the close of its first bar on.
    expect(walked.run.times).toHaveLength(prepared.plan.span.to - folds[0]!.test.from);
    expect(walked.returns).toHaveLength(29);
  });

  it('scales money with the capital that the trials before have left', () => {
    const { trades, openTrades, initialCash, equity } = walked.run;
    const profit = [...trades, ...openTrades].reduce((sum, { pnl }) => sum + pnl, 0);
    expect(profit).toBeCloseTo(equity.at(-1)! - initialCash, 6);
  });

  it('is as efficient as its trials earned of what its choices earned, a year', () => {
    // 260 days less 59 hours: four trials of 32 days each.
    const long = search(inputOf({ walkForward: { folds: 4 } }, { bars: 24 * 260 }));
    if (!long.ok) throw new Error(JSON.stringify(long.problems));
    const { folds: parts, metrics, efficiency: whole } = long.result.walkForward!;
    let defined = 0;
    for (const { efficiency, efficiencyReason, trainMetrics, testMetrics } of parts) {
      const inside = trainMetrics!['annualReturn']!;
      if (inside > 0) {
        expect(efficiency).toBeCloseTo(testMetrics!['annualReturn']! / inside, 12);
        defined += 1;
      } else expect([efficiency, efficiencyReason]).toEqual([null, expect.stringContaining('earned nothing')]);
    }
    expect(defined).toBeGreaterThan(0);
    let [growth, days] = [1, 0];
    for (const { trainMetrics } of parts) {
      growth *= 1 + trainMetrics!['totalReturn']!;
      days += trainMetrics!['n']!;
    }
    const inside = growth ** (365 / days) - 1;
    expect(inside).toBeGreaterThan(0);
    expect(whole).toBeCloseTo(metrics['annualReturn']! / inside, 10);
  });

  it('says why metrics of a trial are not defined', () => {
    for (const { testMetrics, testReasons } of folds) {
      const undefinedOnes = Object.keys(testMetrics!).filter((name) => testMetrics![name] === null);
      expect(Object.keys(testReasons)).toEqual(undefinedOnes);
    }
    // A trial of 21 of 1,381 bars, in which averages of 40 and 60 bars do not cross twice.
    const short = search(inputOf({ space: { fast: [40], slow: [60] }, walkForward: { folds: 1, trainShare: 0.985 } }));
    if (!short.ok) throw new Error(JSON.stringify(short.problems));
    const [first] = short.result.walkForward!.folds;
    expect(first!.testMetrics).toMatchObject({ trades: 0, winRate: null });
    expect(first!.testReasons['winRate']).toMatch(/trade/);
  });

  it('has no efficiency of parts of a few days', () => {
    // Four trials in 29 days.
    for (const { efficiency, efficiencyReason } of folds) {
      expect(efficiency).toBeNull();
      expect(efficiencyReason).toMatch(/one side has [78] days: it is given from 30 days on/);
    }
  });

  it('has an interval around its return, and is in the result', () => {
    const { low, high } = walked.result.interval!;
    expect(low).toBeLessThan(walked.result.totalReturn!);
    expect(high).toBeGreaterThan(walked.result.totalReturn!);
    expect(result.walkForward).toEqual(walked.result);
  });

  it('stays out of the market in a fold without a choice', () => {
    const choices = ranking.choices.map((choice, k) => (k === 1 ? { trial: -1, score: Number.NaN } : choice));
    const some = walkForward(prepared, { ...ranking, choices } satisfies Ranking);
    expect(some.result.folds[1]).toMatchObject({
      index: null,
      params: null,
      testMetrics: null,
      testReasons: {},
      efficiency: null,
    });
    const { from, to } = prepared.plan.folds[1]!.test;
    const first = prepared.plan.folds[0]!.test.from;
    const flat = some.run.equity.subarray(from - first, to - first);
    expect(new Set(flat).size).toBe(1);
    expect(some.result.totalReturn).toBeCloseTo(
      (1 + walked.result.totalReturn!) / (1 + folds[1]!.testMetrics!['totalReturn']!) - 1,
      12,
    );
  });

  it('keeps a purge and an embargo between choice and trial', () => {
    const kept = searched({ walkForward: { kind: 'anchored', folds: 2, purgeBars: 24, embargoBars: 6 } }).result;
    for (const { train, test } of kept.walkForward!.folds) expect(test.from - train.to).toBe(30);
  });
});

describe('the stability of parameters', () => {
  const { space } = searched({ space: { fast: [2, 4, 6, 8, 10], slow: [20, 40, 60] } }).prepared;

  it('is how far choices move from fold to fold, as shares of the range', () => {
    // fast 2, 10, 10, 6 (positions 0, 4, 4, 2 of 4); slow 40 always.
    const choices = [
      [0, 1],
      [4, 1],
      [4, 1],
      [2, 1],
    ].map((positions) => space.indexAt(positions));
    expect(axisStability(space, choices)).toEqual([
      { name: 'fast', values: [2, 10, 10, 6], moved: 0.5, spread: 1, modeShare: 0.5 },
      { name: 'slow', values: [40, 40, 40, 40], moved: 0, spread: 0, modeShare: 1 },
    ]);
  });

  it('passes over folds without a choice', () => {
    expect(axisStability(space, [null, 0])[0]).toEqual({
      name: 'fast',
      values: [null, 2],
      moved: null,
      spread: null,
      modeShare: 1,
    });
    expect(axisStability(space, [null])[0]).toMatchObject({ moved: null, spread: null, modeShare: null });
  });
});
