import type { Fields } from '../../backtest/spec/fields.ts';
import {
  momentsOf,
  NO_DISPERSION,
  standardDeviation,
  unbiasedExcessKurtosis,
  unbiasedSkewness,
} from '../../backtest/metrics/moments.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackLength,
  probabilisticSharpe,
  type SharpeSample,
} from '../statistics/sharpe-statistics.ts';
import { type Parsed, parseFields, readReturns } from './parsed.ts';

const CONFIDENCE = 0.95;
const NO_VARIANCE = 'skewness and kurtosis leave the Sharpe ratio no variance';

/** A Sharpe ratio with the shape of its returns; annual ones as named. `T` is the number of returns. */
interface Described {
  readonly srAnnual: number;
  readonly periodsPerYear: number;
  readonly T: number;
  readonly skew: number;
  /** 3 for the normal distribution. */
  readonly rawKurtosis: number;
}

export interface DsrInput extends Described {
  readonly nTrials: number;
  /** Variance of the trials' annual Sharpe ratios. */
  readonly varSrAnnual: number;
}

export interface DsrCalculation extends DsrInput {
  readonly sr0PerPeriod: number;
  readonly dsr: number | null;
  readonly reasons: Readonly<Record<string, string>>;
}

const SHAPE = ['srAnnual', 'periodsPerYear', 'T', 'skew', 'rawKurtosis'];

/** Reads the input of `calc dsr`: `srAnnual, periodsPerYear, T, nTrials, varSrAnnual, skew, rawKurtosis`. */
export function parseDsrInput(document: unknown): Parsed<DsrInput> {
  return parseFields(document, [...SHAPE, 'nTrials', 'varSrAnnual'], (fields) => ({
    ...describedBy(fields),
    nTrials: fields.number('nTrials', { min: 1, integer: true, meaning: 'the number of trials' }),
    varSrAnnual: fields.number('varSrAnnual', { min: 0, meaning: "the variance of the trials' annual Sharpe ratios" }),
  }));
}

/** The deflated Sharpe ratio, and the best that so many worthless trials are expected to show. */
export function calcDsr(input: DsrInput): DsrCalculation {
  const variance = input.varSrAnnual / input.periodsPerYear;
  const dsr = deflatedSharpe(sampleOf(input), variance, input.nTrials);
  return {
    ...input,
    sr0PerPeriod: expectedBestSharpe(variance, input.nTrials),
    dsr: Number.isNaN(dsr) ? null : dsr,
    reasons: Number.isNaN(dsr) ? { dsr: NO_VARIANCE } : {},
  };
}

export interface PsrInput {
  readonly sample: SharpeSample;
  readonly periodsPerYear: number;
  readonly benchmarkSrAnnual: number;
}

export interface PsrCalculation {
  readonly srPerPeriod: number;
  readonly benchmarkSrPerPeriod: number;
  readonly T: number;
  readonly skew: number;
  readonly rawKurtosis: number;
  readonly psr: number | null;
  /** Returns needed to believe with 95 % that the Sharpe ratio is above the benchmark. */
  readonly minTrackLength: number | null;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Reads the input of `calc psr`: `srAnnual, periodsPerYear, T, skew, rawKurtosis`, or `returns, periodsPerYear`; and `benchmarkSrAnnual`, 0 by
 * default.
 */
export function parsePsrInput(document: unknown): Parsed<PsrInput> {
  const isOfReturns = (document as { returns?: unknown } | null)?.returns !== undefined;
  const known = [...(isOfReturns ? ['returns', 'periodsPerYear'] : SHAPE), 'benchmarkSrAnnual'];
  return parseFields(document, known, (fields, problems) => {
    const described = isOfReturns ? null : describedBy(fields);
    return {
      sample: described === null ? sampleOfReturns(fields, problems) : sampleOf(described),
      periodsPerYear: described?.periodsPerYear ?? periodsPerYearOf(fields),
      benchmarkSrAnnual: fields.number('benchmarkSrAnnual', { meaning: 'an annual Sharpe ratio' }, 0),
    };
  });
}

/** The probabilistic Sharpe ratio and the track length that it takes. */
export function calcPsr({ sample, periodsPerYear, benchmarkSrAnnual }: PsrInput): PsrCalculation {
  const benchmark = benchmarkSrAnnual / Math.sqrt(periodsPerYear);
  const psr = probabilisticSharpe(sample, benchmark);
  const track = minimumTrackLength(sample, benchmark, CONFIDENCE);
  const reasons: Record<string, string> = {};
  if (Number.isNaN(psr)) reasons['psr'] = NO_VARIANCE;
  if (Number.isNaN(track)) reasons['minTrackLength'] = NO_VARIANCE;
  else if (!Number.isFinite(track))
    reasons['minTrackLength'] = 'the Sharpe ratio is not above the benchmark: no track is long enough';
  return {
    srPerPeriod: sample.sharpe,
    benchmarkSrPerPeriod: benchmark,
    T: sample.n,
    skew: sample.skew,
    rawKurtosis: sample.rawKurtosis,
    psr: Number.isNaN(psr) ? null : psr,
    minTrackLength: Number.isFinite(track) ? track : null,
    reasons,
  };
}

function describedBy(fields: Fields): Described {
  const described = {
    srAnnual: fields.number('srAnnual', { meaning: 'the annual Sharpe ratio' }),
    periodsPerYear: periodsPerYearOf(fields),
    T: fields.number('T', { min: 2, integer: true, meaning: 'the number of returns' }),
    skew: fields.number('skew', { meaning: 'the skewness of the returns, 0 for the normal distribution' }),
    rawKurtosis: fields.number('rawKurtosis', { min: 1, meaning: 'the raw kurtosis, 3 for the normal distribution' }),
  };
  const least = described.skew ** 2 + 1;
  if (described.rawKurtosis < least)
    fields.problem(
      'rawKurtosis',
      `no distribution of skewness ${described.skew} has less than ${least}: give the raw kurtosis, not the excess`,
    );
  return described;
}

function periodsPerYearOf(fields: Fields): number {
  return fields.number('periodsPerYear', { above: 0, meaning: 'returns in a year, 252 or 365 for those of days' });
}

function sampleOf({ srAnnual, periodsPerYear, T, skew, rawKurtosis }: Described): SharpeSample {
  return { sharpe: srAnnual / Math.sqrt(periodsPerYear), n: T, skew, rawKurtosis };
}

/** Moments as `calc metrics` takes them: corrected for the size of the sample. */
function sampleOfReturns(fields: Fields, problems: FieldProblem[]): SharpeSample {
  const before = problems.length;
  const moments = momentsOf(readReturns(fields.value('returns'), 'returns', 4, problems));
  const deviation = standardDeviation(moments);
  if (problems.length === before && deviation <= NO_DISPERSION)
    problems.push({
      field: 'returns',
      value: `${moments.n} values`,
      message: 'all returns are equal: give returns that vary',
    });
  return {
    sharpe: moments.mean / deviation,
    n: moments.n,
    skew: unbiasedSkewness(moments),
    rawKurtosis: unbiasedExcessKurtosis(moments) + 3,
  };
}
