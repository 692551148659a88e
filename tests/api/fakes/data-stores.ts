import { CandlesNotFound, type CandleStore, type DatasetRecord } from '../../../adapters/ports/candle-store.ts';
import type { DownloadRecord } from '../../../adapters/ports/download-store.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import type { ApiDependencies, CommandOutcome } from '../../../api/ports.ts';

/** Data sets in memory. */
export class FakeDatasetStore implements Pick<
  CandleStore,
  'saveDataset' | 'findDataset' | 'listDatasets' | 'loadCandles' | 'deleteDataset'
> {
  readonly records: DatasetRecord[] = [];
  /** Bars of every data set by id. */
  readonly bars = new Map<string, readonly Candles[]>();
  /** Workflow ids of what has not ended and reads any data set. */
  users: readonly string[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  saveDataset: CandleStore['saveDataset'] = async (dataset, blocks) => {
    const bars: Candles[] = [];
    for (;;) {
      const step = await blocks.next();
      if (step.done !== true) {
        bars.push(step.value);
        continue;
      }
      const known = this.records.find(({ hash }) => hash === step.value.hash);
      if (known !== undefined) return { record: known, created: false, given: step.value };
      const record: DatasetRecord = { ...dataset, ...step.value, createdAt: this.now() };
      this.records.unshift(record);
      this.bars.set(record.id, bars);
      return { record, created: true, given: record };
    }
  };

  findDataset: CandleStore['findDataset'] = async (id) => this.records.find((record) => record.id === id) ?? null;

  loadCandles: CandleStore['loadCandles'] = async (id, { from = null, to = null } = {}) => {
    const builder = new CandleBuilder('', '1m');
    const blocks = this.bars.get(id) ?? [];
    for (const { time, open, high, low, close, volume, length } of blocks) {
      for (let i = 0; i < length; i += 1) {
        if ((from ?? 0) > time[i]! || time[i]! >= (to ?? Infinity)) continue;
        builder.add(time[i]!, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
      }
    }
    if (builder.length === 0) throw new CandlesNotFound('EMPTY_RANGE', 'there is no bar in the range');
    return { ...builder.take(), symbol: blocks[0]!.symbol, timeframe: blocks[0]!.timeframe };
  };

  deleteDataset: CandleStore['deleteDataset'] = async (id) => {
    const index = this.records.findIndex((record) => record.id === id);
    if (index < 0) return { kind: 'not-found' };
    if (this.users.length > 0) return { kind: 'in-use', users: this.users };
    const [record] = this.records.splice(index, 1);
    this.bars.delete(id);
    return { kind: 'deleted', record: record! };
  };

  listDatasets: CandleStore['listDatasets'] = async ({ limit, symbol, timeframe, cursor = '0' }) => {
    const wanted = this.records.filter(
      (record) => (symbol ?? record.symbol) === record.symbol && (timeframe ?? record.timeframe) === record.timeframe,
    );
    const end = Number(cursor) + limit;
    return { items: wanted.slice(Number(cursor), end), next: end < wanted.length ? String(end) : null };
  };
}

/** Downloads in memory; nothing works on them. */
export class FakeDownloads {
  readonly records: DownloadRecord[] = [];
  readonly started: string[] = [];
  readonly cancelled: string[] = [];
  outcome: CommandOutcome = { kind: 'done' };
  /** What becomes of a download as soon as its workflow is started. */
  onStart: Partial<DownloadRecord> = {};
  private readonly claims = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  readonly store: ApiDependencies['downloads'] = {
    acceptDownload: async (download, claim) => {
      const claimed = claim === null ? undefined : this.claims.get(`${download.owner} ${claim.key}`);
      if (claimed !== undefined) {
        if (claimed.bodyHash !== claim?.bodyHash) return { kind: 'key-reused' };
        return { kind: 'known', download: this.find(claimed.id)! };
      }
      if (claim !== null) {
        this.claims.set(`${download.owner} ${claim.key}`, { bodyHash: claim.bodyHash, id: download.id });
      }
      const record: DownloadRecord = {
        ...download,
        status: 'running',
        next: download.from,
        rows: 0,
        datasetId: null,
        problem: null,
        createdAt: this.now(),
        endedAt: null,
      };
      this.records.unshift(record);
      return { kind: 'accepted', download: record };
    },
    findDownload: async (id) => this.find(id) ?? null,
    listDownloads: async ({ limit }) => ({ items: this.records.slice(0, limit), next: null }),
    notStarted: async () => this.records.filter(({ id }) => !this.started.includes(id)),
    markStarted: async () => undefined,
  };

  readonly workflows: ApiDependencies['downloadWorkflows'] = {
    start: async ({ id }) => {
      this.started.push(id);
      this.change(id, this.onStart);
    },
    cancel: async ({ id }) => {
      this.cancelled.push(id);
      return this.outcome;
    },
  };

  /** Changes a download, as its worker would. */
  change(id: string, changes: Partial<DownloadRecord>): void {
    const index = this.records.findIndex((record) => record.id === id);
    this.records[index] = { ...this.records[index]!, ...changes };
  }

  private find(id: string): DownloadRecord | undefined {
    return this.records.find((record) => record.id === id);
  }
}
