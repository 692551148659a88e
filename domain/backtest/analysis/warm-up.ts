/** What to ask of a warm-up. Bars are counted from 0 in the data. */
export interface WarmUpQuestion {
  readonly firstTradedBar: number;
  /** Numbers of bars of history before the first traded bar to compare; the longest is the yardstick. */
  readonly histories: readonly number[];
  /** Largest relative change that counts as none. */
  readonly tolerance: number;
  /** The values of each line at the first traded bars, computed from data that begin at `fromBar`. NaN where not yet defined. */
  readonly values: (fromBar: number) => Readonly<Record<string, Float64Array>>;
}

/** How far the values after one length of history are from those after the longest. */
export interface WarmUpRow {
  readonly history: number;
  /** Largest |value - yardstick| / |yardstick| (absolute where the yardstick is 0); `null` when no bar has both. */
  readonly maxRelativeChange: number | null;
  /** Bars at which the longest history has a value and this one has none. */
  readonly undefinedBars: number;
}

export interface WarmUpLine {
  readonly line: string;
  /** In rising order of history, without the yardstick. */
  readonly rows: readonly WarmUpRow[];
  /** Shortest history from which on every longer one stays within the tolerance; `null` when none does. */
  readonly sufficientHistory: number | null;
}

export interface WarmUpAnalysis {
  /** The longest history. */
  readonly yardstick: number;
  readonly lines: readonly WarmUpLine[];
  /** Largest of the lines; `null` when one of them has none. */
  readonly sufficientHistory: number | null;
}

/**
 * Finds how much the values that the first traded bars were decided on still depend on where the data begin: recursive indicators (EMA,
 * RSI, ATR) never wholly forget their first bar, and a run on a longer history then trades differently. Throws a `RangeError` where the
 * question cannot be answered.
 */
export function analyseWarmUp({ firstTradedBar, histories, tolerance, values }: WarmUpQuestion): WarmUpAnalysis {
  const lengths = [...new Set(histories)].toSorted((a, b) => a - b);
  const yardstick = lengths.at(-1);
  if (yardstick === undefined || lengths.length < 2) {
    throw new RangeError(`histories is [${histories.join(', ')}]: give at least two different numbers of bars`);
  }
  for (const history of lengths) {
    if (Number.isInteger(history) && history >= 0 && history <= firstTradedBar) continue;
    throw new RangeError(
      `a history is ${history} bars: give whole numbers from 0 to ${firstTradedBar}, the bars before the first traded`,
    );
  }
  if (!(tolerance >= 0)) throw new RangeError(`tolerance is ${tolerance}: give a ratio of at least 0`);
  const longest = values(firstTradedBar - yardstick);
  const shorter = lengths.slice(0, -1).map((history) => ({ history, found: values(firstTradedBar - history) }));
  const lines = Object.entries(longest).map(([line, expected]) => {
    const rows = shorter.map(({ history, found }) => compare(line, history, found[line], expected));
    const isFine = (row: WarmUpRow): boolean => row.undefinedBars === 0 && (row.maxRelativeChange ?? 0) <= tolerance;
    const lastBad = rows.findLastIndex((row) => !isFine(row));
    return { line, rows, sufficientHistory: rows[lastBad + 1]?.history ?? null };
  });
  const sufficient = lines.map(({ sufficientHistory }) => sufficientHistory);
  return {
    yardstick,
    lines,
    sufficientHistory: sufficient.includes(null) ? null : Math.max(0, ...sufficient.map((history) => history ?? 0)),
  };
}

function compare(line: string, history: number, found: Float64Array | undefined, expected: Float64Array): WarmUpRow {
  if (found?.length !== expected.length) {
    throw new RangeError(
      `line "${line}" has ${found?.length ?? 'no'} values after ${history} bars of history, ${expected.length} after more: give the same bars`,
    );
  }
  let maxRelativeChange: number | null = null;
  let undefinedBars = 0;
  for (let i = 0; i < expected.length; i++) {
    const [value, yardstick] = [found[i]!, expected[i]!];
    if (Number.isNaN(yardstick)) continue;
    if (Number.isNaN(value)) {
      undefinedBars += 1;
      continue;
    }
    const change = value === yardstick ? 0 : Math.abs(value - yardstick) / (yardstick === 0 ? 1 : Math.abs(yardstick));
    maxRelativeChange = Math.max(maxRelativeChange ?? 0, change);
  }
  return { history, maxRelativeChange, undefinedBars };
}
