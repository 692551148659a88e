import type { Interval } from '../result.ts';
import type { Judged } from './judgement.ts';

export const LEAST_DSR = 0.95;
export const MOST_PBO = 0.2;

/** What the verdict rests on. */
export interface Evidence {
  readonly trials: number;
  readonly dsr: Judged<number>;
  readonly pbo: Judged<number>;
  /** Of the walk-forward's total return. */
  readonly interval: Judged<Interval>;
  /** Trials of earlier searches, where they are so many that the walk-forward met no fresh data; else `null`. */
  readonly knownBefore: number | null;
}

export interface Verdict {
  readonly believable: boolean;
  readonly sentence: string;
}

/**
 * The verdict in one plain sentence. A result is believable when the deflated Sharpe ratio is at least 0.95, the probability of overfitting
 * at most 0.2 and the 90 % interval of the walk-forward return above 0; a part that is not known is no reason to believe. Where earlier searches
 * have seen the time of the folds over and over, the sentence ends with it.
 */
export function verdictOf({ trials, dsr, pbo, interval, knownBefore }: Evidence): Verdict {
  const failures = [dsrFailure(dsr, trials), pboFailure(pbo), intervalFailure(interval)].filter(
    (each) => each !== null,
  );
  const notFresh =
    knownBefore === null
      ? ''
      : `; earlier searches tried ${knownBefore.toLocaleString('en-US')} combinations on the same time, so the walk-forward was not on fresh data`;
  if (failures.length > 0) return { believable: false, sentence: `Not believable: ${listed(failures)}${notFresh}.` };
  const { low, high } = interval.value!;
  return {
    believable: true,
    sentence:
      `Believable: after ${counted(trials)} the deflated Sharpe ratio is ${figure(dsr.value!)}, the probability of overfitting is ` +
      `${figure(pbo.value!)}, and the walk-forward return lies between ${percent(low)} and ${percent(high)} with 90 % confidence${notFresh}.`,
  };
}

function dsrFailure({ value, reason }: Judged<number>, trials: number): string | null {
  if (value === null) return `the deflated Sharpe ratio is not known (${reason})`;
  if (value >= LEAST_DSR) return null;
  return `the deflated Sharpe ratio is ${figure(value)} after ${counted(trials)} where ${LEAST_DSR} is needed`;
}

function pboFailure({ value, reason }: Judged<number>): string | null {
  if (value === null) return `the probability of overfitting is not known (${reason})`;
  if (value <= MOST_PBO) return null;
  return `the probability of overfitting is ${figure(value)} where ${MOST_PBO} is the most`;
}

function intervalFailure({ value, reason }: Judged<Interval>): string | null {
  if (value === null) return `the walk-forward return has no interval (${reason})`;
  if (value.low > 0) return null;
  return `the walk-forward return may be as low as ${percent(value.low)} (90 % interval ${percent(value.low)} to ${percent(value.high)})`;
}

function listed(parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)!}`;
}

const counted = (trials: number): string => `${trials.toLocaleString('en-US')} ${trials === 1 ? 'trial' : 'trials'}`;

/** Two digits, more where they would hide on which side of a threshold a figure lies. */
function figure(value: number): string {
  for (const digits of [2, 3, 4]) {
    const text = value.toFixed(digits);
    const shown = Number(text);
    if (shown >= LEAST_DSR === value >= LEAST_DSR && shown <= MOST_PBO === value <= MOST_PBO) return text;
  }
  return String(value);
}

function percent(ratio: number): string {
  const rounded = Number((100 * ratio).toFixed(1));
  if (rounded === 0 && ratio !== 0) return `${(100 * ratio).toPrecision(1)} %`;
  return `${rounded.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
}
