/** What the workflow of a download asks of the market-data worker. */
export interface DownloadActivities {
  /** Fetches, stores and seals; begun anew it goes on behind the last stored page. */
  downloadCandles(command: { readonly downloadId: string }): Promise<DownloadedDataset>;
  /** Ends a download that did not end by itself and removes its bars. */
  abandonDownload(command: AbandonCommand): Promise<void>;
}

export interface DownloadedDataset {
  readonly datasetId: string;
  readonly rows: number;
}

export interface AbandonCommand {
  readonly downloadId: string;
  readonly status: 'cancelled' | 'failed';
  /** A stable code and a sentence; `null` for a cancel. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}
