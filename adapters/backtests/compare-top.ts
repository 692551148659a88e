import { joinReports, MOST_RUNS } from '../../domain/backtest/report/join-reports.ts';
import type { ReportData } from '../../domain/backtest/report/report-data.ts';
import { topSpecs } from '../../domain/optimization/report/top-specs.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { BacktestRunner } from '../ports/backtest-store.ts';
import { reportIn } from './parts.ts';

export interface CompareTopOptions {
  readonly spec: Pick<OptimizationSpec, 'backtest'>;
  readonly result: Pick<OptimizationResult, 'top' | 'span'>;
  /** How many of the best: 1 to 6. */
  readonly count: number;
  readonly cancel: AbortSignal;
}

/**
 * Runs the best combinations of a search again, in full, and puts their reports side by side. Throws a `RangeError` for a search without a
 * best combination and for more than six, and what the runner throws.
 */
export async function compareTop(
  { spec, result, count, cancel }: CompareTopOptions,
  runner: Pick<BacktestRunner, 'run'>,
): Promise<ReportData> {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_RUNS)
    throw new RangeError(`count is ${count}: give a whole number from 1 to ${MOST_RUNS}`);
  const specs = topSpecs(spec, result, count);
  if (specs.length === 0) throw new RangeError('no combination of the search has a score: there is nothing to compare');
  const outputs = await Promise.all(specs.map((one) => runner.run({ spec: one, expected: null }, { cancel })));
  return joinReports(outputs.map(({ parts }) => reportIn(parts)));
}
