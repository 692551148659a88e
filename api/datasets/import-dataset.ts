import { createReadStream } from 'node:fs';
import { findCalendar } from '../../adapters/candles/calendars.ts';
import { type CandleFileOptions, checkOptions } from '../../adapters/candles/candle-options.ts';
import { csvBlocks } from '../../adapters/candles/candle-blocks.ts';
import { parseColumns } from '../../adapters/candles/column-mapping.ts';
import { findTimeZone } from '../../domain/market/time-zones.ts';
import type { CandleStore, SavedDataset } from '../../adapters/ports/candle-store.ts';
import { BadCandles } from '../../domain/market/candle-checks.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import type { ImportQuery } from '../routes/datasets/schema.ts';
import { withSpooledBody } from './spool.ts';

const READ_BYTES = 256 * 1024;

/**
 * Stores the file of bars in a request's body as a data set.
 * @returns the data set, whether it is a new one (the same bars are stored once), and what was found in the file
 * @throws {Problem} `INVALID_FIELDS` for the query, `INVALID_CANDLES` for the rows, with every problem found
 */
export async function importDataset(
  store: Pick<CandleStore, 'saveDataset'>,
  query: ImportQuery,
  body: AsyncIterable<Uint8Array>,
  owner: string,
): Promise<SavedDataset> {
  const options = optionsOf(query);
  const { symbol, timeframe, stamp, columns = null, zone = 'UTC' } = query;
  const dataset = { symbol, timeframe, source: { kind: 'file', stamp, zone, columns }, owner } as const;
  return withSpooledBody(body, async (path) => {
    const bytes = createReadStream(path, { highWaterMark: READ_BYTES });
    try {
      return await store.saveDataset(dataset, csvBlocks(bytes, options));
    } catch (error) {
      throw error instanceof BadCandles ? badCandles(error) : error;
    } finally {
      bytes.destroy();
    }
  });
}

function badCandles(error: BadCandles): Problem {
  const count = error.truncated ? `more than ${error.problems.length} problems` : `${error.problems.length} problems`;
  return new Problem(
    'INVALID_CANDLES',
    `The bars cannot be used, ${count}; the first: ${error.message}`,
    error.problems,
  );
}

/** Everything that is wrong with the query, before the body is read. */
function optionsOf(query: ImportQuery): CandleFileOptions {
  const problems: FieldProblem[] = [];
  const read = <T>(field: 'columns' | 'zone' | 'calendar', parse: (text: string) => T): T | undefined => {
    const text = query[field];
    if (text === undefined) return undefined;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push({ field, value: text, message: error.message });
      return undefined;
    }
  };
  const columns = read('columns', parseColumns);
  const zone = read('zone', findTimeZone);
  const calendar = read('calendar', findCalendar);
  const options: CandleFileOptions = {
    symbol: query.symbol,
    timeframe: query.timeframe,
    stamp: query.stamp,
    dropIdenticalDuplicates: query.duplicates === 'drop-identical',
    ...(columns === undefined ? {} : { columns }),
    ...(zone === undefined ? {} : { zone }),
    ...(calendar === undefined ? {} : { calendar }),
  };
  try {
    checkOptions(options);
  } catch (error) {
    if (!(error instanceof BadCandles)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0) throw fieldsProblem('INVALID_FIELDS', problems);
  return options;
}
