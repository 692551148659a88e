import { activityInfo, ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { DownloadActivities } from '../../domain/market/dataset-download.ts';
import type { MarketDataDependencies } from './dependencies.ts';
import { downloadCandles, DownloadRefused } from './download-candles.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities on the queue `market-data`. */
export function createMarketDataActivities(deps: MarketDataDependencies): DownloadActivities {
  return {
    downloadCandles: async ({ downloadId }) => {
      // What the last attempt had reached, until this one knows better.
      let progress: unknown = activityInfo().heartbeatDetails;
      const beat = (): void => heartbeat(progress);
      const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
      beat();
      try {
        return await downloadCandles(
          deps,
          downloadId,
          (reached) => {
            progress = reached;
            beat();
          },
          AbortSignal.any([cancellationSignal(), deps.stopping]),
        );
      } catch (error) {
        throw deps.stopping.aborted && !cancellationSignal().aborted ? stopped() : asFailure(error);
      } finally {
        clearInterval(timer);
      }
    },
    abandonDownload: async ({ downloadId, status, problem }) => {
      await deps.downloads.abandonDownload(downloadId, status, problem);
    },
  };
}

/** Worth another attempt at once, by whichever worker is there. */
function stopped(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'the worker was told to stop', type: 'WORKER_STOPPED' });
}

/** A read that failed is tried again when the venue says so; what no attempt can mend ends the download. */
function asFailure(error: unknown): unknown {
  if (error instanceof DownloadRefused) {
    return ApplicationFailure.create({ message: error.message, type: error.code, nonRetryable: true });
  }
  if (!(error instanceof VenueReadError)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: 'VenueReadError',
    nonRetryable: false,
    ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}
