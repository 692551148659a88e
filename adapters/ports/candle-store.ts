import type { Candles } from '../../domain/market/candles.ts';
import type { DatasetFacts } from '../../domain/market/dataset-facts.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

/** What was found while the bars of a data set were read. */
export interface ImportedFacts extends DatasetFacts {
  /** Identical repetitions that were dropped because that was asked for. */
  readonly duplicates: number;
  /** Without volumes every volume is 0. */
  readonly hasVolume: boolean;
  /** Columns of a file that were not read. */
  readonly unusedColumns: readonly string[];
}

/** Bars in blocks, oldest first and already checked, and in the end the facts of the whole. */
export type CandleBlocks = AsyncGenerator<Candles, ImportedFacts, undefined>;

/** Where a data set comes from, in the words of whoever made it. */
export type DatasetSource =
  | { readonly kind: 'file'; readonly stamp: 'open' | 'close'; readonly zone: string; readonly columns: string | null }
  | {
      readonly kind: 'download';
      readonly venue: string;
      readonly downloadId: string;
      /** Whether the market of the venue was a made-up one; absent where nobody said. */
      readonly synthetic?: boolean;
    }
  | { readonly kind: 'resample'; readonly datasetId: string; readonly timeframe: Timeframe };

export interface NewDataset {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly source: DatasetSource;
  /** Name of the key that it came with. */
  readonly owner: string;
}

/** A stored data set: its bars never change. */
export interface DatasetRecord extends NewDataset, ImportedFacts {
  readonly createdAt: EpochMs;
}

export interface DatasetFilter {
  readonly symbol?: string;
  readonly timeframe?: Timeframe;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface LoadOptions {
  /** Bars that open in `[from, to)`; `null` or absent leaves a side open. */
  readonly from?: EpochMs | null;
  readonly to?: EpochMs | null;
  /** Puts the columns into shared memory, for threads. */
  readonly shared?: boolean;
  /** Told whenever some bars have come. */
  readonly onPiece?: () => void;
}

/** The bars are missing, or none of them lies in the range; the message says which there are. */
export class CandlesNotFound extends Error {
  readonly code: 'DATASET_NOT_FOUND' | 'EMPTY_RANGE';

  constructor(code: CandlesNotFound['code'], message: string) {
    super(message);
    this.name = 'CandlesNotFound';
    this.code = code;
  }
}

/** The data set that has the bars. */
export interface SavedDataset {
  readonly record: DatasetRecord;
  /** Whether it is a new one. */
  readonly created: boolean;
  /** What was found in the bars now, by the calendar that came with them: a record that was there keeps what was found the first time. */
  readonly given: ImportedFacts;
}

/** What became of a data set that was to be deleted. */
export type DatasetDeletion =
  | { readonly kind: 'deleted'; readonly record: DatasetRecord }
  | { readonly kind: 'not-found' }
  /** Work that has not ended reads it. `users` are the first ten, as workflow ids such as `backtest/<id>`. */
  | { readonly kind: 'in-use'; readonly users: readonly string[] };

/** Data sets by content: the same bars are stored once, whoever brings them. */
export interface CandleStore {
  /**
   * Stores all blocks and the facts in one transaction, or nothing. Bars that are there already are not stored again: the
   * answer is then the data set that has them, and `created` is false. Whatever the blocks throw comes out as it is.
   */
  saveDataset(dataset: NewDataset, blocks: CandleBlocks): Promise<SavedDataset>;
  findDataset(id: string): Promise<DatasetRecord | null>;
  /** Newest first. */
  listDatasets(
    filter: DatasetFilter,
  ): Promise<{ readonly items: readonly DatasetRecord[]; readonly next: string | null }>;
  /**
   * Removes a data set with its bars, unless a backtest or an optimisation that has not ended names it. Results that have been
   * computed on it stay as they are, with its hash. Work that is accepted at the same moment fails for want of the data set.
   */
  deleteDataset(id: string): Promise<DatasetDeletion>;
  /** @throws {CandlesNotFound} when there is no such data set, or no bar of it in the range */
  loadCandles(id: string, options?: LoadOptions): Promise<Candles>;
}
