import type { DatasetRecord, SavedDataset } from '../../adapters/ports/candle-store.ts';
import type { DownloadRecord } from '../../adapters/ports/download-store.ts';
import { iso } from '../iso.ts';
import { importNotes } from './import-notes.ts';

/** One data set as the API shows it. */
export function datasetView(record: DatasetRecord, notes: readonly string[] = []) {
  const { gaps } = record;
  return {
    datasetId: record.id,
    hash: record.hash,
    symbol: record.symbol,
    timeframe: record.timeframe,
    rows: record.rows,
    firstAt: iso(record.firstAt),
    lastAt: iso(record.lastAt),
    gaps: gaps.count,
    missingBars: gaps.missingBars,
    outsideBars: gaps.outsideBars,
    firstGaps: gaps.first.map(({ after, before, bars }) => ({ after: iso(after), before: iso(before), bars })),
    calendar: gaps.calendar,
    duplicates: record.duplicates,
    hasVolume: record.hasVolume,
    unusedColumns: record.unusedColumns,
    source: record.source,
    owner: record.owner,
    createdAt: iso(record.createdAt),
    notes,
  };
}

/** A data set that was just brought, with what of it was not taken because its bars were there already. */
export function importedView({ record, created, given }: SavedDataset) {
  return datasetView(record, created ? [] : importNotes(record, given));
}

/** One download as the API shows it. */
export function downloadView(record: DownloadRecord, notes: readonly string[] = []) {
  const { from, to, next } = record;
  return {
    id: record.id,
    workflowId: record.workflowId,
    status: record.status,
    venue: record.venue,
    symbol: record.symbol,
    timeframe: record.timeframe,
    from: iso(from),
    to: iso(to),
    next: iso(next),
    progress: to > from ? (next - from) / (to - from) : 1,
    rows: record.rows,
    datasetId: record.datasetId,
    problem: record.problem,
    owner: record.owner,
    createdAt: iso(record.createdAt),
    endedAt: iso(record.endedAt),
    notes,
  };
}
