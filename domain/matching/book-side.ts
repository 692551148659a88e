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

/** One half of an outside book: absolute quantities by price, best first. */
export class BookSide {
  readonly half: BookHalf;
  readonly #prices: number[] = [];
  readonly #quantities: bigint[] = [];

  constructor(half: BookHalf) {
    this.half = half;
  }

  get length(): number {
    return this.#prices.length;
  }

  clear(): void {
    this.#prices.length = 0;
    this.#quantities.length = 0;
  }

  /** Sets the absolute quantity at a price; 0 removes the level. */
  set(price: number, quantity: bigint): void {
    const index = this.#indexOf(price);
    const exists = this.#prices[index] === price;
    if (quantity === 0n) {
      if (!exists) return;
      this.#prices.splice(index, 1);
      this.#quantities.splice(index, 1);
    } else if (exists) {
      this.#quantities[index] = quantity;
    } else {
      this.#prices.splice(index, 0, price);
      this.#quantities.splice(index, 0, quantity);
    }
  }

  quantityAt(price: number): bigint {
    const index = this.#indexOf(price);
    return this.#prices[index] === price ? (this.#quantities[index] as bigint) : 0n;
  }

  /** The levels from the best one on, after the first `missing` units have been taken out from the top. */
  *levels(missing = 0n): Generator<UnitLevel, void, undefined> {
    let gone = missing;
    for (let index = 0; index < this.#prices.length; index += 1) {
      const quantity = this.#quantities[index] as bigint;
      if (gone >= quantity) {
        gone -= quantity;
        continue;
      }
      yield { price: this.#prices[index] as number, quantity: quantity - gone };
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
      if (isBetter(this.half, this.#prices[middle] as number, price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
