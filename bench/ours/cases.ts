import { eventRun, reverseRuns } from './event-runs.ts';
import { indicatorRun } from './indicator-run.ts';
import { crossGrid, crossRun, reverseGrid } from './kernel-runs.ts';
import type { Case } from './prepared-case.ts';
import { searchEvaluated } from './search-evaluated.ts';
import { strategyGrid } from './strategy-grid.ts';
import { threadedGrid } from './threaded-grid.ts';

const CASES: Readonly<Record<string, Case>> = {
  'cross-grid': crossGrid,
  'cross-run': crossRun,
  'event-run': eventRun,
  'indicator-run': indicatorRun,
  'reverse-grid': reverseGrid,
  'reverse-runs': reverseRuns,
  'search-evaluated': searchEvaluated,
  'strategy-grid': strategyGrid,
  'threaded-grid': threadedGrid,
};

/** The case of that name. Throws a `RangeError` when there is none. */
export function caseOf(name: string): Case {
  const found = CASES[name];
  if (found === undefined) throw new RangeError(`no case ${name}: known are ${Object.keys(CASES).join(', ')}`);
  return found;
}
