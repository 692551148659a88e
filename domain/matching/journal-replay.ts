import type { MarketFill } from './market-types.ts';

/** The fills of one print, as the venue journalled them. */
export interface JournalledPrint {
  /** Any fill of the print: all carry its price, quantity, trade id, source id and time. */
  readonly fill: MarketFill;
  /** Whether it took outside liquidity: not when two of our orders traded with each other, nor when a trade of the feed came to us. */
  readonly displaces: boolean;
}

/** The journalled fills of a market in the order of their trade ids, handed out as the replayed tape reaches them. */
export class JournalReplay {
  readonly #prints: JournalledPrint[] = [];
  #next = 0;

  /** Throws an `Error` when the trade ids go back. */
  constructor(journal: readonly MarketFill[]) {
    for (const fill of journal) {
      const last = this.#prints.at(-1);
      if (last !== undefined && fill.tradeId < last.fill.tradeId) {
        throw new Error(
          `the journal's trade id ${fill.tradeId} stands after ${last.fill.tradeId}: give its fills in order`,
        );
      }
      if (last?.fill.tradeId === fill.tradeId) this.#prints[this.#prints.length - 1] = { fill, displaces: false };
      else this.#prints.push({ fill, displaces: fill.sourceId === null });
    }
  }

  /** The journalled prints with ids below `tradeId`, which stand before the part of the tape that is replayed. */
  takeBefore(tradeId: number): readonly JournalledPrint[] {
    const first = this.#prints.findIndex(({ fill }) => fill.tradeId >= tradeId);
    this.#next = first === -1 ? this.#prints.length : first;
    return this.#prints.slice(0, this.#next);
  }

  /**
   * The next journalled print if it has exactly the id `tradeId` and came from the feed's trade `sourceId` (`null`: from our own
   * trading). Throws an `Error` when the tape has passed it, which means that the feed is not the one that the journal belongs to.
   */
  take(tradeId: number, sourceId: number | null): JournalledPrint | null {
    const print = this.#prints[this.#next];
    if (print === undefined || print.fill.tradeId > tradeId) return null;
    if (print.fill.tradeId < tradeId) {
      throw new Error(
        `the replayed tape is at id ${tradeId} but the journal still holds ${print.fill.tradeId}: another feed or another start`,
      );
    }
    if (print.fill.sourceId !== sourceId) return null;
    this.#next += 1;
    return print;
  }

  /** Throws an `Error` when fills are left that the replayed tape has not reached. */
  end(): void {
    const print = this.#prints[this.#next];
    if (print === undefined) return;
    throw new Error(
      `the replayed tape ends before the journal's trade id ${print.fill.tradeId}: replay the feed up to its last event`,
    );
  }
}
