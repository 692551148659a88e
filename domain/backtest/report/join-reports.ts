import type { ReportData, ReportRun } from './report-data.ts';

/** What six colours can tell apart. */
export const MOST_RUNS = 6;

/** Share of the longer period by which the ends of two periods may differ and still be called the same: warm-ups differ. */
const SAME_PERIOD = 0.05;

const symbolsOf = ({ candles }: ReportRun): string => candles.map(({ symbol }) => symbol).join(', ');

/**
 * Puts documents side by side: all their runs in the order given, beside the benchmark of the first. Runs of the same name are told apart
 * by their symbols, or by a number where these are the same too. Throws a `RangeError` for no run and for more than six.
 */
export function joinReports(documents: readonly ReportData[]): ReportData {
  const runs = documents.flatMap((document) => document.runs);
  if (runs.length === 0 || runs.length > MOST_RUNS) {
    throw new RangeError(`a report compares 1 to ${MOST_RUNS} runs, not ${runs.length}`);
  }
  const first = documents.find((document) => document.runs.length > 0)!;
  if (runs.length === 1) return first;
  const named = distinctNames(runs);
  return {
    ...first,
    title: `${runs.length} backtests compared`,
    subtitle:
      first.benchmark === null
        ? 'side by side'
        : `side by side; the benchmark is that of the first: ${first.benchmark.name}`,
    notes: differences(runs, first.benchmark !== null),
    runs: named,
  };
}

function distinctNames(runs: readonly ReportRun[]): readonly ReportRun[] {
  const withSymbols = renamed(runs, (run) => `${run.name} on ${symbolsOf(run)}`);
  return renamed(withSymbols, (run, nth) => `${run.name} (${nth})`);
}

/** Gives another name to runs whose name is that of another run, too. */
function renamed(runs: readonly ReportRun[], other: (run: ReportRun, nth: number) => string): readonly ReportRun[] {
  return runs.map((run, i) => {
    const alike = runs.filter(({ name }) => name === run.name);
    if (alike.length === 1) return run;
    const nth = runs.slice(0, i + 1).filter(({ name }) => name === run.name).length;
    return { ...run, name: other(run, nth) };
  });
}

/** What makes the figures of the runs answers to different questions. */
function differences(runs: readonly ReportRun[], hasBenchmark: boolean): readonly string[] {
  const notes: string[] = [];
  const [first] = runs as readonly [ReportRun, ...ReportRun[]];
  if (runs.some((run) => symbolsOf(run) !== symbolsOf(first))) {
    const whose = hasBenchmark ? `; the benchmark is that of the first run (${symbolsOf(first)})` : '';
    notes.push(`the runs trade different symbols${whose}`);
  }
  if (runs.some(({ timeframe }) => timeframe !== first.timeframe)) notes.push('the runs have bars of different length');
  if (runs.some((run) => !isSamePeriod(run, first))) {
    notes.push('the runs cover different periods: their total returns and drawdowns do not compare');
  }
  if (runs.some(({ initialCash }) => initialCash !== first.initialCash)) {
    notes.push('the runs start with different capital: amounts of money do not compare');
  }
  return notes;
}

function isSamePeriod(a: ReportRun, b: ReportRun): boolean {
  const [fromA, toA] = endsOf(a);
  const [fromB, toB] = endsOf(b);
  const allowed = SAME_PERIOD * Math.max(toA - fromA, toB - fromB);
  return Math.abs(fromA - fromB) <= allowed && Math.abs(toA - toB) <= allowed;
}

function endsOf({ equity: { times } }: ReportRun): readonly [from: number, to: number] {
  return [times[0] ?? 0, times.at(-1) ?? 0];
}
