import { runBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import { summarise } from '../../domain/backtest/metrics/summarise.ts';
import { findingsOf } from '../../domain/backtest/report/findings.ts';
import { joinReports } from '../../domain/backtest/report/join-reports.ts';
import { reportData, type ReportData, type ReportInput } from '../../domain/backtest/report/report-data.ts';
import { DEFAULT_BROKER, DEFAULT_SIZING } from '../../domain/backtest/settings.ts';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import { findStrategy } from '../../domain/strategies/registry.ts';

const candles = syntheticCandles({ seed: 11, bars: 3_000, timeframe: '1h', volatility: 0.004 });

/** One run on synthetic bars, as its report is made of it. */
export function sampleInput(id: string, given: Readonly<Record<string, number>>, note = 'a note'): ReportInput {
  const strategy = findStrategy(id);
  if (strategy === undefined) throw new Error(`no strategy ${id}`);
  const { params } = completeParams(strategy.params, given);
  const run = runBacktest({ markets: [candles], strategy, params, broker: DEFAULT_BROKER, sizing: DEFAULT_SIZING });
  const summary = summarise(run, { periodsPerYear: 365 });
  return {
    name: `${strategy.title} ${JSON.stringify(given)}`,
    run,
    metrics: summary,
    findings: findingsOf(run, { ...summary, seed: 1 }),
    markets: [candles],
    manifest: { strategy: id, params },
    notes: [note],
  };
}

/** The report of so many runs side by side, at most six. */
export function sampleReport(runs: number): ReportData {
  const documents = Array.from({ length: runs }, (_, i) =>
    reportData(sampleInput('sma-cross', { fast: 5 + 3 * i, slow: 30 + 5 * i }), null),
  );
  return joinReports(documents);
}
