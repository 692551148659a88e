import type { Candles } from '../../domain/market/candles.ts';
import type { DatasetFacts } from '../../domain/market/dataset-facts.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { DatasetRecord } from './candle-store.ts';

/** How a download stands; the last three are final. */
export type DownloadStatus = 'running' | 'completed' | 'cancelled' | 'failed';

/** Why a download did not end well: a stable code and a sentence with the numbers. */
export interface DownloadProblem {
  readonly code: string;
  readonly detail: string;
}

export interface NewDownload {
  readonly id: string;
  readonly workflowId: string;
  readonly owner: string;
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Bars that open in `[from, to)`, both on the grid of the timeframe. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface DownloadRecord extends NewDownload {
  readonly status: DownloadStatus;
  /** Everything that opens before it is stored, or was not there: where the next page begins. */
  readonly next: EpochMs;
  /** Bars stored so far. */
  readonly rows: number;
  readonly datasetId: string | null;
  readonly problem: DownloadProblem | null;
  readonly createdAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

export interface DownloadClaim {
  readonly key: string;
  /** SHA-256 of the request body, hex. */
  readonly bodyHash: string;
}

export type DownloadAcceptance =
  | { readonly kind: 'accepted' | 'known'; readonly download: DownloadRecord }
  /** The same owner used that key for another body. */
  | { readonly kind: 'key-reused' };

/** Downloads page by page: each page and where the next begins are stored together, so that nothing is fetched or stored twice. */
export interface DownloadStore {
  acceptDownload(download: NewDownload, claim: DownloadClaim | null): Promise<DownloadAcceptance>;
  findDownload(id: string): Promise<DownloadRecord | null>;
  /** Newest first. */
  listDownloads(page: {
    readonly cursor?: string;
    readonly limit: number;
  }): Promise<{ readonly items: readonly DownloadRecord[]; readonly next: string | null }>;
  /** Accepted downloads whose workflow has not been seen to start. */
  notStarted(): Promise<readonly DownloadRecord[]>;
  markStarted(id: string): Promise<void>;
  /**
   * Stores the bars that begin at `at` and moves on to `next`, in one transaction.
   * @returns the download as it is then: unchanged when it does not stand at `at` any more (another attempt was quicker) or has ended
   */
  addPage(id: string, at: EpochMs, candles: Candles, next: EpochMs): Promise<DownloadRecord>;
  /** The bars so far, oldest first, in blocks. */
  downloadedBars(id: string): AsyncGenerator<Candles, void, undefined>;
  /** Makes a data set of the bars, or finds the one that has the same ones, and ends the download as completed. */
  sealDownload(id: string, facts: DatasetFacts): Promise<DatasetRecord>;
  /** Ends a running download without a data set and removes its bars. Does nothing to one that has ended. */
  abandonDownload(id: string, status: 'cancelled' | 'failed', problem: DownloadProblem | null): Promise<DownloadRecord>;
}
