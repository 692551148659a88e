import { describe, expect, it } from '@jest/globals';
import { timeframeMs } from '../../../domain/market/timeframe.ts';
import { syntheticMixture } from '../../../domain/market/synthetic-mixture.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { concludeOptimization } from '../../../domain/optimization/conclude.ts';
import type { OptimizationInput } from '../../../domain/optimization/evaluation/optimization.ts';
import type { OptimizationResult } from '../../../domain/optimization/result.ts';
import { NO_SPREAD } from '../../../domain/optimization/statistics/pooled-spread.ts';
import { NO_EARLIER_TRIALS } from '../../../domain/optimization/trials/earlier-trials.ts';
import { search, type SearchOptions } from '../../../domain/optimization/search.ts';
import { defineStrategy } from '../../../domain/strategies/define-strategy.ts';
import { inputOf, specOf } from './market.ts';

function resultOf(input: OptimizationInput, options?: SearchOptions): OptimizationResult {
  const found = search(input, options);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.result;
}

/** Holds from the close of one hour of the day to that of the next: 24 combinations, whose returns share no bar. */
const hourOfDay = defineStrategy({
  id: 'hour-of-day',
  title: 'One hour of each day',
  params: [{ name: 'hour', kind: 'integer', title: 'Hour at whose close it buys', min: 0, max: 23, default: 0 }],
  prepare: (lines, { hour }) => {
    lines.warmUp(1);
    return (context) => {
      const now = Math.floor(context.bar.time / timeframeMs('1h')) % 24;
      if (context.position.size > 0) context.close();
      else if (now === hour) context.buy();
    };
  },
});

/** Noise, in which the hour after `hour` rises by so many of its deviations on average. */
function plantedMarket(seed: number, days: number, edge: number, hour = 5): Candles {
  const volatility = 0.004;
  const candles = syntheticMixture({ seed, bars: 24 * days, kind: 'noise', timeframe: '1h', volatility });
  let factor = 1;
  for (let bar = 0; bar < candles.length; bar++) {
    candles.open[bar]! *= factor;
    if (bar % 24 === (hour + 1) % 24) factor *= 1 + edge * volatility;
    candles.close[bar]! *= factor;
    candles.high[bar] = Math.max(candles.high[bar]! * factor, candles.open[bar]!, candles.close[bar]!);
    candles.low[bar] = Math.min(candles.low[bar]! * factor, candles.open[bar]!, candles.close[bar]!);
  }
  return candles;
}

function hoursOn(candles: Candles, step = 1): OptimizationInput {
  const spec = specOf({
    strategy: { file: '/tmp/hour-of-day.mjs' },
    space: { hour: { min: 0, max: 23, step } },
    broker: { fill: 'close' },
  });
  return { markets: [candles], strategy: hourOfDay, spec, periodsPerYear: 365 };
}

describe('a search for a planted edge', () => {
  const result = resultOf(hoursOn(plantedMarket(1, 250, 0.6)));

  it('finds it and believes it', () => {
    expect(result.best!.params).toEqual({ hour: 5 });
    expect(result.dsr).toBeGreaterThan(0.95);
    expect(result.pbo).toBeLessThan(0.05);
    expect(result.walkForward!.interval!.low).toBeGreaterThan(0);
    expect(result.walkForward!.folds.map(({ params }) => params)).toEqual(
      Array.from({ length: 5 }, () => ({ hour: 5 })),
    );
    expect(result.walkForward!.stability).toMatchObject([{ name: 'hour', moved: 0, modeShare: 1 }]);
    expect(result.spa.find(({ benchmark }) => benchmark === 'zero')!.pValue).toBeLessThan(0.05);
    expect(result).toMatchObject({
      believable: true,
      tried: 24,
      excluded: 0,
      sentence: expect.stringMatching(/^Believable: after 24 trials/),
    });
  });

  it('says that the folds are not fresh data after ten times as many earlier trials, and not before', () => {
    const after = (trials: number) =>
      resultOf(hoursOn(plantedMarket(1, 250, 0.6)), { earlierTrials: { jobs: 1, trials, spread: NO_SPREAD } });
    const seen = after(240);
    expect(seen.sentence).toMatch(
      /; earlier searches tried 240 combinations on the same time, so the walk-forward was not on fresh data\.$/,
    );
    expect(seen.notes.join(' ')).toMatch(/Earlier searches tried 240 combinations on the same time, this one 24: /);
    const few = after(239);
    expect(few.sentence).not.toMatch(/earlier searches/);
    expect(few.notes.join(' ')).not.toMatch(/Earlier searches/);
  });

  it('does not believe it after so many earlier trials', () => {
    const later = resultOf(hoursOn(plantedMarket(1, 250, 0.25)), {});
    const more = resultOf(hoursOn(plantedMarket(1, 250, 0.25)), {
      earlierTrials: { jobs: 3, trials: 1_000_000, spread: NO_SPREAD },
    });
    expect(more.sharpe!.trials).toBe(1_000_024);
    expect(more.dsr!).toBeLessThan(later.dsr!);
    expect(more.believable).toBe(false);
    expect(more).toMatchObject({ earlierTrials: 1_000_000, earlierJobs: 3 });
    expect(more.sentence).toMatch(/after 1,000,024 trials where 0.95 is needed/);
  });
});

describe('searches in noise', () => {
  const seeds = Array.from({ length: 50 }, (_, seed) => seed);
  const results = seeds.map((seed) => resultOf(hoursOn(plantedMarket(100 + seed, 48, 0), 2)));

  it('have a probability of overfitting of a half: the mean over 50 seeds lies within 3 standard errors', () => {
    const found = results.map(({ pbo }) => pbo!);
    const mean = found.reduce((a, b) => a + b) / found.length;
    const deviation = Math.sqrt(found.reduce((sum, pbo) => sum + (pbo - mean) ** 2, 0) / (found.length - 1));
    expect(Math.abs(mean - 0.5)).toBeLessThan((3 * deviation) / Math.sqrt(found.length));
  });

  it('are hardly ever believed', () => {
    expect(results.filter(({ believable }) => believable).length).toBeLessThanOrEqual(1);
  });

  it('seem superior about as often as the level of the test says', () => {
    const rejected = results.filter(({ spa }) => spa.find(({ benchmark }) => benchmark === 'zero')!.pValue < 0.1);
    // Binomial(50, 0.1): 5 on average; 13 or more have a chance of 0.1 %.
    expect(rejected.length).toBeLessThan(13);
  });
});

describe('the result of a search', () => {
  const input = inputOf({ broker: { commission: 0.0005 } });
  const result = resultOf(input);

  it('is plain JSON without anything undefined in disguise', () => {
    const text = JSON.stringify(result);
    expect(JSON.parse(text)).toEqual(result);
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  it('is the same bits for the same input', () => {
    expect(JSON.stringify(resultOf(input))).toBe(JSON.stringify(result));
  });

  it('names the best with all its metrics and the first of the top', () => {
    expect(result.top[0]).toMatchObject({ index: result.best!.index, score: result.best!.score });
    expect(result.best!.metrics['sharpeRatio']).toBeCloseTo(result.best!.score!, 9);
    expect(result.best!.metrics['psrVs0RawKurtosisCorrect']).toBeCloseTo(result.psr!, 12);
    expect(result.best!.metrics).toHaveProperty('beta');
    expect(result.top.map(({ score }) => score)).toEqual(
      result.top.map(({ score }) => score).toSorted((a, b) => b! - a!),
    );
    expect(result.tried + result.excluded).toBe(30);
  });

  it('has pictures of all pairs of parameters, in the order of their values', () => {
    const [map] = result.pictures.heatMaps;
    expect(map!.x).toEqual({ name: 'fast', values: [4, 8, 12, 16, 20] });
    expect(map!.y).toEqual({ name: 'slow', values: [10, 20, 30, 40, 50, 60] });
    const { fast, slow } = result.best!.params;
    const row = map!.y.values.indexOf(slow!);
    expect(map!.best[row]![map!.x.values.indexOf(fast!)]).toBe(result.best!.score);
    // fast 20 and slow 10 is refused by the strategy.
    expect(map!.best[0]![4]).toBeNull();
    const { logits, sharpeRatios, slices, walkForward } = result.pictures;
    expect(logits!.counts.reduce((a, b) => a + b)).toBe(12_870);
    const notAbove = logits!.counts.slice(0, logits!.edges.indexOf(0)).reduce((a, b) => a + b);
    expect(notAbove / 12_870).toBeCloseTo(result.pbo!, 12);
    expect(sharpeRatios!.counts.reduce((a, b) => a + b)).toBe(result.tried);
    expect(slices.map(({ name, trials }) => [name, trials.reduce((a, b) => a + b)])).toEqual([
      ['fast', 26],
      ['slow', 26],
    ]);
    expect(walkForward!.folds).toHaveLength(5);
    expect(walkForward!.equity.values.at(-1)! / 10_000 - 1).toBeCloseTo(result.walkForward!.totalReturn!, 12);
  });

  it('says what is missing when there is no walk-forward', () => {
    const without = resultOf(inputOf({ walkForward: null }));
    expect(without).toMatchObject({
      walkForward: null,
      believable: false,
      prediction: { basis: 'deflated' },
      reasons: { walkForward: 'the search has no walk-forward' },
      sentence: expect.stringContaining('has no interval (the search has no walk-forward)'),
    });
  });

  it('says why there are no statistics of ten days', () => {
    const short = resultOf(inputOf({}, { bars: 24 * 12 }));
    expect(short).toMatchObject({ pbo: null, spa: [], believable: false });
    expect(short.reasons).toMatchObject({
      pbo: 'it needs at least 16 daily returns, there are 10',
      'spa.zero': 'it needs at least 20 daily returns, there are 10',
    });
    expect(short.sentence).toMatch(/the probability of overfitting is not known \(it needs at least 16 daily returns/);
    expect(short.notes[0]).toMatch(/There are 10 daily returns/);
  });

  it('says so when no combination has a score', () => {
    const none = resultOf(inputOf({ objective: { metric: 'sharpeRatio', minTrades: 1_000 } }));
    expect(none).toMatchObject({
      best: null,
      top: [],
      dsr: null,
      prediction: null,
      believable: false,
      tooFewTrades: none.tried,
    });
    expect(none.reasons['best']).toMatch(/too few trades/);
    expect(none).toMatchObject({ pbo: null, overfitting: null, pictures: { peak: null } });
    expect(none.reasons['pbo']).toBe('it needs at least 2 trials with 1,000 closed trades or more, there are none');
    expect(none.walkForward!.totalReturn).toBe(0);
  });

  it('measures overfitting among the trials that could be chosen, and says by what', () => {
    const { metrics } = result.best!;
    const least = metrics['trades']! + 1;
    const some = resultOf(
      inputOf({ broker: { commission: 0.0005 }, objective: { metric: 'totalReturn', minTrades: least } }),
    );
    expect(some.tooFewTrades).toBeGreaterThan(0);
    expect(some.overfitting).toMatchObject({
      measure: 'sharpeRatio',
      trials: some.tried - some.tooFewTrades,
      tooFewTrades: some.tooFewTrades,
      sampled: false,
    });
    expect(some.notes.join(' ')).toMatch(/chooses and ranks by the Sharpe ratio, not by the objective/);
    expect(result.overfitting).toMatchObject({ trials: result.tried, tooFewTrades: 0 });
    expect(result.notes.join(' ')).not.toMatch(/not by the objective/);
  });

  it('judges a sample, and a search that was ended early', () => {
    const sampled = resultOf(inputOf({ sampler: { kind: 'random', count: 8 } }));
    expect(sampled.tried).toBe(8);
    const found = search(input);
    if (!found.ok) throw new Error('no search');
    const { prepared, ranking } = found;
    const rows = new Float64Array(3);
    expect(() => concludeOptimization(prepared, ranking, { rows, earlierTrials: NO_EARLIER_TRIALS })).toThrow(
      /rows has 3 numbers/,
    );
  });
});
