import { createGunzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import { BadCandles, candleProblem } from '../../domain/market/candle-checks.ts';

const UNPACKED_PIECE_BYTES = 256 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Whether these are the first bytes of a gzip file. */
function isGzip(start: Uint8Array): boolean {
  return start[0] === GZIP_MAGIC[0] && start[1] === GZIP_MAGIC[1];
}

/** What is said of a gzip file that cannot be unpacked. */
function brokenGzip(cause: unknown): BadCandles {
  const reason = String((cause as { message?: unknown }).message ?? cause);
  return new BadCandles([candleProblem(null, 'file', null, `the gzip file is damaged or cut short (${reason})`)]);
}

/**
 * The pieces of a file, unpacked when they are gzip, which their first bytes tell.
 * @throws {BadCandles} when a gzip file is damaged
 */
export async function* plainBytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < GZIP_MAGIC.length) {
    const { done, value } = await pieces.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const all = restOf(head, pieces);
  if (!isGzip(head)) return yield* all;
  // Failures of the source come out of the gunzip stream too, by the pipeline.
  const gunzip = createGunzip({ chunkSize: UNPACKED_PIECE_BYTES });
  pipeline(Readable.from(all), gunzip, () => undefined);
  try {
    yield* gunzip;
  } catch (error) {
    throw isZlibError(error) ? brokenGzip(error) : error;
  }
}

async function* restOf(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

function isZlibError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('Z_');
}
