import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { CsvCandles } from '../../domain/market/csv-candles.ts';
import { DatasetFactsGatherer } from '../../domain/market/dataset-facts.ts';
import type { CandleBlocks } from '../ports/candle-store.ts';
import { type CandleFileOptions, checkOptions } from './candle-options.ts';
import { plainBytes } from './plain-bytes.ts';
import { sha256 } from './sha256.ts';

/** Bars of a block: large enough for speed, small enough that nobody waits for one. */
const BARS_PER_BLOCK = 8_192;

/**
 * The bars of a CSV file, plain or gzip, in blocks and in memory that does not grow with the file. Ends with the facts of the whole.
 * @throws {BadCandles} with every problem of the options, the file or its rows, once the file has been read
 */
export async function* csvBlocks(source: AsyncIterable<Uint8Array>, options: CandleFileOptions): CandleBlocks {
  const { symbol, timeframe, calendar, csv: csvOptions } = checkOptions(options);
  const builder = new CandleBuilder(symbol, timeframe, BARS_PER_BLOCK);
  const csv = new CsvCandles(csvOptions, builder);
  const facts = new DatasetFactsGatherer(symbol, timeframe, calendar, sha256());
  const full = (): Candles => {
    const block = builder.take();
    facts.add(block);
    return block;
  };
  for await (const piece of plainBytes(source)) {
    csv.push(piece);
    if (csv.isHopeless) break;
    if (builder.length >= BARS_PER_BLOCK) yield full();
  }
  const { duplicates, hasVolume, unusedColumns } = csv.finish();
  if (builder.length > 0) yield full();
  return { ...facts.finish(), duplicates, hasVolume, unusedColumns };
}
