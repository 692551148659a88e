import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../problems.ts';

/** The largest file of bars that may be sent, packed or not. */
export const UPLOAD_LIMIT_BYTES = 1024 ** 3;

/**
 * Takes a request's body into a file of its own, however slowly it comes, so that neither memory nor a database transaction waits for
 * the network; gives it to `work` and removes it afterwards.
 * @throws {Problem} `BODY_TOO_LARGE`
 */
export async function withSpooledBody<T>(
  body: AsyncIterable<Uint8Array>,
  work: (path: string) => Promise<T>,
  limitBytes: number = UPLOAD_LIMIT_BYTES,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-upload-'));
  try {
    const path = join(folder, 'body');
    await pipeline(limited(body, limitBytes), createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* limited(body: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of arriving(body)) {
    bytes += piece.length;
    if (bytes > limitBytes) {
      throw new Problem(
        'BODY_TOO_LARGE',
        `The file is larger than ${limitBytes} bytes; pack it with gzip, or split it.`,
      );
    }
    yield piece;
  }
}

/** A body that breaks off is the sender's, not ours. */
async function* arriving(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new Problem('MALFORMED_REQUEST', 'The body broke off before its end; send the file again.', [], error);
  }
}
