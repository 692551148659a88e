import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { plainBytes } from './plain-bytes.ts';

const READ_BYTES = 1 << 20;
const MIB = 1 << 20;

/** A file that is not read: it is missing, no file, or too large. The message goes on from the file's name: "is no regular file". */
export class UnreadableFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableFile';
  }
}

export interface ReadLimit {
  /** Most bytes, unpacked. */
  readonly maxBytes: number;
  /** What to do with a larger one. */
  readonly instead: string;
  /** Told with the bytes so far whenever a piece has come. */
  readonly onPiece?: ((bytes: number) => void) | undefined;
}

/** Size of a file as it lies on the disk. Pipes and devices, which may have no end, are refused. @throws {UnreadableFile} */
export async function sizeOfFile(path: string): Promise<number> {
  let facts;
  try {
    facts = await stat(path);
  } catch (error) {
    throw unreadable(error);
  }
  if (!facts.isFile()) throw new UnreadableFile('is no regular file: give the path of a file');
  return facts.size;
}

/**
 * The pieces of a file, unpacked when it is gzip. No more is read than the limit allows, whatever a packed file unpacks to.
 * @throws {UnreadableFile}
 * @throws {BadCandles} when a gzip file is damaged
 */
export async function* piecesOfFile(path: string, limit: ReadLimit): AsyncGenerator<Uint8Array> {
  if ((await sizeOfFile(path)) > limit.maxBytes) throw tooLarge(limit);
  const source = createReadStream(path, { highWaterMark: READ_BYTES });
  let bytes = 0;
  try {
    for await (const piece of plainBytes(source)) {
      bytes += piece.length;
      if (bytes > limit.maxBytes) throw tooLarge(limit);
      limit.onPiece?.(bytes);
      yield piece;
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : unreadable(error);
  } finally {
    source.destroy();
  }
}

/** All of a file, unpacked when it is gzip. Throws as `piecesOfFile`. */
export async function readWholeFile(path: string, limit: ReadLimit): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOfFile(path, limit)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function unreadable(error: unknown): UnreadableFile {
  return new UnreadableFile(`cannot be read: ${(error as Error).message}`);
}

function tooLarge({ maxBytes, instead }: ReadLimit): UnreadableFile {
  return new UnreadableFile(
    `has more than ${Math.floor(maxBytes / MIB).toLocaleString('en-US')} MiB, unpacked: ${instead}`,
  );
}
