import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { renderReport } from '../../adapters/reports/render-report.ts';
import { joinReports, MOST_RUNS } from '../../domain/backtest/report/join-reports.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import { reportDocument } from './artefacts.ts';

type Dependencies = Pick<ApiDependencies, 'backtests'>;

const FIELD = 'ids';

function idsIn(text: string): readonly string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const twice = new Set(ids.filter((id, i) => ids.indexOf(id) < i));
  const problems: FieldProblem[] = [...twice].map((id) => ({
    field: FIELD,
    value: id,
    message: `"${id}" is there twice`,
  }));
  if (ids.length === 0 || ids.length > MOST_RUNS) {
    const message = `give 1 to ${MOST_RUNS} ids separated by commas, not ${ids.length}`;
    problems.push({ field: FIELD, value: text, message });
  }
  if (problems.length > 0) throw fieldsProblem('INVALID_FIELDS', problems);
  return ids;
}

/** The backtests of these ids, in that order. Throws `BACKTEST_NOT_FOUND` and `NO_RESULT`, each with all ids that it is about. */
async function completed({ backtests }: Dependencies, ids: readonly string[]): Promise<readonly BacktestRecord[]> {
  const found = await Promise.all(ids.map((id) => backtests.findBacktest(id)));
  const unknown = ids.filter((_id, i) => found[i] === null);
  if (unknown.length > 0) {
    const errors = unknown.map((id) => ({ field: FIELD, value: id, message: 'not known' }));
    throw new Problem('BACKTEST_NOT_FOUND', `There is no backtest ${quoted(unknown)}.`, errors);
  }
  const records = found.filter((record) => record !== null);
  const unfinished = records.filter(({ result }) => result === null);
  if (unfinished.length > 0) {
    const errors = unfinished.map(({ id, status }) => ({ field: FIELD, value: id, message: `it is ${status}` }));
    const named = unfinished.map(({ id, status }) => `"${id}" is ${status}`).join(', ');
    throw new Problem('NO_RESULT', `Only completed backtests can be compared: ${named}.`, errors);
  }
  return records;
}

const quoted = (ids: readonly string[]): string => ids.map((id) => `"${id}"`).join(', ');

/** The page with up to six backtests side by side. Throws `Problem` for ids that cannot be compared. */
export async function comparisonFile(dependencies: Dependencies, text: string): Promise<string> {
  const records = await completed(dependencies, idsIn(text));
  const documents = await Promise.all(records.map((record) => reportDocument(dependencies.backtests, record)));
  return renderReport(joinReports(documents));
}
