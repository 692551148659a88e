import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { CandleSource } from '../../adapters/ports/candle-source.ts';
import type { DownloadRecord } from '../../adapters/ports/download-store.ts';
import { alwaysOpen } from '../../domain/market/calendar.ts';
import { BadCandles, CandleChecker, checkBars, isoOf } from '../../domain/market/candle-checks.ts';
import { DatasetFactsGatherer } from '../../domain/market/dataset-facts.ts';
import type { DownloadedDataset } from '../../domain/market/dataset-download.ts';
import type { MarketDataDependencies } from './dependencies.ts';

/** A download that no further attempt can bring to an end. */
export class DownloadRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'DownloadRefused';
    this.code = code;
  }
}

/** Codes of the venue's answers that will be the same next time. */
const FINAL_CODES: readonly (string | null)[] = ['NO_SUCH_MARKET', 'NO_SUCH_TIMEFRAME'];

/**
 * Brings a download to its end: page after page, each stored before the next is asked for, and then the data set. Begun anew it goes
 * on behind the last stored page.
 *
 * @param report told of every step, so that a download that stands still is noticed
 * @param signal ends the work between two pages
 * @throws {DownloadRefused} when no further attempt can help; anything else is worth another attempt
 */
export async function downloadCandles(
  deps: MarketDataDependencies,
  downloadId: string,
  report: (progress: { readonly next: string; readonly rows: number }) => void,
  signal: AbortSignal,
): Promise<DownloadedDataset> {
  let download = await deps.downloads.findDownload(downloadId);
  if (download === null) throw new DownloadRefused('DOWNLOAD_NOT_FOUND', `there is no download ${downloadId}`);
  const source = deps.source(download.venue);
  if (source === undefined) {
    throw new DownloadRefused('UNKNOWN_VENUE', `this worker has no account of venue "${download.venue}"`);
  }
  while (download.status === 'running' && download.next < download.to) {
    signal.throwIfAborted();
    download = await addPage(deps, source, download);
    report({ next: isoOf(download.next), rows: download.rows });
  }
  if (download.status === 'cancelled' || download.status === 'failed') {
    throw new DownloadRefused('DOWNLOAD_ENDED', `the download is ${download.status}`);
  }
  signal.throwIfAborted();
  return seal(deps, download, report);
}

async function addPage(
  deps: MarketDataDependencies,
  source: CandleSource,
  { id, symbol, timeframe, next: at, to, rows }: DownloadRecord,
): Promise<DownloadRecord> {
  try {
    const { candles, next } = await source.page(symbol, timeframe, at, to);
    const checker = new CandleChecker(timeframe);
    checkBars(checker, candles, rows + 1);
    checker.throwIfBad();
    return await deps.downloads.addPage(id, at, candles, next);
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof BadCandles) {
    return new DownloadRefused('INVALID_CANDLES', `the venue sent bars that cannot be used: ${error.message}`);
  }
  if (error instanceof VenueReadError && FINAL_CODES.includes(error.code)) {
    return new DownloadRefused(error.code!, error.message);
  }
  return error;
}

/** Checks and hashes what was stored, all of it: pages of several attempts are one data set only if they fit together. */
async function seal(
  deps: MarketDataDependencies,
  { id, venue, symbol, timeframe, from, to, next, rows }: DownloadRecord,
  report: (progress: { readonly next: string; readonly rows: number }) => void,
): Promise<DownloadedDataset> {
  const checker = new CandleChecker(timeframe);
  const facts = new DatasetFactsGatherer(symbol, timeframe, alwaysOpen, deps.sha256());
  let seen = 0;
  for await (const block of deps.downloads.downloadedBars(id)) {
    checkBars(checker, block, seen + 1);
    facts.add(block);
    seen += block.length;
    report({ next: isoOf(next), rows });
  }
  try {
    checker.throwIfBad();
  } catch (error) {
    throw asRefusal(error);
  }
  if (seen === 0) {
    const range = `from ${isoOf(from)} to ${isoOf(to)}`;
    throw new DownloadRefused('EMPTY_RANGE', `venue "${venue}" has no ${timeframe} candle of ${symbol} ${range}`);
  }
  const record = await deps.downloads.sealDownload(id, facts.finish());
  return { datasetId: record.id, rows: record.rows };
}
