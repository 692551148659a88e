import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { FeedEvent } from '../../domain/matching/feed.ts';
import { RecordedParser } from '../../domain/matching/recorded/recorded-parser.ts';

/** Events handed on at once: large enough to keep the per-batch cost small, small enough to keep little in memory. */
const BATCH = 1_000;

/**
 * The events of recorded files, plain or gzip (`.gz`), one after the other, read no faster than they are taken. Throws an `Error` that names
 * file, line and reason for a malformed line and for a market other than `wireSymbol`.
 */
export async function* readRecordedFiles(
  files: readonly string[],
  wireSymbol: string,
): AsyncGenerator<readonly FeedEvent[], void, undefined> {
  const parser = new RecordedParser();
  for (const file of files) {
    let lineNumber = 0;
    let batch: FeedEvent[] = [];
    for await (const line of readLines(file)) {
      lineNumber += 1;
      for (const { symbol, event } of parseLine(parser, line, lineNumber, file)) {
        if (symbol !== wireSymbol) {
          throw new Error(`${file}, line ${lineNumber}: the recording is of ${symbol}, the venue lists ${wireSymbol}`);
        }
        batch.push(event);
      }
      if (batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}

function parseLine(parser: RecordedParser, line: string, lineNumber: number, file: string) {
  try {
    return parser.parse(line, lineNumber);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function* readLines(file: string): AsyncGenerator<string, void, undefined> {
  const raw = createReadStream(file);
  const content = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // A failing file must end the gunzip stream too: `pipe` hands on data, not errors.
  raw.on('error', (error) => content.destroy(error));
  try {
    yield* createInterface({ input: content, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    raw.destroy();
    content.destroy();
  }
}
