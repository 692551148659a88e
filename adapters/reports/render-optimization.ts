import type { OptimizationReport } from '../../domain/optimization/report/optimization-report.ts';
import { renderPage } from './render-page.ts';

const PARTS = {
  page: 'optimization.html',
  styles: ['page.css', 'optimization.css'],
  scripts: [
    'format.js',
    'chart-base.js',
    'metrics.js',
    'svg.js',
    'heat-map.js',
    'landscape.js',
    'walk-forward.js',
    'chance.js',
    'optimization.js',
  ],
};

/** The report of a search as one HTML file that needs nothing else. The same document gives the same text. */
export function renderOptimization(report: OptimizationReport): Promise<string> {
  return renderPage(report, PARTS);
}
