import { longRunVariance, stationaryDraws } from './stationary-bootstrap.ts';

export interface SuperiorAbilityInput {
  /** Return of each trial less that of the benchmark, one row of `periods` for each trial. */
  readonly excess: Float64Array;
  readonly trials: number;
  readonly periods: number;
  /** Mean length of a bootstrap block, in periods. */
  readonly meanBlock: number;
  readonly draws: number;
  readonly seed: number;
}

/** How likely the best of all trials looks this good when none is better than the benchmark. */
export interface SuperiorAbility {
  /** Hansen's consistent p-value. */
  readonly pValue: number;
  /** The bounds of it: what a benchmark as bad as it may be, and the least favourable one (a studentised reality check), would give. */
  readonly lower: number;
  readonly upper: number;
  /** The best trial's studentised mean, 0 when none beats the benchmark. */
  readonly statistic: number;
  /** Number of that trial. */
  readonly best: number;
}

interface Trial {
  readonly mean: number;
  /** Long-run standard deviation of one period; 0 for a trial that never differs from the benchmark in the same way. */
  readonly deviation: number;
}

function measure({ excess, trials, periods, meanBlock }: SuperiorAbilityInput): Trial[] {
  return Array.from({ length: trials }, (_, k) => {
    let sum = 0;
    for (let t = 0; t < periods; t++) sum += excess[k * periods + t]!;
    const variance = longRunVariance(excess, k * periods, periods, meanBlock);
    return { mean: sum / periods, deviation: Math.sqrt(Math.max(0, variance)) };
  });
}

/** What is taken off each trial's bootstrap mean: under lower, consistent and upper. */
function centres(trials: readonly Trial[], periods: number): readonly Float64Array[] {
  const threshold = Math.sqrt((2 * Math.log(Math.log(periods))) / periods);
  const of = (keep: (trial: Trial) => boolean): Float64Array =>
    Float64Array.from(trials, (trial) => (keep(trial) ? trial.mean : 0));
  return [
    Float64Array.from(trials, ({ mean }) => Math.max(mean, 0)),
    of(({ mean, deviation }) => mean >= -deviation * threshold),
    of(() => true),
  ];
}

/**
 * Hansen's test for superior predictive ability, studentised, by the stationary bootstrap: whether the best trial beats the benchmark by
 * more than the search through all of them explains. Needs at least 3 periods. The same input and seed give the same bits.
 *
 * @see Hansen, "A Test for Superior Predictive Ability", Journal of Business and Economic Statistics 23(4), 2005; White, "A Reality
 *   Check for Data Snooping", Econometrica 68(5), 2000.
 */
export function superiorAbility(input: SuperiorAbilityInput): SuperiorAbility {
  const { excess, periods, draws, meanBlock, seed } = input;
  if (periods < 3) throw new RangeError(`the test needs at least 3 periods, there are ${periods}`);
  const trials = measure(input);
  const root = Math.sqrt(periods);
  const score = ({ mean, deviation }: Trial): number => (deviation > 0 ? (root * mean) / deviation : 0);
  let best = 0;
  for (let k = 1; k < trials.length; k++) if (score(trials[k]!) > score(trials[best]!)) best = k;
  const statistic = Math.max(0, score(trials[best]!));

  const centred = centres(trials, periods);
  const above = [0, 0, 0];
  const draw = stationaryDraws(periods, meanBlock, seed);
  for (let b = 0; b < draws; b++) {
    const drawn = draw();
    const highest = [0, 0, 0];
    for (const [k, { deviation }] of trials.entries()) {
      if (deviation === 0) continue;
      let sum = 0;
      for (let t = 0, at = k * periods; t < periods; t++, at++) sum += drawn[t]! * excess[at]!;
      const mean = sum / periods;
      for (let c = 0; c < 3; c++) {
        const z = (root * (mean - centred[c]![k]!)) / deviation;
        if (z > highest[c]!) highest[c] = z;
      }
    }
    for (let c = 0; c < 3; c++) if (highest[c]! >= statistic) above[c]! += 1;
  }
  const [lower, pValue, upper] = above.map((count) => count / draws) as [number, number, number];
  return { pValue, lower, upper, statistic, best };
}
