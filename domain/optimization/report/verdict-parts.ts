import type { OptimizationResult } from '../result.ts';
import { farOutnumber } from '../trials/earlier-trials.ts';
import { LEAST_DSR, MOST_PBO } from '../judgement/verdict.ts';

/** One of the three things that a believable result must show. */
export interface VerdictPart {
  readonly title: string;
  readonly passed: boolean;
  /** The figure as a ratio, or its interval; `null` where it is not known, for `reason`. */
  readonly value: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly reason: string | null;
  /** What it must reach, in words. */
  readonly threshold: string;
  /** What it is, in one sentence. */
  readonly meaning: string;
}

/** The verdict taken apart: believable is what passes all three. */
export function verdictParts(result: OptimizationResult): readonly VerdictPart[] {
  const { dsr, pbo, sharpe, walkForward, reasons } = result;
  const trials = (sharpe?.trials ?? result.tried + result.earlierTrials).toLocaleString('en-US');
  const interval = walkForward?.interval ?? null;
  const notFresh = farOutnumber({ trials: result.earlierTrials }, result.tried)
    ? ' Earlier searches have seen that time over and over.'
    : '';
  const unknown = (path: string): string => reasons[path] ?? 'not known';
  return [
    {
      title: 'Deflated Sharpe ratio',
      passed: dsr !== null && dsr >= LEAST_DSR,
      value: dsr,
      interval: null,
      reason: dsr === null ? unknown('dsr') : null,
      threshold: `at least ${LEAST_DSR} needed`,
      meaning: `Probability that the best is better than the luckiest of ${trials} worthless trials.`,
    },
    {
      title: 'Probability of overfitting',
      passed: pbo !== null && pbo <= MOST_PBO,
      value: pbo,
      interval: null,
      reason: pbo === null ? unknown('pbo') : null,
      threshold: `at most ${MOST_PBO} allowed`,
      meaning: 'How often the best Sharpe ratio of one half of the time is below the middle in the other half.',
    },
    {
      title: `Walk-forward return, ${Math.round((interval?.confidence ?? 0.9) * 100)} % interval`,
      passed: interval !== null && interval.low > 0,
      value: null,
      interval: interval === null ? null : { low: interval.low, high: interval.high },
      reason: interval === null ? (reasons['walkForward.interval'] ?? unknown('walkForward')) : null,
      threshold: 'low end above 0 needed',
      meaning: `Total return of choices made on one stretch of time and tried on the next.${notFresh}`,
    },
  ];
}
