import type { RunSummary } from '../../domain/backtest/metrics/summarise.ts';
import { yearMismatch } from '../../domain/backtest/metrics/year-mismatch.ts';
import type { BacktestRun } from '../../domain/backtest/run.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { TradingYear } from './trading-year.ts';

/** Fewer closed trades than this say little, whatever their figures. */
const FEW_TRADES = 30;

/** What a reader should know before believing the figures: how a year was counted, what is missing, what was not done. */
export function resultNotes(
  { manifest, markets, year }: PreparedRun,
  run: BacktestRun,
  summary: RunSummary,
): readonly string[] {
  const notes = [yearNote(year, summary), ...otherYear(run, summary)];
  notes.push(...markets.flatMap((market) => market.notes));
  if ('file' in manifest.spec.strategy) {
    notes.push('whether the strategy of the file looks ahead was not looked for: `tradewind backtest check` does');
  }
  if (run.ruined) notes.push('the equity fell to 0 and the run ended there');
  if (run.openTrades.length > 0) {
    const open = counted(run.openTrades.length, 'trade was', 'trades were');
    notes.push(`${open} open at the end: marked at the last close in the equity, in no figure of trades`);
  }
  if (run.trades.length < FEW_TRADES) {
    const closed = counted(run.trades.length, 'closed trade is', 'closed trades are');
    notes.push(`${closed} few: figures of trades depend on chance`);
  }
  if (run.orders.refused > 0) {
    notes.push(`${counted(run.orders.refused, 'order was', 'orders were')} refused: ${codesOf(run)}`);
  }
  return notes;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function yearNote({ reason }: TradingYear, { period, periodsPerYear }: RunSummary): string {
  return `annual figures count ${rounded(periodsPerYear)} ${period}s a year${reason}`;
}

function otherYear({ times }: BacktestRun, { period, periodsPerYear, values }: RunSummary): readonly string[] {
  const elapsedMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const mismatch = yearMismatch({ returns: values['n'] ?? 0, elapsedMs, periodsPerYear, period });
  return mismatch === null ? [] : [mismatch];
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

function codesOf({ refusals }: BacktestRun): string {
  const counts = new Map<string, number>();
  for (const { code } of refusals) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ');
}
