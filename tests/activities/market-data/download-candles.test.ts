import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { MarketDataDependencies } from '../../../activities/market-data/dependencies.ts';
import { createMarketDataActivities } from '../../../activities/market-data/market-data-activities.ts';
import { sha256 } from '../../../adapters/candles/sha256.ts';
import type { CandleSource } from '../../../adapters/ports/candle-source.ts';
import { VenueReadError } from '../../../adapters/ports/venue.ts';
import { hashCandles } from '../../../adapters/candles/read-candle-file.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { MemoryDownloads } from './memory-downloads.ts';

const MINUTE_MS = 60_000;
const T0 = Date.UTC(2024, 0, 1);
const at = (minute: number): number => T0 + minute * MINUTE_MS;

function bars(from: number, to: number): Candles {
  const builder = new CandleBuilder('BTC/USDT', '1m');
  for (let minute = from; minute < to; minute += 1) builder.add(at(minute), 2, 3, 1, 2, minute);
  return builder.take();
}

/** A venue with a bar every minute, ten to a page. */
class ScriptedSource implements CandleSource {
  readonly venueId = 'sim';
  readonly asked: number[] = [];
  failure: unknown = null;
  isClosed = false;
  make = bars;

  async page(_symbol: string, _timeframe: string, from: number, to: number) {
    const minute = (from - T0) / MINUTE_MS;
    this.asked.push(minute);
    if (this.failure !== null) throw this.failure;
    const end = Math.min(minute + 10, (to - T0) / MINUTE_MS);
    return { candles: this.make(minute, end), next: at(end) };
  }

  candleTimeframes = () => ['1m'];
  newest = async () => null;

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

let downloads: MemoryDownloads;
let source: ScriptedSource;
let environment: MockActivityEnvironment;
let stop: AbortController;
let heartbeats: unknown[];
beforeEach(() => {
  downloads = new MemoryDownloads({
    id: 'd1',
    venue: 'sim',
    symbol: 'BTC/USDT',
    timeframe: '1m',
    from: at(0),
    to: at(35),
  });
  source = new ScriptedSource();
  environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  heartbeats = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  stop = new AbortController();
});

const deps = (): MarketDataDependencies => ({
  downloads,
  source: (venue) => (venue === 'sim' ? source : undefined),
  sha256,
  stopping: stop.signal,
});
const run = (downloadId = 'd1'): Promise<unknown> =>
  environment.run(() => createMarketDataActivities(deps()).downloadCandles({ downloadId }));
const failure = async (): Promise<ApplicationFailure> => {
  const error: unknown = await run().then(
    () => new Error('it worked'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApplicationFailure) return error;
  throw error;
};

describe('downloading candles', () => {
  it('stores page after page and seals them as a data set with the hash of its bars', async () => {
    await expect(run()).resolves.toEqual({ datasetId: 'ds_1', rows: 35 });
    expect(source.asked).toEqual([0, 10, 20, 30]);
    expect(downloads.sealed).toMatchObject({ hash: hashCandles(bars(0, 35)), rows: 35, gaps: { count: 0 } });
    expect(heartbeats).toContainEqual({ next: '2024-01-01T00:35:00Z', rows: 35 });
  });

  it('goes on behind the last stored page', async () => {
    await downloads.addPage('d1', at(0), bars(0, 10), at(10));
    await run();
    expect(source.asked).toEqual([10, 20, 30]);
    expect(downloads.sealed?.rows).toBe(35);
  });

  it('goes on behind the pages of another attempt that was quicker', async () => {
    const make = source.make;
    source.make = (from, to) => {
      source.make = make;
      void downloads.addPage('d1', at(0), bars(0, 20), at(20));
      return bars(from, to);
    };
    await run();
    expect(source.asked).toEqual([0, 20, 30]);
    expect(downloads.sealed?.rows).toBe(35);
  });

  it('accepts that there is no bar for a while', async () => {
    source.make = (from, to) => (from === 10 ? bars(0, 0) : bars(from, to));
    await run();
    expect(downloads.sealed).toMatchObject({ rows: 25, gaps: { count: 1, missingBars: 10 } });
  });
});

describe('a download that cannot go on', () => {
  it('is tried again when the venue does not answer, as late as it says', async () => {
    source.failure = new VenueReadError('too many requests', { code: '-1003', retryAfterMs: 3_000 });
    expect(await failure()).toMatchObject({ type: 'VenueReadError', nonRetryable: false, nextRetryDelay: 3_000 });
  });

  it.each(['NO_SUCH_MARKET', 'NO_SUCH_TIMEFRAME'])('is given up for %s', async (code) => {
    source.failure = new VenueReadError('the venue has no such thing', { code });
    expect(await failure()).toMatchObject({ type: code, nonRetryable: true });
  });

  it('is given up for bars that cannot be right, and stores none of their page', async () => {
    source.make = (from, to) => {
      const page = bars(from, to);
      page.high[3] = 0.5;
      return page;
    };
    expect(await failure()).toMatchObject({
      type: 'INVALID_CANDLES',
      nonRetryable: true,
      message: expect.stringContaining('line 4: high is 0.5: below the low, 1'),
    });
    expect(downloads.record.rows).toBe(0);
  });

  it('is given up when all pages together are no rising sequence', async () => {
    source.make = (from, to) => (from === 10 ? bars(5, 15) : bars(from, to));
    expect(await failure()).toMatchObject({
      type: 'INVALID_CANDLES',
      message: expect.stringContaining('earlier than line 10'),
    });
  });

  it('is given up without a single bar', async () => {
    source.make = () => bars(0, 0);
    expect(await failure()).toMatchObject({
      type: 'EMPTY_RANGE',
      message: 'venue "sim" has no 1m candle of BTC/USDT from 2024-01-01T00:00:00Z to 2024-01-01T00:35:00Z',
    });
  });

  it('is given up when it is not known, its venue is not ours, or it has ended', async () => {
    await expect(run('d2')).rejects.toMatchObject({ type: 'DOWNLOAD_NOT_FOUND', nonRetryable: true });
    downloads.record = { ...downloads.record, venue: 'other' };
    expect(await failure()).toMatchObject({ type: 'UNKNOWN_VENUE' });
    downloads.record = { ...downloads.record, venue: 'sim', status: 'cancelled' };
    expect(await failure()).toMatchObject({ type: 'DOWNLOAD_ENDED' });
    expect(source.asked).toEqual([]);
  });

  it('stops between two pages when it is cancelled', async () => {
    const make = source.make;
    source.make = (from, to) => {
      if (from === 10) environment.cancel();
      return make(from, to);
    };
    await expect(run()).rejects.toMatchObject({ name: 'CancelledFailure' });
    expect(source.asked).toEqual([0, 10]);
  });

  it('leaves off for another worker when its own is told to stop', async () => {
    const make = source.make;
    source.make = (from, to) => {
      if (from === 10) stop.abort();
      return make(from, to);
    };
    expect(await failure()).toMatchObject({ type: 'WORKER_STOPPED', nonRetryable: false });
    expect(downloads.record.rows).toBe(20);
  });
});

it('removes the bars of a download that is given up', async () => {
  const problem = { code: 'X', detail: 'x' };
  await environment.run(() =>
    createMarketDataActivities(deps()).abandonDownload({ downloadId: 'd1', status: 'failed', problem }),
  );
  expect(downloads.record).toMatchObject({ status: 'failed', problem });
});
