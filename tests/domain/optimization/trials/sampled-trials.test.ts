import { describe, expect, it } from '@jest/globals';
import { dailyReturnsOf, returnsPerTrial } from '../../../../domain/optimization/evaluation/daily-returns.ts';
import {
  gatheredReturns,
  sampledCombinations,
  sampledCount,
  sampledTrials,
} from '../../../../domain/optimization/trials/sampled-trials.ts';
import { inputOf, prepared } from '../market.ts';

describe('the trials whose daily returns are wanted', () => {
  it('are all up to 5,100, and beyond 5,000 different ones by the seed', () => {
    expect(sampledCount(5_100)).toBe(5_100);
    expect([...sampledTrials(3, 7)]).toEqual([0, 1, 2]);
    const drawn = sampledTrials(5_101, 7);
    expect([drawn.length, new Set(drawn).size]).toEqual([5_000, 5_000]);
    expect(drawn.every((trial) => trial >= 0 && trial < 5_101)).toBe(true);
    expect(sampledTrials(5_101, 7)).toEqual(drawn);
    expect(sampledTrials(5_101, 8)).not.toEqual(drawn);
  });

  it('are combinations in the order of their positions, those excluded left out', () => {
    // fast 4 to 20 by 4 under slow 10 to 60 by 10: all but those of slow 10 with fast 12, 16, 20 and of slow 20 with fast 20.
    const search = prepared(inputOf({ constraints: ['fast < slow'] }));
    const all = Array.from({ length: search.plan.positions }, (_, position) => search.at(position)).filter(
      (i) => i >= 0,
    );
    expect(all).toHaveLength(26);
    expect([...sampledCombinations(search)]).toEqual(all);
  });

  it('of many are those of the draw', () => {
    const search = prepared(
      inputOf(
        { space: { fast: { min: 2, max: 81, step: 1 }, slow: { min: 82, max: 161, step: 1 } }, walkForward: null },
        { bars: 24 * 10 },
      ),
    );
    expect(search.plan.total).toBe(6_400);
    const places = [...sampledTrials(6_400, search.input.spec.seed)].toSorted((a, b) => a - b);
    expect([...sampledCombinations(search)]).toEqual(places.map((place) => search.at(place)));
  });
});

describe('daily returns that are gathered', () => {
  const search = prepared(inputOf({ constraints: ['fast < slow'] }));
  const wanted = sampledCombinations(search);
  const periods = returnsPerTrial(search);
  const of = (combinations: Float64Array) => {
    const values = new Float64Array(combinations.length * periods);
    dailyReturnsOf(search, combinations, 0, combinations.length, values);
    return { combinations, values };
  };

  it('are the same bits whatever was known before, in the order that is wanted', () => {
    const whole = of(wanted).values;
    expect(whole.some((r) => r !== 0)).toBe(true);
    const pieces = [of(wanted.slice(13)), of(wanted.slice(2, 9))];
    for (const known of [[], pieces, [of(wanted)]]) expect(gatheredReturns(search, wanted, known)).toEqual(whole);
    const few = wanted.slice(4, 6).reverse();
    const expected = [5, 4].flatMap((k) => [...whole.subarray(k * periods, (k + 1) * periods)]);
    expect([...gatheredReturns(search, few, pieces)]).toEqual(expected);
  });

  it('are not computed again where they are known', () => {
    const known = { combinations: wanted, values: new Float64Array(wanted.length * periods).fill(0.5) };
    expect(new Set(gatheredReturns(search, wanted, [known]))).toEqual(new Set([0.5]));
  });
});
