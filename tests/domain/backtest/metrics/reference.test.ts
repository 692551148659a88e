import { expect, it } from '@jest/globals';
import { calcMetrics } from '../../../../domain/backtest/metrics/calc-metrics.ts';
import { describeWithData } from '../../../helpers/test-data.ts';
import { csvRows, referenceReturns, relativeDistance } from './golden.ts';

/** Losses: negative in the reference, positive with us. */
const LOSSES = ['maxDrawdown', 'maxDrawdownInclStart', 'var5', 'cvar5'];

const camelCase = (name: string): string =>
  name.replace(/_vs_GOOG_close$/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describeWithData('the metrics that reference programs computed', () => {
  // empyrical-reloaded, and rows that their authors computed from the formula; "_buggy" is the formula with the wrong kurtosis
  const rows = csvRows('backtesting/golden/metrics_reference.csv').filter(
    ({ implementation, metric }) => implementation !== 'quantstats' && !metric!.endsWith('_buggy'),
  );
  const series = referenceReturns();
  const ours = Object.fromEntries(
    Object.entries(series).map(([name, returns]) => {
      return [name, calcMetrics({ returns, periodsPerYear: 252, benchmark: series['GOOG_close']! }).values];
    }),
  );

  it('are all there: 21 of each series and 4 against the benchmark', () => {
    expect(rows).toHaveLength(46);
  });

  it.each(rows.map((row) => [row['series']!, camelCase(row['metric']!), Number(row['value'])] as const))(
    '%s %s is %d within 1e-10',
    (name, metric, value) => {
      const theirs = LOSSES.includes(metric) ? -value : value;
      expect(relativeDistance(ours[name]![metric], theirs)).toBeLessThanOrEqual(1e-10);
    },
  );

  it('have the wrong kurtosis where others print a probabilistic Sharpe ratio, and ours has not', () => {
    const buggy = csvRows('backtesting/golden/metrics_reference.csv').filter(({ metric }) =>
      metric!.endsWith('_buggy'),
    );
    expect(buggy).toHaveLength(2);
    for (const row of buggy) {
      const distance = relativeDistance(ours[row['series']!]!['psrVs0RawKurtosisCorrect'], Number(row['value']));
      expect(distance).toBeGreaterThan(1e-5);
    }
  });
});
