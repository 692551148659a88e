import { runReport, type RunReportInput } from '../../domain/backtest/report/run-report.ts';
import { renderReport } from '../reports/render-report.ts';

/** The report of one run as a page that stands for itself. */
export function writeReport(input: RunReportInput): Promise<string> {
  return renderReport(runReport(input));
}
