import type { ReportData } from '../../domain/backtest/report/report-data.ts';
import { renderPage } from './render-page.ts';

const PARTS = {
  page: 'report.html',
  styles: ['page.css'],
  scripts: ['format.js', 'chart-base.js', 'charts.js', 'metrics.js', 'tables.js', 'report.js'],
};

/** The report of one run, or of several side by side, as one HTML file that needs nothing else. The same data gives the same text. */
export function renderReport(data: ReportData): Promise<string> {
  return renderPage(data, PARTS);
}
