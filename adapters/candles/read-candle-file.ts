import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import { BadCandles, candleProblem } from '../../domain/market/candle-checks.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { CsvCandles } from '../../domain/market/csv-candles.ts';
import { DatasetHash, datasetIdOf } from '../../domain/market/dataset.ts';
import { GapCounter, type GapReport } from '../../domain/market/dataset-gaps.ts';
import { type CandleFileOptions, checkOptions } from './candle-options.ts';
import { brokenGzip, isGzip } from './plain-bytes.ts';
import { sha256 } from './sha256.ts';

/** A file of bars in memory. */
export interface CandleFile {
  readonly candles: Candles;
  /** SHA-256 of symbol, timeframe and bars, hex: the same as that of the stored data set with these bars. */
  readonly hash: string;
  readonly datasetId: string;
  readonly gaps: GapReport;
  /** Identical repetitions that were dropped because that was asked for. */
  readonly duplicates: number;
  /** Without a volume column every volume is 0. */
  readonly hasVolume: boolean;
  readonly unusedColumns: readonly string[];
}

/** Pieces in which a file in memory is parsed: small enough that the rest of the last line costs nothing to carry over. */
const PIECE_BYTES = 1 << 20;

/**
 * Reads a CSV file of bars, plain or gzip, and checks every row.
 * @throws {BadCandles} with every problem of the options, the file or its rows; `problems` are fields with values and what to do
 */
export async function readCandleFile(path: string, options: CandleFileOptions): Promise<CandleFile> {
  const checked = checkOptions(options);
  const bytes = await contentOf(path);
  const builder = new CandleBuilder(checked.symbol, checked.timeframe, bytes.length >> 5);
  const csv = new CsvCandles(checked.csv, builder);
  for (let from = 0; from < bytes.length && !csv.isHopeless; from += PIECE_BYTES) {
    csv.push(bytes.subarray(from, from + PIECE_BYTES));
  }
  const { duplicates, hasVolume, unusedColumns } = csv.finish();
  const candles = builder.take();
  const hash = hashCandles(candles);
  const gaps = new GapCounter(checked.timeframe, checked.calendar);
  gaps.add(candles);
  return { candles, hash, datasetId: datasetIdOf(hash), gaps: gaps.report(), duplicates, hasVolume, unusedColumns };
}

/** The content hash of bars in memory, hex. */
export function hashCandles(candles: Candles): string {
  const hash = new DatasetHash(candles.symbol, candles.timeframe, sha256());
  hash.add(candles);
  return hash.finish();
}

async function contentOf(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new BadCandles([candleProblem(null, 'file', path, `cannot be read: ${(error as Error).message}`)]);
  }
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw brokenGzip(error);
  }
}
