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
  /**
   * What means are divided by. `once`: the long-run deviation of the data, for every draw, as in Hansen's paper; among many trials some have
   * a deviation that is far too small by chance, so in samples of months the best of noise looks superior far too often. `each-draw`: the
   * deviation of the returns, measured anew in each draw, so that the draws have the same accidents: the size holds from a month on.
   */
  readonly studentised: 'once' | 'each-draw';
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

/** The trials that differ from the benchmark at all, column by column. */
interface Measured {
  readonly trials: Int32Array;
  readonly means: Float64Array;
  /** Of one period: what the means are divided by. */
  readonly deviations: Float64Array;
  /** What is taken off the mean of a draw: under lower, consistent and upper. */
  readonly lower: Float64Array;
  readonly consistent: Float64Array;
  readonly upper: Float64Array;
}

function measure({ excess, trials, periods, meanBlock, studentised }: SuperiorAbilityInput): Measured {
  const means = new Float64Array(trials);
  const deviations = new Float64Array(trials);
  const longRun = new Float64Array(trials);
  for (let k = 0; k < trials; k++) {
    let [sum, squares] = [0, 0];
    for (let t = 0, at = k * periods; t < periods; t++, at++) {
      sum += excess[at]!;
      squares += excess[at]! ** 2;
    }
    means[k] = sum / periods;
    longRun[k] = Math.sqrt(Math.max(0, longRunVariance(excess, k * periods, periods, meanBlock)));
    deviations[k] = studentised === 'once' ? longRun[k]! : deviationOf(means[k]!, squares / periods);
  }
  const some = Int32Array.from(means.keys()).filter((k) => longRun[k]! > 0 && deviations[k]! > 0);
  const of = (value: (k: number) => number): Float64Array => Float64Array.from(some, value);
  const threshold = Math.sqrt((2 * Math.log(Math.log(periods))) / periods);
  return {
    trials: some,
    means: of((k) => means[k]!),
    deviations: of((k) => deviations[k]!),
    lower: of((k) => Math.max(means[k]!, 0)),
    consistent: of((k) => (means[k]! >= -longRun[k]! * threshold ? means[k]! : 0)),
    upper: of((k) => means[k]!),
  };
}

/** Standard deviation from the mean and the mean of squares; 0 where what is left is rounding. */
function deviationOf(mean: number, meanSquare: number): number {
  const variance = meanSquare - mean * mean;
  return variance > 1e-14 * meanSquare ? Math.sqrt(variance) : 0;
}

/** The periods that a draw holds, each once, and how often it holds them: about 63 % of all, and the others add nothing to a sum. */
class DrawnPeriods {
  readonly at: Int32Array;
  readonly times: Float64Array;
  count = 0;

  constructor(periods: number) {
    this.at = new Int32Array(periods);
    this.times = new Float64Array(periods);
  }

  take(drawn: Int32Array): void {
    this.count = 0;
    for (let t = 0; t < drawn.length; t++) {
      if (drawn[t] === 0) continue;
      this.at[this.count] = t;
      this.times[this.count++] = drawn[t]!;
    }
  }
}

/**
 * The highest studentised mean of a draw, at least 0, under lower, consistent and upper. More than `enough` is not asked for: the search ends as
 * soon as the lowest of the three, which is the first, has reached it.
 */
function highestOf(
  { trials, deviations, lower, consistent, upper }: Measured,
  excess: Float64Array,
  drawn: DrawnPeriods,
  isAnew: boolean,
  enough: number,
): readonly [number, number, number] {
  const { at: places, times, count } = drawn;
  const periods = places.length;
  const root = Math.sqrt(periods);
  let [underLower, underConsistent, underUpper] = [0, 0, 0];
  for (let k = 0; k < trials.length && underLower < enough; k++) {
    let [sum, squares] = [0, 0];
    const first = trials[k]! * periods;
    for (let i = 0; i < count; i++) {
      const own = excess[first + places[i]!]!;
      const weighted = times[i]! * own;
      sum += weighted;
      squares += weighted * own;
    }
    const mean = sum / periods;
    const deviation = isAnew ? deviationOf(mean, squares / periods) : deviations[k]!;
    if (deviation === 0) continue;
    const scale = root / deviation;
    underLower = Math.max(underLower, (mean - lower[k]!) * scale);
    underConsistent = Math.max(underConsistent, (mean - consistent[k]!) * scale);
    underUpper = Math.max(underUpper, (mean - upper[k]!) * scale);
  }
  return [underLower, underConsistent, underUpper];
}

/**
 * Hansen's test for superior predictive ability, by the stationary bootstrap: whether the best trial beats the benchmark by more than the
 * search through all of them explains. Needs at least 3 periods. The same input and seed give the same bits.
 *
 * Each probability is (1 + c) / (1 + B), where c of B draws show as much as the data: the data are one more draw under the hypothesis, so a
 * finite number of draws never says that chance is impossible (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2).
 *
 * @see Hansen, "A Test for Superior Predictive Ability", Journal of Business and Economic Statistics 23(4), 2005; White, "A Reality
 *   Check for Data Snooping", Econometrica 68(5), 2000; on studentising each draw: Romano and Wolf, "Stepwise Multiple Testing as
 *   Formalized Data Snooping", Econometrica 73(4), 2005.
 */
export function superiorAbility(input: SuperiorAbilityInput): SuperiorAbility {
  const { excess, periods, draws, meanBlock, seed, studentised } = input;
  if (periods < 3) throw new RangeError(`the test needs at least 3 periods, there are ${periods}`);
  const measured = measure(input);
  const { trials, means, deviations } = measured;
  let statistic = 0;
  let best = trials[0] ?? 0;
  for (let k = 0, highest = Number.NEGATIVE_INFINITY; k < trials.length; k++) {
    const score = (Math.sqrt(periods) * means[k]!) / deviations[k]!;
    if (score <= highest) continue;
    highest = score;
    best = trials[k]!;
    statistic = Math.max(0, score);
  }
  const above = [0, 0, 0];
  const draw = stationaryDraws(periods, meanBlock, seed);
  const drawn = new DrawnPeriods(periods);
  for (let b = 0; b < draws; b++) {
    drawn.take(draw());
    const highest = highestOf(measured, excess, drawn, studentised === 'each-draw', statistic);
    for (let c = 0; c < 3; c++) if (highest[c]! >= statistic) above[c]! += 1;
  }
  const [lower, pValue, upper] = above.map((count) => (1 + count) / (1 + draws)) as [number, number, number];
  return { pValue, lower, upper, statistic, best };
}
