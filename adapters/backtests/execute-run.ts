import { runBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import { failure } from '../../domain/backtest/failure.ts';
import { type RunSummary, summarise, type SummaryOptions } from '../../domain/backtest/metrics/summarise.ts';
import { type Findings, findingsOf } from '../../domain/backtest/report/findings.ts';
import { runReport } from '../../domain/backtest/report/run-report.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import type { BacktestRun } from '../../domain/backtest/run.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import { tradesHash } from '../../domain/backtest/trades-hash.ts';
import { closesAt } from '../../domain/market/closes-at.ts';
import { sha256 } from '../candles/sha256.ts';
import type { BacktestOutput } from '../ports/backtest-store.ts';
import type { RunControl } from './control.ts';
import type { StoredCandles } from './load-markets.ts';
import { equityParts, reportPart, tradeParts } from './parts.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { resultNotes } from './result-notes.ts';
import { daysOf } from './trading-year.ts';

/**
 * A whole backtest: reads the data, runs it, sums it up and packs what it leaves. Synchronous for long stretches, so it belongs into a
 * thread. Throws `BacktestFailure`, or `RunCancelled` when the control says so.
 */
export async function executeRun(
  request: BacktestRequest,
  store: StoredCandles | null,
  control: RunControl,
): Promise<BacktestOutput> {
  const prepared = await prepareRun(request, store, control);
  const run = runWatched(prepared, control);
  if (run.times.length === 0)
    throw failure('TOO_FEW_BARS', 'no bar of the range comes after the warm-up of the strategy');
  return summed(prepared, run, control);
}

/** Runs the bars; what is done after the last of them is no longer the strategy. */
function runWatched({ input }: PreparedRun, control: RunControl): BacktestRun {
  let bars = 0;
  let warmUpBars = 0;
  const run = runBacktest({
    ...input,
    onStart: (all, before) => {
      [bars, warmUpBars] = [all, before];
      control.setBars(bars);
      control.setBarsDone(warmUpBars);
    },
    onProgress: (barsDone) => {
      control.setBarsDone(warmUpBars + barsDone);
      if (warmUpBars + barsDone === bars) control.enter('summary');
      return !control.isCancelled;
    },
  });
  control.enter('summary');
  // One that lost everything has no more bars to do.
  control.setBarsDone(bars);
  return run;
}

/** Of a long run each of these steps takes seconds. */
function summed(prepared: PreparedRun, run: BacktestRun, control: RunControl): BacktestOutput {
  const { manifest, input, year } = prepared;
  const { spec } = manifest;
  const benchmark = spec.benchmark === null ? null : closesAt(input.markets[0]!, run.times);
  const { periodsPerYear } = year;
  const options: SummaryOptions = { periodsPerYear, riskFreeRate: spec.riskFreeRate, days: daysOf(year.days) };
  const summary = summarise(run, { ...options, ...(benchmark === null ? {} : { benchmark }) });
  control.beat();
  const analysis = findingsOf(run, { ...options, seed: spec.seed });
  const result = resultOf(prepared, run, { summary, analysis });
  control.beat();
  const report = runReport({ result, run, summary: options, markets: input.markets, benchmark });
  control.beat();
  return { result, parts: [...tradeParts(run.trades), ...equityParts(run), reportPart(report)] };
}

interface Judged {
  readonly summary: RunSummary;
  readonly analysis: Findings;
}

function resultOf(prepared: PreparedRun, run: BacktestRun, { summary, analysis }: Judged): BacktestResult {
  return {
    tradesHash: tradesHash(run, sha256()),
    manifest: prepared.manifest,
    metrics: summary.values,
    reasons: summary.reasons,
    notes: resultNotes(prepared, run, summary),
    symbols: run.symbols,
    timeframe: run.timeframe,
    firstBar: new Date(run.times[0]!).toISOString(),
    lastBar: new Date(run.times.at(-1)!).toISOString(),
    bars: run.times.length,
    warmUpBars: run.warmUpBars,
    closedTrades: run.trades.length,
    openTrades: run.openTrades.length,
    commission: run.commission,
    orders: run.orders,
    refusals: run.refusals,
    ruined: run.ruined,
    analysis,
  };
}
