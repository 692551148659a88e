import type { RunSummary } from '../../domain/backtest/metrics/summarise.ts';
import type { BacktestRun } from '../../domain/backtest/run.ts';
import type { TradingDays } from '../../domain/backtest/spec/spec.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Fewer closed trades than this say little, whatever their figures. */
const FEW_TRADES = 30;

/** What a reader should know before believing the figures: how a year was counted, what is missing, what was not done. */
export function resultNotes(
  { manifest, markets }: PreparedRun,
  run: BacktestRun,
  summary: RunSummary,
  days: TradingDays,
): readonly string[] {
  const notes = [yearNote(manifest.spec.periodsPerYear, manifest.spec.calendar, markets, summary, days)];
  notes.push(...markets.flatMap((market) => market.notes));
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

function yearNote(
  explicit: number | null,
  calendar: TradingDays | null,
  markets: PreparedRun['markets'],
  { period, periodsPerYear }: RunSummary,
  days: TradingDays,
): string {
  const unit = period === 'day' ? 'days' : 'bars';
  const year = `annual figures count ${Math.round(periodsPerYear * 100) / 100} ${unit} a year`;
  if (period === 'bar') return `${year}, since a bar is longer than a day`;
  if (explicit !== null) return `${year} (periodsPerYear of the spec)`;
  if (calendar !== null) return `${year} (calendar ${calendar} of the spec)`;
  if (markets.some((market) => market.days !== null)) return `${year} (calendar ${days} of the data set)`;
  return `${year}, since neither spec nor data names a calendar: for a market with sessions give "calendar": "sessions"`;
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

function codesOf({ refusals }: BacktestRun): string {
  const counts = new Map<string, number>();
  for (const { code } of refusals) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ');
}
