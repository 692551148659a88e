import type { Candles } from '../../domain/market/candles.ts';
import type { SessionBooks } from '../../domain/session/books/session-books.ts';
import type { DecideRequest } from '../ports/session-decider.ts';
import type { FoldPrint } from '../ports/session-store.ts';

/** What all kept books may weigh together: a bar of a symbol as one, some hundred bytes, an order with its trade as twenty. */
const MOST_WEIGHT = 1_000_000;
const ORDER_WEIGHT = 20;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

interface Warm {
  readonly books: SessionBooks;
  readonly print: FoldPrint;
  readonly candles: readonly Candles[];
}

/**
 * Books of sessions as their last step left them, so that the next need not fold the whole past. Nothing rests on them: they are used only where the
 * step that left them is the one that was stored, to the last order, and the candles are those of before and more; else the past is folded anew.
 */
export class WarmBooks {
  readonly #kept = new Map<string, Warm>();

  /** The books of that session, with the candles that have closed since; `null` where they are to be folded anew. They are kept no longer. */
  take({ session, candles }: DecideRequest): SessionBooks | null {
    const warm = this.#kept.get(session.id);
    this.#kept.delete(session.id);
    const recorded = session.books?.fold;
    if (warm === undefined || recorded === undefined || !isSame(warm.print, recorded)) return null;
    if (!warm.candles.every((known, i) => beginsWith(candles[i], known))) return null;
    return warm.books.grow(candles) ? warm.books : null;
  }

  keep({ session, candles }: DecideRequest, books: SessionBooks, print: FoldPrint): void {
    this.#kept.set(session.id, { books, print, candles });
    let weight = [...this.#kept.values()].reduce((sum, each) => sum + weightOf(each), 0);
    for (const [id, each] of this.#kept) {
      if (weight <= MOST_WEIGHT) return;
      this.#kept.delete(id);
      weight -= weightOf(each);
    }
  }
}

function weightOf({ candles, print }: Warm): number {
  return candles.reduce((sum, { length }) => sum + length, ORDER_WEIGHT * print.orders);
}

function isSame(a: FoldPrint, b: FoldPrint): boolean {
  return (
    a.engine === b.engine && a.seq === b.seq && a.lastBar === b.lastBar && a.orders === b.orders && a.hash === b.hash
  );
}

/** Whether candles are the known ones, bit by bit, and more. */
function beginsWith(candles: Candles | undefined, known: Candles): boolean {
  if (candles === undefined || candles.symbol !== known.symbol || candles.length < known.length) return false;
  return COLUMNS.every((name) => bytes(candles[name], known.length).equals(bytes(known[name], known.length)));
}

function bytes({ buffer, byteOffset }: Float64Array, length: number): Buffer {
  return Buffer.from(buffer, byteOffset, length * Float64Array.BYTES_PER_ELEMENT);
}
