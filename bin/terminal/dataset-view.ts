import { listOf, tableOf } from './output.ts';

/** A data set as the API shows it. */
export interface DatasetView {
  readonly datasetId: string;
  readonly hash: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly rows: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly gaps: number;
  readonly missingBars: number;
  readonly outsideBars: number;
  readonly firstGaps: readonly { readonly after: string; readonly before: string; readonly bars: number }[];
  readonly calendar: string;
  readonly duplicates: number;
  readonly hasVolume: boolean;
  readonly unusedColumns: readonly string[];
  readonly source: DatasetSourceView;
  readonly notes: readonly string[];
}

interface DatasetSourceView {
  readonly kind: string;
  readonly stamp?: string;
  readonly zone?: string;
  readonly venue?: string;
  readonly synthetic?: boolean;
  readonly datasetId?: string;
  readonly timeframe?: string;
}

/** A download as the API shows it. */
export interface DownloadView {
  readonly id: string;
  readonly workflowId: string;
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed';
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly from: string;
  readonly to: string;
  readonly next: string;
  readonly progress: number;
  readonly rows: number;
  readonly datasetId: string | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly notes: readonly string[];
}

/** One data set for people, with what they should know about its bars. */
export function readableDataset(view: DatasetView): string {
  const notes = [
    view.notes,
    view.hasVolume ? [] : ['it has no volume: every volume is 0'],
    view.unusedColumns.length === 0 ? [] : [`columns that were not read: ${view.unusedColumns.join(', ')}`],
    view.outsideBars === 0 ? [] : [`${view.outsideBars} bars lie outside the trading hours of ${view.calendar}`],
  ].flat();
  return [
    listOf([
      ['data set', view.datasetId],
      ['symbol', view.symbol],
      ['timeframe', view.timeframe],
      ['source', sourceText(view.source)],
      ['bars', view.rows],
      ['first', view.firstAt],
      ['last', view.lastAt],
      ['gaps', `${view.gaps} (${view.missingBars} bars missing by the calendar ${view.calendar})`],
      ['duplicates dropped', view.duplicates],
      ['hash', view.hash],
    ]),
    ...notes.map((note) => `note: ${note}\n`),
    view.firstGaps.length === 0
      ? ''
      : tableOf(
          ['after', 'before', 'missing'],
          view.firstGaps.map(({ after, before, bars }) => [after, before, bars]),
        ),
  ].join('');
}

function sourceText({ kind, stamp, zone, venue, synthetic, datasetId, timeframe }: DatasetSourceView): string {
  switch (kind) {
    case 'file':
      return `a file, stamped with the ${stamp} of bars, zone ${zone}`;
    case 'download':
      return `venue ${venue}${synthetic === true ? ', a synthetic market: no prices of the world' : ''}`;
    case 'resample':
      return `made of ${datasetId}, bars of ${timeframe}`;
    default:
      return kind;
  }
}

export function datasetTable(views: readonly DatasetView[]): string {
  return tableOf(
    ['data set', 'symbol', 'timeframe', 'bars', 'first', 'last', 'gaps'],
    views.map((view) => [view.datasetId, view.symbol, view.timeframe, view.rows, view.firstAt, view.lastAt, view.gaps]),
  );
}

/** One download for people. */
export function readableDownload(view: DownloadView): string {
  const facts = listOf([
    ['download', view.id],
    ['status', view.status],
    ['candles', `${view.timeframe} of ${view.symbol} on ${view.venue}`],
    ['from', view.from],
    ['to', view.to],
    ['progress', `${(view.progress * 100).toFixed(1)} %, ${view.rows} bars`],
    ['data set', view.datasetId],
    ['problem', view.problem === null ? null : `${view.problem.code}: ${view.problem.detail}`],
  ]);
  return [facts, ...view.notes.map((note) => `note: ${note}\n`)].join('');
}
