import type { FieldProblem } from '../parameters/param-spec.ts';

/** How a span of bars is cut into parts to choose parameters on, and parts after them to try the choice on. */
export interface WalkForwardSpec {
  /** `rolling`: each choice is made on the same number of bars; `anchored`: on all bars so far. */
  readonly kind: 'rolling' | 'anchored';
  /** Number of parts that choices are tried on, one after the other without a gap. */
  readonly folds: number;
  /** Bars of the first choice as a share of all bars, e.g. 0.4. The rest is divided among the folds. */
  readonly trainShare: number;
  /** Bars left out at the end of each choice's part: as many as a trade lasts, so that none of its trades reaches into the trial. */
  readonly purgeBars: number;
  /**
   * Further bars left out there, for what neighbouring bars tell of each other. Choices come before their trials, so both stand at the same
   * boundary; they are two numbers because they have two reasons.
   */
  readonly embargoBars: number;
}

/** Bars `[from, to)`. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

export interface Fold {
  /** Where parameters are chosen. */
  readonly train: BarRange;
  /** Where the choice is tried. */
  readonly test: BarRange;
}

/** Fewer bars than this are no sample to choose on or to try on. */
const LEAST_BARS = 20;

/**
 * Cuts bars `[first, end)` into folds: trial parts of equal length cover the end of the span without gap or overlap, and each choice is made
 * on bars that end `purgeBars + embargoBars` before its trial.
 *
 * @returns the folds, or what is wrong with the specification for so many bars.
 */
export function walkForwardFolds(first: number, end: number, spec: WalkForwardSpec): readonly Fold[] | FieldProblem {
  const problem = specProblem(spec);
  if (problem !== null) return problem;
  const { kind, folds, trainShare, purgeBars, embargoBars } = spec;
  const bars = end - first;
  const train = Math.floor(bars * trainShare);
  const boundary = (k: number): number => first + train + Math.floor(((bars - train) * k) / folds);
  const cut = Array.from({ length: folds }, (_, k): Fold => {
    const test = { from: boundary(k), to: boundary(k + 1) };
    const from = kind === 'anchored' ? first : test.from - train;
    return { train: { from, to: test.from - purgeBars - embargoBars }, test };
  });
  const shortest = Math.min(...cut.flatMap(({ train: { from, to }, test }) => [to - from, test.to - test.from]));
  if (shortest >= LEAST_BARS) return cut;
  return {
    field: 'walkForward',
    value: spec,
    message:
      `${bars} bars in ${folds} folds leave a part of ${Math.max(0, shortest)} bars, fewer than ${LEAST_BARS}: ` +
      'give more data, fewer folds, or a smaller purge and embargo',
  };
}

function specProblem({ folds, trainShare, purgeBars, embargoBars }: WalkForwardSpec): FieldProblem | null {
  const problem = (field: string, value: number, message: string): FieldProblem => ({
    field: `walkForward.${field}`,
    value,
    message,
  });
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (!isCount(folds) || folds < 1 || folds > 200) return problem('folds', folds, 'give a whole number from 1 to 200');
  if (!(trainShare > 0 && trainShare < 1)) return problem('trainShare', trainShare, 'give a share above 0 and below 1');
  if (!isCount(purgeBars)) return problem('purgeBars', purgeBars, 'give a whole number of at least 0');
  if (!isCount(embargoBars)) return problem('embargoBars', embargoBars, 'give a whole number of at least 0');
  return null;
}
