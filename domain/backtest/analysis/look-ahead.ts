/** Something that was decided, at the close of a bar that is counted from 0 in the data. */
export interface Decision {
  readonly bar: number;
}

/** What to look for. */
export interface LookAheadQuestion<D extends Decision> {
  /** Bars of the whole data. */
  readonly bars: number;
  /**
   * All that is decided when only the first `bars` bars exist, in order. Give what is decided on a bar, not what comes of it later: orders
   * or signals, or trades of a broker that fills at the close that decided. A fill at the next open would hide a look at that bar.
   */
  readonly decide: (bars: number) => readonly D[];
  /** Numbers of bars to cut after; by default after each of the first decisions and at places spread evenly. */
  readonly cuts?: readonly number[] | ((full: readonly D[]) => readonly number[]);
}

/** A decision that was another one, or none, while what came later was not there to be seen. */
export interface LookAheadFinding<D extends Decision> {
  /** Bars that the cut run saw. */
  readonly cut: number;
  /** Bar of the first decision that differs. */
  readonly bar: number;
  /** As decided with all bars; `null` when there was none at that place. */
  readonly full: D | null;
  /** As decided with the cut data. */
  readonly truncated: D | null;
  /** Names of the fields that differ; empty when one of the two is missing. */
  readonly fields: readonly string[];
}

export interface LookAheadReport<D extends Decision> {
  readonly isClean: boolean;
  /** The first difference by bar; `null` when there is none. */
  readonly first: LookAheadFinding<D> | null;
  /** One for each cut that differs, by cut. */
  readonly findings: readonly LookAheadFinding<D>[];
  readonly cuts: readonly number[];
  /** Decisions of the whole run. Without any the report says nothing. */
  readonly decisions: number;
}

const CUTS_AFTER_DECISIONS = 100;
const CUTS_SPREAD = 20;

/**
 * Runs the decisions again on data that end early and compares: whatever was decided up to the cut must be what the whole run decided
 * there, since nothing after it could be known. Catches a look at any later bar, whichever way the code got at it. Throws a `RangeError`
 * for a cut outside of the data.
 */
export function detectLookAhead<D extends Decision>(question: LookAheadQuestion<D>): LookAheadReport<D> {
  const { bars, decide } = question;
  const full = decide(bars);
  const given = typeof question.cuts === 'function' ? question.cuts(full) : question.cuts;
  const cuts = checkedCuts(given ?? defaultCuts(full, bars), bars);
  const findings = cuts.flatMap((cut) => firstDifference(cut, full, decide(cut)) ?? []);
  return reportOf(findings, cuts, full.length);
}

/**
 * Lets the data grow: decides on the shortest part first and compares each with the next longer one, the whole last. Finds the same as
 * `detectLookAhead`, and also a strategy that keeps the longest data it has ever been given, which after a whole run has seen everything.
 * The findings name as `full` what the next longer part decided. Throws a `RangeError` for a length outside of the data.
 */
export function detectWhileGrowing<D extends Decision>(
  { bars, decide }: Pick<LookAheadQuestion<D>, 'bars' | 'decide'>,
  lengths: readonly number[],
): LookAheadReport<D> {
  const cuts = checkedCuts(lengths, bars);
  const findings: LookAheadFinding<D>[] = [];
  let before: { readonly cut: number; readonly decisions: readonly D[] } | null = null;
  for (const cut of [...cuts.filter((each) => each < bars), bars]) {
    const decisions: readonly D[] = decide(cut);
    const finding = before === null ? undefined : firstDifference(before.cut, decisions, before.decisions);
    if (finding !== undefined) findings.push(finding);
    before = { cut, decisions };
  }
  return reportOf(findings, cuts, before?.decisions.length ?? 0);
}

function checkedCuts(given: readonly number[], bars: number): readonly number[] {
  const cuts = [...new Set(given)].toSorted((a, b) => a - b);
  for (const cut of cuts) {
    if (Number.isInteger(cut) && cut >= 1 && cut <= bars) continue;
    throw new RangeError(`a cut is after ${cut} bars: give whole numbers from 1 to ${bars}`);
  }
  return cuts;
}

function reportOf<D extends Decision>(
  findings: readonly LookAheadFinding<D>[],
  cuts: readonly number[],
  decisions: number,
): LookAheadReport<D> {
  const first = findings.reduce<LookAheadFinding<D> | null>(
    (earliest, finding) => (earliest === null || finding.bar < earliest.bar ? finding : earliest),
    null,
  );
  return { isClean: first === null, first, findings, cuts, decisions };
}

function defaultCuts(decisions: readonly Decision[], bars: number): readonly number[] {
  const after = decisions.slice(0, CUTS_AFTER_DECISIONS).map(({ bar }) => bar + 1);
  const spread = Array.from({ length: CUTS_SPREAD }, (_, i) => Math.floor((bars * (i + 1)) / (CUTS_SPREAD + 1)));
  return [...after, ...spread].filter((cut) => cut >= 1 && cut <= bars);
}

/** The first difference between what two runs decided before bar `cut`; `undefined` when there is none. */
export function firstDifference<D extends Decision>(
  cut: number,
  full: readonly D[],
  truncated: readonly D[],
): LookAheadFinding<D> | undefined {
  const expected = full.filter(({ bar }) => bar < cut);
  for (let i = 0; i < Math.max(expected.length, truncated.length); i++) {
    const [one, other] = [expected[i] ?? null, truncated[i] ?? null];
    if (one === null || other === null) {
      return { cut, bar: (one ?? other)!.bar, full: one, truncated: other, fields: [] };
    }
    const fields = differingFields(one, other);
    if (fields.length > 0) return { cut, bar: Math.min(one.bar, other.bar), full: one, truncated: other, fields };
  }
  return undefined;
}

function differingFields(one: object, other: object): string[] {
  const [a, b] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !isSame(a[name], b[name]));
}

/** Equal to the bit; records, lists and typed arrays by their members. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return differingFields(one, other).length === 0;
}
