import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Prices and quantities of a book, best first. */
export interface WrittenBook {
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/** Recorded time of the first event of a written recording. */
export const RECORDED_START = 1_700_000_000_000;
const AN_HOUR_MS = 3_600_000;

/** One trade of a recording, `afterMs` after its start. */
export interface WrittenTrade {
  readonly afterMs: number;
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
}

/**
 * Writes a small recording of BTCUSDT in the form of the real ones: one snapshot, the given trades, and a last book update after `lengthMs` that
 * changes nothing. The book stands still, so fills can be worked out by hand.
 */
export function writeRecording(
  folder: string,
  book: WrittenBook,
  trades: readonly WrittenTrade[] = [],
  lengthMs = AN_HOUR_MS,
): string {
  const depth = (id: number, at: number) => ({
    stream: 'btcusdt@depth@100ms',
    data: { e: 'depthUpdate', E: at, s: 'BTCUSDT', U: id, u: id, b: [], a: [] },
  });
  const messages = [
    { lastUpdateId: 100, bids: book.bids, asks: book.asks },
    depth(101, RECORDED_START),
    ...trades.map(({ afterMs, id, price, quantity, buyerIsMaker }) => ({
      stream: 'btcusdt@trade',
      data: {
        e: 'trade',
        E: RECORDED_START + afterMs,
        s: 'BTCUSDT',
        t: id,
        p: price,
        q: quantity,
        T: RECORDED_START + afterMs,
        m: buyerIsMaker,
        M: true,
      },
    })),
    depth(102, RECORDED_START + lengthMs),
  ];
  const file = join(folder, 'recording.jsonl');
  writeFileSync(file, messages.map((message) => `1700000000000000000 ${JSON.stringify(message)}\n`).join(''));
  return file;
}
