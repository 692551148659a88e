import { expect, it } from '@jest/globals';
import { runReport, type RunReportInput } from '../../../../domain/backtest/report/run-report.ts';
import { sampleInput } from '../../../helpers/sample-report.ts';

it('shows the benchmark without figures of orders and trades, which nobody gave, and says that it pays no costs', () => {
  const { run, metrics, findings, markets } = sampleInput('sma-cross', { fast: 5, slow: 30 });
  const result = {
    manifest: { spec: { strategy: { id: 'sma-cross', params: {} } } },
    metrics: metrics.values,
    reasons: metrics.reasons,
    notes: [],
    tradesHash: '',
    analysis: findings,
  } as unknown as RunReportInput['result'];
  const { warmUpBars, times } = run;
  const closes = markets[0]!.close.slice(warmUpBars, warmUpBars + times.length);
  const { benchmark } = runReport({ result, run, summary: { periodsPerYear: 365 }, markets, benchmark: closes });
  expect(benchmark!.name).toBe('Holding SYN/USD, without costs');
  for (const name of ['trades', 'openTrades', 'openPnl', 'commission', 'ordersSubmitted', 'winRate']) {
    expect([name, benchmark!.metrics[name]]).toEqual([name, null]);
    expect(benchmark!.reasons[name]).toContain('without orders and costs');
  }
  // It is held at every bar.
  expect(benchmark!.metrics['exposureRatio']).toBe(1);
  expect(benchmark!.metrics['totalReturn']).toBeCloseTo(closes.at(-1)! / closes[0]! - 1, 12);
});
