import type { CandleSource } from '../../adapters/ports/candle-source.ts';
import type { DownloadStore } from '../../adapters/ports/download-store.ts';
import type { Hasher } from '../../domain/market/dataset.ts';

/** What the activities of the market-data worker stand on. */
export interface MarketDataDependencies {
  readonly downloads: DownloadStore;
  /** The candles of a venue account, or `undefined` for a venue that this worker has no account of. */
  readonly source: (venue: string) => CandleSource | undefined;
  readonly sha256: () => Hasher;
  /** Aborts when the worker is told to stop: a download then leaves off between two pages and another attempt goes on. */
  readonly stopping: AbortSignal;
}
