import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { TrialArchive, TrialRows } from '../ports/optimization-store.ts';
import { COPY_HEADER, COPY_TRAILER } from './candle-copy.ts';
import { type Database, inTransaction } from './database.ts';
import { encodeRanks, TrialDecoder } from './optimization-copy.ts';

/** Bulk work takes as long as it takes; every other statement keeps the limits of the pool. */
const LONGEST_COPY_MS = 6 * 60 * 60 * 1000;
const PIECE_BYTES = 4 * 1024 * 1024;
const RANKS_PER_PIECE = 10_000;
const POSITIONS_PER_QUERY = 2_000;

interface TimeLimited {
  query_timeout?: number;
  callback?: () => void;
}

/** All rows of a job at a time, in and out by binary COPY. */
export function createTrialArchive(database: Database): TrialArchive {
  return {
    readRows: (key, width) =>
      copyOut(database, width, 'numbers', `where optimization = ${whole(key)} order by position`),
    readNumbers: (key, places) => {
      const some = places.map((place) => `substring(numbers from ${8 * whole(place) + 1} for 8)`).join(' || ');
      return copyOut(database, places.length, some, `where optimization = ${whole(key)} order by position`);
    },
    readRowsAt: (key, width, positions) => readRowsAt(database, key, width, positions),
    writeRanks: (key, positions, scores) =>
      inTransaction(database, async (connection) => {
        await connection.query('set local statement_timeout = 0');
        await connection.query('delete from optimization_ranks where optimization = $1', [key]);
        const stream = copyFrom('copy optimization_ranks from stdin (format binary)');
        (stream as TimeLimited).query_timeout = LONGEST_COPY_MS;
        connection.query(stream);
        await pipeline(Readable.from(rankPieces(key, positions, scores)), stream);
      }),
  };
}

/** COPY takes no parameters, so the numbers stand in the text; they are whole, or this throws. */
function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
  return value;
}

function* rankPieces(key: number, positions: Float64Array, scores: Float64Array): Generator<Buffer> {
  yield COPY_HEADER;
  for (let from = 0; from < positions.length; from += RANKS_PER_PIECE) {
    yield encodeRanks(key, positions, scores, from, Math.min(positions.length, from + RANKS_PER_PIECE));
  }
  yield COPY_TRAILER;
}

async function* readRowsAt(
  database: Database,
  key: number,
  width: number,
  positions: Float64Array,
): AsyncGenerator<TrialRows> {
  for (let from = 0; from < positions.length; from += POSITIONS_PER_QUERY) {
    const wanted = Array.from(positions.subarray(from, from + POSITIONS_PER_QUERY), whole);
    const list = `where optimization = ${whole(key)} and position in (${wanted.join(', ')}) order by position`;
    yield* copyOut(database, width, 'numbers', list);
  }
}

async function* copyOut(database: Database, width: number, numbers: string, which: string): AsyncGenerator<TrialRows> {
  const connection = await database.connect();
  const stream = copyTo(
    `copy (select position, combination, ${numbers} from optimization_rows ${which}) to stdout (format binary)`,
  );
  const limited = stream as TimeLimited;
  limited.query_timeout = LONGEST_COPY_MS;
  let broken: Error | undefined = new Error('the reading was given up');
  const lost = (error: Error): void => {
    broken = error;
  };
  connection.on('error', lost);
  try {
    await connection.query('begin');
    await connection.query('set local statement_timeout = 0');
    // The rows lie in the order of the index. Without fresh statistics the planner would rather sort them all on disk.
    await connection.query('set local enable_sort = off');
    connection.query(stream);
    const decoder = new TrialDecoder(width);
    let pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of stream) {
      pieces.push(piece as Buffer);
      bytes += (piece as Buffer).length;
      if (bytes < PIECE_BYTES) continue;
      yield decoder.push(Buffer.concat(pieces));
      pieces = [];
      bytes = 0;
    }
    yield decoder.push(Buffer.concat(pieces));
    decoder.finish();
    await connection.query('commit');
    broken = undefined;
  } finally {
    // The stream does not end the timer that pg has set for it.
    limited.callback?.();
    // A reader that stopped in the middle leaves a connection in the middle of its answer.
    if (broken === undefined) connection.off('error', lost);
    connection.release(broken);
  }
}
