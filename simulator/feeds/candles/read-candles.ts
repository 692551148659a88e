import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import { type Candles, sliceCandles } from '../../../domain/market/candles.ts';
import { CsvCandles } from '../../../domain/market/csv-candles.ts';
import { ReplayBars } from '../../../domain/matching/bar-market/replay-bars.ts';
import { marketScales } from '../../../domain/matching/scale.ts';
import type { MarketListing } from '../../config.ts';
import { DatasetHash } from '../../../domain/market/dataset.ts';
import { resample } from '../../../domain/market/resample.ts';
import { localClockOf } from '../../../domain/market/calendar-zone.ts';
import { findTimeZone } from '../../../domain/market/time-zones.ts';
import type { CandleFeedConfig } from './candle-feed-config.ts';

/** The candles that a venue replays, and the hash by which a later start knows them again. */
export interface ReadCandles {
  readonly candles: Candles;
  readonly hash: string;
}

/** Checks that a venue of that feed and market can be opened. Throws as `readCandles`, and when a price is no whole tick. */
export async function checkCandles(feed: CandleFeedConfig, listing: MarketListing): Promise<void> {
  const { candles } = await readCandles(feed, listing.symbol);
  try {
    void new ReplayBars(candles, marketScales(listing), listing.tick);
  } catch (error) {
    throw failure(feed.file, error);
  }
}

/**
 * Reads and checks the candles of a feed, whole. Throws an `Error` that names the file and, for a row that cannot be used, line, column, value and what
 * to do; also when no bar is left to replay after the warm-up.
 */
export async function readCandles(feed: CandleFeedConfig, symbol: string): Promise<ReadCandles> {
  const read = within(feed, await readFile(feed, symbol));
  const candles = feed.resample === null ? read : resample(read, feed.resample).candles;
  if (candles.length <= feed.warmUpBars) {
    throw new Error(
      `${feed.file}: ${candles.length} bars of ${candles.timeframe} are there, and warmUpBars is ${feed.warmUpBars}; make that smaller, or give more bars`,
    );
  }
  const hash = createHash('sha256');
  const content = new DatasetHash(symbol, candles.timeframe, {
    update: (data) => hash.update(data),
    hex: () => hash.digest('hex'),
  });
  content.add(candles);
  return { candles, hash: content.finish() };
}

async function readFile({ file, timeframe, stamp, zone, columns }: CandleFeedConfig, symbol: string): Promise<Candles> {
  const builder = new CandleBuilder(symbol, timeframe);
  const csv = new CsvCandles(
    { timeframe, stamp, columns, clock: localClockOf(findTimeZone(zone)), clockName: zone },
    builder,
  );
  try {
    for await (const piece of piecesOf(file)) {
      csv.push(piece);
      if (csv.isHopeless) break;
    }
    csv.finish();
  } catch (error) {
    throw failure(file, error);
  }
  return builder.take();
}

function failure(file: string, cause: unknown): Error {
  return new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

async function* piecesOf(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  const raw = createReadStream(file);
  const content = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // A failing file must end the gunzip stream too: `pipe` hands on data, not errors.
  raw.on('error', (error) => content.destroy(error));
  try {
    yield* content as AsyncIterable<Uint8Array>;
  } finally {
    raw.destroy();
    content.destroy();
  }
}

function within({ file, from, to }: CandleFeedConfig, candles: Candles): Candles {
  const first = from === null ? 0 : candles.time.findIndex((time) => time >= from);
  const last = to === null ? candles.length : candles.time.findLastIndex((time) => time < to) + 1;
  if (first === -1 || first >= last) throw new Error(`${file}: no bar lies between from and to; choose other times`);
  return sliceCandles(candles, first, last);
}
