import Big from 'big.js';
import { type Decimal, decimal, toText } from '../../domain/market/decimal.ts';

/** What an account holds of one asset: `free` can be spent, `locked` stands behind open orders. */
export interface AssetBalance {
  readonly asset: string;
  readonly free: Decimal;
  readonly locked: Decimal;
}

interface Holding {
  free: Big;
  locked: Big;
}

/** Exact balances of one account. A movement that would leave a holding below zero throws: it is a defect, never a refusal. */
export class Balances {
  readonly #holdings = new Map<string, Holding>();

  constructor(initial: Readonly<Record<string, Decimal>>) {
    for (const [asset, amount] of Object.entries(initial)) this.#holding(asset).free = decimal(amount);
  }

  free(asset: string): Big {
    return this.#holdings.get(asset)?.free ?? new Big(0);
  }

  /** Adds `amount` (negative to take) to what is free. */
  credit(asset: string, amount: Big): void {
    this.#move(asset, amount, new Big(0));
  }

  /** Moves `amount` from free to locked; a negative amount gives it back. */
  lock(asset: string, amount: Big): void {
    this.#move(asset, amount.neg(), amount);
  }

  /** Every asset ever held, by name. */
  all(): readonly AssetBalance[] {
    return [...this.#holdings]
      .map(([asset, { free, locked }]) => ({ asset, free: toText(free), locked: toText(locked) }))
      .toSorted((a, b) => (a.asset < b.asset ? -1 : 1));
  }

  #move(asset: string, free: Big, locked: Big): void {
    const holding = this.#holding(asset);
    const nextFree = holding.free.plus(free);
    const nextLocked = holding.locked.plus(locked);
    if (nextFree.lt(0) || nextLocked.lt(0)) {
      throw new Error(
        `balance of ${asset} would become free ${toText(nextFree)}, locked ${toText(nextLocked)} (was ${toText(holding.free)}, ${toText(holding.locked)})`,
      );
    }
    holding.free = nextFree;
    holding.locked = nextLocked;
  }

  #holding(asset: string): Holding {
    const known = this.#holdings.get(asset);
    if (known !== undefined) return known;
    const opened = { free: new Big(0), locked: new Big(0) };
    this.#holdings.set(asset, opened);
    return opened;
  }
}
