import type { DatasetRecord } from '../../../adapters/ports/candle-store.ts';
import type { DownloadProblem, DownloadRecord, DownloadStore } from '../../../adapters/ports/download-store.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import type { DatasetFacts } from '../../../domain/market/dataset-facts.ts';

const notHere = (): never => {
  throw new Error('the activities have no business here');
};

/** One download in memory. */
export class MemoryDownloads implements DownloadStore {
  record: DownloadRecord;
  sealed: DatasetFacts | null = null;
  readonly #pages: Candles[] = [];

  constructor(download: Pick<DownloadRecord, 'id' | 'venue' | 'symbol' | 'timeframe' | 'from' | 'to'>) {
    this.record = {
      ...download,
      workflowId: `download/${download.id}`,
      owner: 'test',
      status: 'running',
      next: download.from,
      rows: 0,
      datasetId: null,
      problem: null,
      createdAt: 0,
      endedAt: null,
    };
  }

  acceptDownload = notHere;
  listDownloads = notHere;
  notStarted = notHere;
  markStarted = notHere;

  findDownload = async (id: string): Promise<DownloadRecord | null> => (id === this.record.id ? this.record : null);

  addPage = async (_id: string, at: number, candles: Candles, next: number): Promise<DownloadRecord> => {
    if (this.record.next !== at || this.record.status !== 'running') return this.record;
    this.#pages.push(candles);
    this.record = { ...this.record, next, rows: this.record.rows + candles.length };
    return this.record;
  };

  async *downloadedBars(): AsyncGenerator<Candles, void, undefined> {
    yield* this.#pages;
  }

  sealDownload = async (id: string, facts: DatasetFacts): Promise<DatasetRecord> => {
    this.sealed = facts;
    const { symbol, timeframe, owner, venue } = this.record;
    this.record = { ...this.record, status: 'completed', datasetId: 'ds_1' };
    const source = { kind: 'download', venue, downloadId: id } as const;
    const rest = { duplicates: 0, hasVolume: true, unusedColumns: [], createdAt: 0 };
    return { ...facts, id: 'ds_1', symbol, timeframe, owner, source, ...rest };
  };

  abandonDownload = async (
    _id: string,
    status: 'cancelled' | 'failed',
    problem: DownloadProblem | null,
  ): Promise<DownloadRecord> => {
    this.record = { ...this.record, status, problem };
    return this.record;
  };
}
