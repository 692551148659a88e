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

/** The trials that differ from the benchmark at all, column by column. */
interface Compared {
  readonly trials: Int32Array;
  /** What turns a sum over the periods into a studentised mean. */
  readonly scales: Float64Array;
  /** What is taken off that: under lower, consistent and upper. */
  readonly lower: Float64Array;
  readonly consistent: Float64Array;
  readonly upper: Float64Array;
}

function comparedTrials(trials: readonly Trial[], periods: number): Compared {
  const threshold = Math.sqrt((2 * Math.log(Math.log(periods))) / periods);
  const some = Int32Array.from(trials.keys()).filter((k) => trials[k]!.deviation > 0);
  const of = (centre: (trial: Trial) => number): Float64Array =>
    Float64Array.from(some, (k) => (Math.sqrt(periods) * centre(trials[k]!)) / trials[k]!.deviation);
  return {
    trials: some,
    scales: Float64Array.from(some, (k) => 1 / (Math.sqrt(periods) * trials[k]!.deviation)),
    lower: of(({ mean }) => Math.max(mean, 0)),
    consistent: of(({ mean, deviation }) => (mean >= -deviation * threshold ? mean : 0)),
    upper: of(({ mean }) => mean),
  };
}

/** The highest studentised mean of a bootstrap draw, at least 0, under lower, consistent and upper. */
function highestOf(
  { trials, scales, lower, consistent, upper }: Compared,
  excess: Float64Array,
  weights: Float64Array,
): readonly [number, number, number] {
  const periods = weights.length;
  let [underLower, underConsistent, underUpper] = [0, 0, 0];
  for (let k = 0; k < trials.length; k++) {
    let sum = 0;
    for (let t = 0, at = trials[k]! * periods; t < periods; t++, at++) sum += weights[t]! * excess[at]!;
    const z = sum * scales[k]!;
    if (z - lower[k]! > underLower) underLower = z - lower[k]!;
    if (z - consistent[k]! > underConsistent) underConsistent = z - consistent[k]!;
    if (z - upper[k]! > underUpper) underUpper = z - upper[k]!;
  }
  return [underLower, underConsistent, underUpper];
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

  const compared = comparedTrials(trials, periods);
  const above = [0, 0, 0];
  const draw = stationaryDraws(periods, meanBlock, seed);
  const weights = new Float64Array(periods);
  for (let b = 0; b < draws; b++) {
    weights.set(draw());
    const highest = highestOf(compared, excess, weights);
    for (let c = 0; c < 3; c++) if (highest[c]! >= statistic) above[c]! += 1;
  }
  const [lower, pValue, upper] = above.map((count) => count / draws) as [number, number, number];
  return { pValue, lower, upper, statistic, best };
}
