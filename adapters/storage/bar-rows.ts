import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { BarDecoder, COPY_HEADER, COPY_TRAILER, encodeBars } from './candle-copy.ts';
import { type Database, inTransaction } from './database.ts';
import { only } from './rows.ts';

/** Bulk work takes as long as it takes; every other statement keeps the limits of the pool. */
const LONGEST_COPY_MS = 6 * 60 * 60 * 1000;

interface TimeLimited {
  query_timeout?: number;
  callback?: () => void;
}

/** Reserves the key that the bars of one data set are stored under. */
export async function newBarKey(connection: pg.PoolClient): Promise<number> {
  const { rows } = await connection.query<{ key: number }>(
    "select nextval(pg_get_serial_sequence('datasets', 'sequence')) as key",
  );
  return only(rows).key;
}

/**
 * Stores blocks of bars under a key, in the transaction of that connection. Whatever `blocks` throws comes out as it is.
 * @returns how many bars were stored
 */
export async function copyBarsIn(
  connection: pg.PoolClient,
  key: number,
  blocks: AsyncIterable<Candles>,
): Promise<number> {
  await connection.query('set local statement_timeout = 0');
  const stream = copyFrom(
    'copy candles (dataset, opened_at, open, high, low, close, volume) from stdin (format binary)',
  );
  (stream as TimeLimited).query_timeout = LONGEST_COPY_MS;
  connection.query(stream);
  await pipeline(Readable.from(encoded(key, blocks)), stream);
  return stream.rowCount;
}

async function* encoded(key: number, blocks: AsyncIterable<Candles>): AsyncGenerator<Buffer> {
  yield COPY_HEADER;
  for await (const block of blocks) if (block.length > 0) yield encodeBars(key, block);
  yield COPY_TRAILER;
}

/** Removes all bars of a key, in the transaction of that connection. */
export async function removeBars(connection: pg.PoolClient, key: number): Promise<void> {
  await connection.query('set local statement_timeout = 0');
  const removal: pg.QueryConfig & TimeLimited = {
    text: 'delete from candles where dataset = $1',
    values: [key],
    query_timeout: LONGEST_COPY_MS,
  };
  await connection.query(removal);
}

/** Which bars: those of a key that open in `[from, to)`, at most `limit` of them. */
export interface BarRange {
  readonly key: number;
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly limit?: number;
}

/** COPY takes no parameters, so the numbers stand in the text; they are whole, or this throws. */
function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  return String(value);
}

function whereOf({ key, from, to }: BarRange): string {
  const since = from === null ? '' : ` and opened_at >= to_timestamp(${whole(from)} / 1000.0)`;
  const until = to === null ? '' : ` and opened_at < to_timestamp(${whole(to)} / 1000.0)`;
  return `where dataset = ${whole(key)}${since}${until}`;
}

/** How many bars there are. */
export async function countBars(database: Database, range: BarRange): Promise<number> {
  const { rows } = await database.query<{ bars: number }>(`select count(*) as bars from candles ${whereOf(range)}`);
  return only(rows).bars;
}

/**
 * Reads bars into `target`, oldest first, which must have room for them.
 * @returns how many there were
 */
export async function copyBarsOut(
  database: Database,
  range: BarRange,
  target: Candles,
  onPiece?: () => void,
): Promise<number> {
  const limit = range.limit === undefined ? '' : ` limit ${whole(range.limit)}`;
  const stream = copyTo(
    `copy (select opened_at, open, high, low, close, volume from candles ${whereOf(range)} order by opened_at${limit}) to stdout (format binary)`,
  );
  const limited = stream as TimeLimited;
  limited.query_timeout = LONGEST_COPY_MS;
  try {
    return await inTransaction(database, async (connection) => {
      await connection.query('set local statement_timeout = 0');
      // The rows lie in the order of the index. Without fresh statistics the planner would rather sort them all on disk.
      await connection.query('set local enable_sort = off');
      connection.query(stream);
      const decoder = new BarDecoder(target);
      for await (const piece of stream) {
        decoder.push(piece as Buffer);
        onPiece?.();
      }
      return decoder.finish();
    });
  } finally {
    // The stream does not end the timer that pg has set for it.
    limited.callback?.();
  }
}
