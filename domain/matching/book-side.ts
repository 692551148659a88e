/** Which half of a book: bids are best when high, asks when low. */
export type BookHalf = 'bid' | 'ask';

/** A level in the units of a market's scales. */
export interface UnitLevel {
  readonly price: number;
  readonly quantity: bigint;
}

/** Whether price `a` stands before price `b` on that half: higher for bids, lower for asks. */
export function isBetter(half: BookHalf, a: number, b: number): boolean {
  return half === 'bid' ? a > b : a < b;
}

/** One half of an outside book: absolute quantities by price. */
export class BookSide {
  readonly half: BookHalf;
  /** Best last: most changes happen near the best price, and inserting near the end of an array is cheap. */
  readonly #prices: number[] = [];
  readonly #quantities = new Map<number, bigint>();

  constructor(half: BookHalf) {
    this.half = half;
  }

  get length(): number {
    return this.#prices.length;
  }

  clear(): void {
    this.#prices.length = 0;
    this.#quantities.clear();
  }

  /** Sets the absolute quantity at a price; 0 removes the level. */
  set(price: number, quantity: bigint): void {
    if (quantity === 0n) {
      if (this.#quantities.delete(price)) this.#prices.splice(this.#indexOf(price), 1);
    } else {
      if (!this.#quantities.has(price)) this.#prices.splice(this.#indexOf(price), 0, price);
      this.#quantities.set(price, quantity);
    }
  }

  quantityAt(price: number): bigint {
    return this.#quantities.get(price) ?? 0n;
  }

  /** The levels from the best one on, after the first `missing` units have been taken out from the top. */
  *levels(missing = 0n): Generator<UnitLevel, void, undefined> {
    let gone = missing;
    for (let index = this.#prices.length - 1; index >= 0; index -= 1) {
      const price = this.#prices[index] as number;
      const quantity = this.quantityAt(price);
      if (gone >= quantity) {
        gone -= quantity;
        continue;
      }
      yield { price, quantity: quantity - gone };
      gone = 0n;
    }
  }

  /** The best level after the first `missing` units have been taken out, or `null` when nothing is left. */
  best(missing = 0n): UnitLevel | null {
    const first = this.levels(missing).next();
    return first.done ? null : first.value;
  }

  /** Where `price` is, or where it would be inserted. */
  #indexOf(price: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBetter(this.half, price, this.#prices[middle] as number)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
