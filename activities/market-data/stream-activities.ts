import { ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import { StreamsSuperseded } from '../../adapters/ports/stream-health.ts';
import type { VenueStreams } from '../../adapters/ports/venue-streams.ts';
import type { StreamActivities } from '../../domain/market/stream-session.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** What the activities of streams stand on. */
export interface StreamDependencies {
  /** The streams of a venue account, or `undefined` for a venue that this worker has no account of. */
  readonly streams: (venue: string) => VenueStreams | undefined;
  /** Aborts when the worker is told to stop: another worker then goes on. */
  readonly stopping: AbortSignal;
}

/** The activities of streams on the queue `market-data`. */
export function createStreamActivities(deps: StreamDependencies): StreamActivities {
  return {
    watchVenue: async ({ venue, sessionMs }) => {
      const streams = deps.streams(venue);
      if (streams === undefined) {
        throw ApplicationFailure.create({
          message: `this worker has no account of venue "${venue}"`,
          type: 'UNKNOWN_VENUE',
          // Another worker may have it.
          nextRetryDelay: '5 seconds',
        });
      }
      let progress: unknown;
      const beat = (): void => heartbeat(progress);
      const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
      beat();
      const cancelled = cancellationSignal();
      const over = AbortSignal.any([cancelled, deps.stopping, AbortSignal.timeout(sessionMs)]);
      try {
        await streams.run(over, (report) => {
          progress = report;
        });
      } catch (error) {
        throw asFailure(error);
      } finally {
        clearInterval(timer);
      }
      cancelled.throwIfAborted();
      if (deps.stopping.aborted) {
        throw ApplicationFailure.create({ message: 'the worker was told to stop', type: 'WORKER_STOPPED' });
      }
    },
  };
}

/** Whoever was superseded leaves the streams to its successor; should that one be gone, another attempt comes a little later. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof StreamsSuperseded)) return error;
  return ApplicationFailure.create({ message: error.message, type: 'StreamsSuperseded', nextRetryDelay: '5 seconds' });
}
