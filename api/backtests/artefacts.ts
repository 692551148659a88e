import { Readable } from 'node:stream';
import { equityCsv, tradesCsv } from '../../adapters/backtests/csv-files.ts';
import { type ReadPart, reportOf, TRADES_PER_PART, tradesOf } from '../../adapters/backtests/parts.ts';
import { renderReport } from '../../adapters/reports/render-report.ts';
import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import type { ReportData } from '../../domain/backtest/report/report-data.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { PageRequest } from '../paging.ts';
import { limitOf } from '../paging.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';

type Store = Pick<ApiDependencies['backtests'], 'findPart'>;

/** The result of a backtest. Throws `NO_RESULT` while there is none. */
export function resultOf({ status, result }: BacktestRecord): BacktestResult {
  if (result !== null) return result;
  throw new Problem('NO_RESULT', `The backtest is ${status} and has no result.`, [
    { field: 'status', value: status, message: 'only a completed backtest has a result' },
  ]);
}

function partsOf(store: Store, { id }: BacktestRecord): ReadPart {
  return (kind, number) => store.findPart(id, kind, number);
}

/** One page of the closed trades: the cursor is the number of its first. */
export async function tradesPage(
  store: Store,
  record: BacktestRecord,
  request: PageRequest,
): Promise<{ readonly items: readonly Trade[]; readonly next: string | null }> {
  const { closedTrades } = resultOf(record);
  const from = Number(request.cursor ?? 0);
  const to = Math.min(from + limitOf(request), closedTrades);
  const items: Trade[] = [];
  const readPart = partsOf(store, record);
  while (from + items.length < to) {
    const at = from + items.length;
    const content = await readPart('trades', Math.floor(at / TRADES_PER_PART));
    if (content === null) throw new Error(`the trades of backtest ${record.id} from ${at} on are gone`);
    const first = at % TRADES_PER_PART;
    items.push(...tradesOf(content).slice(first, first + to - at));
  }
  return { items, next: to < closedTrades ? String(to) : null };
}

export function tradesFile(store: Store, record: BacktestRecord): Readable {
  resultOf(record);
  return Readable.from(tradesCsv(partsOf(store, record)));
}

export function equityFile(store: Store, record: BacktestRecord): Readable {
  const { cash } = resultOf(record).manifest.spec.broker;
  return Readable.from(equityCsv(partsOf(store, record), cash));
}

/** The document of a backtest's report. Throws `NO_RESULT` while there is none, and when it is that of another version. */
export async function reportDocument(store: Store, record: BacktestRecord): Promise<ReportData> {
  resultOf(record);
  const content = await partsOf(store, record)('report', 0);
  if (content === null) throw new Error(`the report of backtest ${record.id} is gone`);
  const document = reportOf(content);
  if (document !== null) return document;
  throw new Problem(
    'NO_RESULT',
    `The report of backtest ${record.id} was stored by another version of the platform. Post its manifest to run it again.`,
    [{ field: 'id', value: record.id, message: 'its report cannot be read any more' }],
  );
}

export async function reportFile(store: Store, record: BacktestRecord): Promise<string> {
  return renderReport(await reportDocument(store, record));
}
