import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createStreamActivities } from '../../../activities/market-data/stream-activities.ts';
import { StreamsSuperseded } from '../../../adapters/ports/stream-health.ts';
import type { StreamReport, VenueStreams } from '../../../adapters/ports/venue-streams.ts';
import type { StreamActivities } from '../../../domain/market/stream-session.ts';

const COMMAND = { venue: 'sim', sessionMs: 60_000 };

let environment: MockActivityEnvironment;
let heartbeats: unknown[];
let stop: AbortController;
let activities: StreamActivities;
/** What the streams do when they are run. */
let work: VenueStreams['run'];
beforeEach(() => {
  environment = new MockActivityEnvironment({ attempt: 1 }, { logger: new DefaultLogger('ERROR') });
  heartbeats = [];
  environment.on('heartbeat', (details) => heartbeats.push(details));
  stop = new AbortController();
  work = untilAborted;
  const streams: VenueStreams = { run: (signal, report) => work(signal, report) };
  activities = createStreamActivities({
    streams: (venue) => (venue === 'sim' ? streams : undefined),
    stopping: stop.signal,
  });
});

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

const watch = (command = COMMAND): Promise<unknown> => environment.run(() => activities.watchVenue(command));

describe('keeping the streams of a venue', () => {
  it('ends with the session', async () => {
    await expect(watch({ ...COMMAND, sessionMs: 1 })).resolves.toBeUndefined();
  });

  it('tells by its heartbeat that it lives, and how many streams do', async () => {
    const reported: StreamReport = { session: 4, streams: 8, live: 7 };
    work = (signal, report) => {
      report(reported);
      return untilAborted(signal);
    };
    const watching = watch();
    await new Promise<void>((resolve) => {
      environment.on('heartbeat', (details) => {
        if (details === reported) resolve();
      });
    });
    stop.abort();
    await expect(watching).rejects.toMatchObject({ type: 'WORKER_STOPPED' });
  });

  it('is handed on at once when the worker is told to stop', async () => {
    const watching = watch();
    stop.abort();
    const failure = await watching.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'WORKER_STOPPED', nonRetryable: false });
  });

  it('ends as cancelled when it is cancelled', async () => {
    const watching = watch();
    environment.cancel();
    await expect(watching).rejects.toThrow(CancelledFailure);
  });

  it('is left to whoever has taken over, and tried again later', async () => {
    work = () => Promise.reject(new StreamsSuperseded('sim', 3));
    await expect(watch()).rejects.toMatchObject({ type: 'StreamsSuperseded', nonRetryable: false });
  });

  it('of a venue that this worker does not know is left to another worker', async () => {
    await expect(watch({ ...COMMAND, venue: 'other' })).rejects.toMatchObject({
      type: 'UNKNOWN_VENUE',
      nonRetryable: false,
      message: expect.stringContaining('"other"'),
    });
  });
});
