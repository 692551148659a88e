import type { BookHalf, UnitLevel } from './book-side.ts';
import type { Level } from './feed.ts';
import type { BookUpdate } from './market-types.ts';

const HALVES: readonly BookHalf[] = ['bid', 'ask'];

/** The levels of a half of the book as the public sees them now, best first. */
type VisibleLevels = (half: BookHalf) => Iterable<UnitLevel>;

/** The public levels of a book as they were last looked at, and everybody who wants to hear what has changed since. */
export class BookWatchers {
  readonly #watches = new Set<BookWatch>();
  #shown: Record<BookHalf, Map<number, bigint>> = { bid: new Map(), ask: new Map() };
  #shownId = 0;

  /**
   * To be called at every moment at which anybody sees the book, since an update must name all levels that have differed in
   * a state that somebody may have seen. `updateId` is the book's id then: the same id is the same book, which costs nothing.
   */
  look(updateId: number, levels: VisibleLevels): void {
    if (this.#watches.size === 0 || updateId === this.#shownId) return;
    for (const half of HALVES) this.#shown[half] = this.#compare(half, levels(half));
    this.#shownId = updateId;
  }

  /** A new watch; its first update follows `updateId`, the id of the book as it stands. */
  open(updateId: number, levels: VisibleLevels): BookWatch {
    if (this.#watches.size === 0) {
      for (const half of HALVES) this.#shown[half] = unitMap(levels(half));
      this.#shownId = updateId;
    } else {
      this.look(updateId, levels);
    }
    const watch = new BookWatch(updateId);
    this.#watches.add(watch);
    return watch;
  }

  close(watch: BookWatch): void {
    this.#watches.delete(watch);
    if (this.#watches.size === 0) this.#shown = { bid: new Map(), ask: new Map() };
  }

  /** What has changed for `watch`, as the levels now stand, each written by `text`; `null` when the book has no new id. Call `look` before. */
  take(watch: BookWatch, text: (price: number, quantity: bigint) => Level): BookUpdate | null {
    return watch.take(this.#shownId, (half, prices) =>
      prices.map((price) => text(price, this.#shown[half].get(price) ?? 0n)),
    );
  }

  /** Tells every watch which prices of a half are not as they were, and gives the half as it is. */
  #compare(half: BookHalf, levels: Iterable<UnitLevel>): Map<number, bigint> {
    const before = this.#shown[half];
    const now = unitMap(levels);
    for (const [price, quantity] of now) if (before.get(price) !== quantity) this.#touch(half, price);
    for (const price of before.keys()) if (!now.has(price)) this.#touch(half, price);
    return now;
  }

  #touch(half: BookHalf, price: number): void {
    for (const watch of this.#watches) watch.touch(half, price);
  }
}

/** One watcher's place in the sequence of updates, and the levels that have changed since. */
export class BookWatch {
  #lastUpdateId: number;
  readonly #touched: Record<BookHalf, Set<number>> = { bid: new Set(), ask: new Set() };

  constructor(updateId: number) {
    this.#lastUpdateId = updateId;
  }

  touch(half: BookHalf, price: number): void {
    this.#touched[half].add(price);
  }

  /** The update that ends with `updateId`; `null` when that is where the last one ended. */
  take(updateId: number, levels: (half: BookHalf, prices: readonly number[]) => BookUpdate['bids']): BookUpdate | null {
    if (updateId <= this.#lastUpdateId) return null;
    const firstUpdateId = this.#lastUpdateId + 1;
    const side = (half: BookHalf) => {
      const prices = [...this.#touched[half]].toSorted((a, b) => (half === 'bid' ? b - a : a - b));
      this.#touched[half].clear();
      return levels(half, prices);
    };
    this.#lastUpdateId = updateId;
    return { firstUpdateId, lastUpdateId: updateId, bids: side('bid'), asks: side('ask') };
  }
}

function unitMap(levels: Iterable<UnitLevel>): Map<number, bigint> {
  const map = new Map<number, bigint>();
  for (const { price, quantity } of levels) map.set(price, quantity);
  return map;
}
