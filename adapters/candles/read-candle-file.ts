import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import { BadCandles, candleProblem } from '../../domain/market/candle-checks.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { CsvCandles } from '../../domain/market/csv-candles.ts';
import { DatasetHash, datasetIdOf } from '../../domain/market/dataset.ts';
import { GapCounter, type GapReport } from '../../domain/market/dataset-gaps.ts';
import { type CandleFileOptions, checkOptions } from './candle-options.ts';
import { sha256 } from './sha256.ts';
import { piecesOfFile, sizeOfFile, UnreadableFile } from './whole-file.ts';

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

/** Most text that is read into memory, unpacked: some 16 million bars. */
export const MAX_FILE_BYTES = 1 << 30;
/** No line of a bar is shorter; packed, none takes less. */
const [PLAIN_BAR_BYTES, PACKED_BAR_BYTES] = [32, 16];

export interface ReadOptions {
  /** Most bytes of text, unpacked; 1 GiB by default and at most. */
  readonly maxBytes?: number;
  /** Told with the bytes so far whenever a piece has come. */
  readonly onPiece?: (bytes: number) => void;
}

/**
 * Reads a CSV file of bars, plain or gzip, and checks every row.
 * @throws {BadCandles} with every problem of the options, the file or its rows; `problems` are fields with values and what to do
 */
export async function readCandleFile(
  path: string,
  options: CandleFileOptions,
  { maxBytes = MAX_FILE_BYTES, onPiece }: ReadOptions = {},
): Promise<CandleFile> {
  const { symbol, timeframe, calendar, csv: csvOptions } = checkOptions(options);
  const builder = new CandleBuilder(symbol, timeframe, await roomFor(path));
  const csv = new CsvCandles(csvOptions, builder);
  const instead =
    'files of a run may have 1,024 MiB together; import it as a data set (tradewind data import) and name its id';
  try {
    for await (const piece of piecesOfFile(path, { maxBytes: Math.min(maxBytes, MAX_FILE_BYTES), instead, onPiece })) {
      csv.push(piece);
      if (csv.isHopeless) break;
    }
  } catch (error) {
    throw asBadCandles(error, path);
  }
  const { duplicates, hasVolume, unusedColumns } = csv.finish();
  const candles = builder.take();
  const hash = hashCandles(candles);
  const gaps = new GapCounter(timeframe, calendar);
  gaps.add(candles);
  return { candles, hash, datasetId: datasetIdOf(hash), gaps: gaps.report(), duplicates, hasVolume, unusedColumns };
}

/** Bars that there may be in a file: room that nobody uses costs nothing, and too little is made more. */
async function roomFor(path: string): Promise<number> {
  try {
    const size = await sizeOfFile(path);
    return Math.ceil(Math.min(size, MAX_FILE_BYTES) / (path.endsWith('.gz') ? PACKED_BAR_BYTES : PLAIN_BAR_BYTES));
  } catch (error) {
    throw asBadCandles(error, path);
  }
}

function asBadCandles(error: unknown, path: string): unknown {
  return error instanceof UnreadableFile ? new BadCandles([candleProblem(null, 'file', path, error.message)]) : error;
}

/** The content hash of bars in memory, hex. */
export function hashCandles(candles: Candles): string {
  const hash = new DatasetHash(candles.symbol, candles.timeframe, sha256());
  hash.add(candles);
  return hash.finish();
}
