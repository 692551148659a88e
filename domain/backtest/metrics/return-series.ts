import { type Moments, momentsOf } from './moments.ts';

/** Returns of equal periods, with what most metrics need of them. */
export interface ReturnSeries {
  /** Ratios: 0.01 is one percent. */
  readonly returns: Float64Array;
  readonly n: number;
  readonly periodsPerYear: number;
  /** Annual, as a ratio. */
  readonly riskFreeRate: number;
  /** (1 + annual rate)^(1 / periods a year) - 1. */
  readonly riskFreePerPeriod: number;
  readonly moments: Moments;
  /** Product of 1 + r: what a capital of 1 has become. Below 0 when a period lost more than everything. */
  readonly growth: number;
  /** The returns in rising order; sorted when first asked for. */
  readonly sorted: () => Float64Array;
}

/** How returns become annual figures. */
export interface Annualisation {
  /** 365 for a market that never closes, 252 for one with sessions; never guessed. */
  readonly periodsPerYear: number;
  /** Annual, as a ratio; 0 by default. */
  readonly riskFreeRate?: number;
}

/** Describes returns. Throws a `RangeError` where a field cannot be used; NaN in the returns is the caller's to refuse. */
export function describeReturns(returns: Float64Array, annualisation: Annualisation): ReturnSeries {
  const { periodsPerYear, riskFreeRate = 0 } = annualisation;
  if (!(periodsPerYear > 0 && Number.isFinite(periodsPerYear))) {
    throw new RangeError(`periodsPerYear is ${periodsPerYear}: give a number above 0, for example 365 or 252`);
  }
  if (!(riskFreeRate > -1 && Number.isFinite(riskFreeRate))) {
    throw new RangeError(`riskFreeRate is ${riskFreeRate}: give an annual ratio above -1, for example 0.03`);
  }
  let sorted: Float64Array | undefined;
  return {
    returns,
    n: returns.length,
    periodsPerYear,
    riskFreeRate,
    riskFreePerPeriod: (1 + riskFreeRate) ** (1 / periodsPerYear) - 1,
    moments: momentsOf(returns),
    growth: growthOf(returns),
    sorted: () => (sorted ??= returns.toSorted()),
  };
}

function growthOf(returns: Float64Array): number {
  let growth = 1;
  // Below 0 it stays: two losses of more than everything do not make a gain.
  for (let i = 0; i < returns.length && growth >= 0; i++) growth *= 1 + returns[i]!;
  return growth;
}

/** What a capital of 1 is worth after each period; the first value is the 1 before the first period. */
export function wealthOf(returns: Float64Array): Float64Array {
  const wealth = new Float64Array(returns.length + 1);
  wealth[0] = 1;
  for (let i = 0; i < returns.length; i++) wealth[i + 1] = wealth[i]! * (1 + returns[i]!);
  return wealth;
}
