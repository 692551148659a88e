import { defineUpdate } from '@temporalio/workflow';

/** Workflow type of a download of candles. */
export const DOWNLOAD_WORKFLOW = 'download';

/** The queue of whoever reads market data from the venues. */
export const MARKET_DATA_QUEUE = 'market-data';

/** The workflow id of a download: a business id, so that a second start of it is refused by the server. */
export function downloadWorkflowId(downloadId: string): string {
  return `download/${downloadId}`;
}

export interface DownloadInput {
  readonly downloadId: string;
  /** "1m candles of BTC/USDT on sim": what people read. */
  readonly summary: string;
}

export type DownloadEnd =
  | { readonly status: 'completed'; readonly datasetId: string; readonly rows: number }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly problem: { readonly code: string; readonly detail: string } };

/** Ends the download after the page under way; its bars are removed. */
export const cancelDownloadUpdate = defineUpdate<void>('cancel');
