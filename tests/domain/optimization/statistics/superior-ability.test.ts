import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../../domain/backtest/analysis/seeded-random.ts';
import {
  superiorAbility,
  type SuperiorAbilityInput,
} from '../../../../domain/optimization/statistics/superior-ability.ts';
import { longRunVariance } from '../../../../domain/optimization/statistics/stationary-bootstrap.ts';

/** Sums of four numbers of the minimal standard generator (Park and Miller, 48271), less 2: the same in every language. */
function generator(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

function trialsOf(
  seed: number,
  periods: number,
  trials: number,
  edges: Readonly<Record<number, number>>,
): Float64Array {
  const next = generator(seed);
  const excess = new Float64Array(periods * trials);
  for (let t = 0; t < periods; t++) for (let k = 0; k < trials; k++) excess[k * periods + t] = next() + (edges[k] ?? 0);
  return excess;
}

const input = (
  excess: Float64Array,
  trials: number,
  draws: number,
  seed = 1,
  studentised: SuperiorAbilityInput['studentised'] = 'each-draw',
): SuperiorAbilityInput => ({
  excess,
  trials,
  periods: excess.length / trials,
  meanBlock: 8,
  draws,
  seed,
  studentised,
});

describe('the test for superior predictive ability', () => {
  const excess = trialsOf(12_345, 200, 10, { 3: 0.1, 7: -0.3 });

  it('has the long-run variances of the Python package arch 8.0.0', () => {
    const found = [0, 1, 2, 7].map((k) => longRunVariance(excess, k * 200, 200, 8));
    const expected = [0.32799402940429806, 0.2566145093397558, 0.280353142205991, 0.33696806373931565];
    for (const [i, variance] of found.entries()) expect(variance / expected[i]!).toBeCloseTo(1, 5);
  });

  it('has the p-values of arch, whose simulated means were studentised, over 50,000 draws', () => {
    const result = superiorAbility(input(excess, 10, 50_000, 1, 'once'));
    expect(result.statistic).toBeCloseTo(3.0423212485634563, 4);
    expect(result.best).toBe(8);
    // The standard error of the difference of two such estimates is 0.0007.
    for (const [found, expected] of [
      [result.lower, 0.00814],
      [result.pValue, 0.01074],
      [result.upper, 0.01218],
    ] as const) {
      expect(Math.abs(found - expected)).toBeLessThan(0.0028);
    }
  });

  it.each([
    // Trials and periods: a small search in four months, a large one in a month, in which the best of noise has a studentised mean above 5.
    [5, 120],
    [200, 32],
  ])('rejects as often as its level says when none of %i trials in %i periods is better', (trials, periods) => {
    const rejected = Array.from({ length: 100 }, (_, seed) => {
      const { next } = seededRandom(seed);
      const noise = Float64Array.from({ length: trials * periods }, () => next() + next() + next() + next() - 2);
      return superiorAbility({ ...input(noise, trials, 200), meanBlock: Math.cbrt(periods) }).pValue;
    }).filter((pValue) => pValue < 0.1);
    // Binomial(100, 0.1): 10 on average, deviation 3; 1 or fewer and 21 or more have a chance of 0.1 %.
    expect(rejected.length).toBeGreaterThan(1);
    expect(rejected.length).toBeLessThan(21);
  });

  it('finds an edge', () => {
    const seeds = Array.from({ length: 40 }, (_, i) => 5000 + i * 77);
    const found = seeds.filter(
      (seed) => superiorAbility(input(trialsOf(seed, 120, 5, { 2: 0.25 }), 5, 300)).pValue < 0.05,
    );
    // 0.25 against a deviation of 0.577 over 120 periods is 4.7 standard errors.
    expect(found.length).toBeGreaterThan(36);
  });

  it('never says that chance is impossible: with no draw of B as good it is 1 / (1 + B)', () => {
    // 1 against a deviation of 0.577 over 120 periods is 19 standard errors, which no draw of 99 comes near.
    const sure = superiorAbility(input(trialsOf(5, 120, 5, { 2: 1 }), 5, 99));
    expect([sure.lower, sure.pValue, sure.upper]).toEqual([0.01, 0.01, 0.01]);
  });

  it('orders its three probabilities, also where the search through a draw ends early', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { lower, pValue, upper } = superiorAbility(input(trialsOf(seed, 40, 30, { 1: -0.3, 2: -0.3 }), 30, 200));
      expect(lower).toBeLessThanOrEqual(pValue);
      expect(pValue).toBeLessThanOrEqual(upper);
    }
  });

  it('gives the same bits for the same seed and other bits for another', () => {
    const once = superiorAbility(input(excess, 10, 2_000));
    expect(superiorAbility(input(excess, 10, 2_000))).toEqual(once);
    expect(superiorAbility(input(excess, 10, 2_000, 2)).upper).not.toBe(once.upper);
  });

  it('does not choke on trials that never differ from the benchmark', () => {
    const idle = new Float64Array(400);
    expect(superiorAbility(input(idle, 2, 100))).toMatchObject({ statistic: 0, pValue: 1 });
  });
});
