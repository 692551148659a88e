import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionBooks } from '../../domain/session/books/session-books.ts';
import type { DecideRequest } from '../ports/session-decider.ts';
import type { FoldPrint } from '../ports/session-store.ts';

/** What all kept books may weigh together: a bar of a symbol as one, some hundred bytes, an order with its trade as twenty. */
const MOST_WEIGHT = 1_000_000;
const ORDER_WEIGHT = 20;
/** Books of a user's strategy are folded anew once the bars that it was asked about have grown by so much: one that decides by dice is found out by that. */
const TRUSTED_GROWTH = 1 / 8;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Books and where they came from. */
export interface KeptBooks {
  readonly books: SessionBooks;
  /** Last bar that had been handled when they were folded anew; `null` before the first. */
  readonly foldedUpTo: EpochMs | null;
  /** Whether the strategy's files are as they were when it was loaded. */
  readonly isAsLoaded: () => Promise<boolean>;
}

interface Warm extends KeptBooks {
  readonly print: FoldPrint;
  readonly candles: readonly Candles[];
}

/**
 * Books of sessions as their last step left them, so that the next need not fold the whole past. Nothing rests on them: they are used only where the
 * step that left them is the one that was stored, to the last order, and the candles are those of before and more; else the past is folded anew.
 */
export class WarmBooks {
  readonly #kept = new Map<string, Warm>();
  #misses = 0;

  /** How often there were none to go on from. */
  get misses(): number {
    return this.#misses;
  }

  /** The books of that session, with the candles that have closed since; `null` where they are to be folded anew. They are kept no longer. */
  take(request: DecideRequest): KeptBooks | null {
    const kept = this.#take(request);
    if (kept === null) this.#misses += 1;
    return kept;
  }

  keep({ session, candles }: DecideRequest, kept: KeptBooks, print: FoldPrint): void {
    this.#kept.set(session.id, { ...kept, print, candles });
    let weight = [...this.#kept.values()].reduce((sum, each) => sum + weightOf(each), 0);
    for (const [id, each] of this.#kept) {
      if (weight <= MOST_WEIGHT) return;
      this.#kept.delete(id);
      weight -= weightOf(each);
    }
  }

  forgetAll(): void {
    this.#kept.clear();
  }

  #take(request: DecideRequest): KeptBooks | null {
    const { session, candles } = request;
    const warm = this.#kept.get(session.id);
    this.#kept.delete(session.id);
    const recorded = session.books?.fold;
    if (warm === undefined || recorded === undefined || !isSame(warm.print, recorded)) return null;
    if (!isTrusted(warm, request)) return null;
    if (!warm.candles.every((known, i) => beginsWith(candles[i], known))) return null;
    return warm.books.grow(candles) ? warm : null;
  }
}

/** Strategies of the registry decide the same on the same bars; of a user's it is looked at, first at each bar and then less and less often. */
function isTrusted({ foldedUpTo }: Warm, { session, handledUpTo }: DecideRequest): boolean {
  const { spec, startBar } = session;
  if (!('file' in spec.strategy)) return true;
  const barMs = timeframeMs(spec.timeframe);
  const countTo = (bar: EpochMs | null): number => (bar === null ? 0 : (bar - startBar) / barMs + 1);
  return countTo(handledUpTo) < 1 + countTo(foldedUpTo) * (1 + TRUSTED_GROWTH);
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
