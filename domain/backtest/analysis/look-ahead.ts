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
  readonly cuts?: readonly number[];
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
  const cuts = [...new Set(question.cuts ?? defaultCuts(full, bars))].toSorted((a, b) => a - b);
  for (const cut of cuts) {
    if (Number.isInteger(cut) && cut >= 1 && cut <= bars) continue;
    throw new RangeError(`a cut is after ${cut} bars: give whole numbers from 1 to ${bars}`);
  }
  const findings = cuts.flatMap((cut) => firstDifference(cut, full, decide(cut)) ?? []);
  const first = findings.reduce<LookAheadFinding<D> | null>(
    (earliest, finding) => (earliest === null || finding.bar < earliest.bar ? finding : earliest),
    null,
  );
  return { isClean: first === null, first, findings, cuts, decisions: full.length };
}

function defaultCuts(decisions: readonly Decision[], bars: number): readonly number[] {
  const after = decisions.slice(0, CUTS_AFTER_DECISIONS).map(({ bar }) => bar + 1);
  const spread = Array.from({ length: CUTS_SPREAD }, (_, i) => Math.floor((bars * (i + 1)) / (CUTS_SPREAD + 1)));
  return [...after, ...spread].filter((cut) => cut >= 1 && cut <= bars);
}

function firstDifference<D extends Decision>(
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
