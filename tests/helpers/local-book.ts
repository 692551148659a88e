/** Price and quantity as text. */
type Level = readonly [price: string, quantity: string];

/** A snapshot of a book and the updates of it, in the letters of the exchange. */
export interface BookSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
export interface BookDiff {
  readonly U: number;
  readonly u: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

/**
 * A local order book kept the way the exchange documents it, written for the tests from that text alone.
 * @see https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#how-to-manage-a-local-order-book-correctly
 */
export class LocalBook {
  readonly #bids: Map<string, string>;
  readonly #asks: Map<string, string>;
  #lastUpdateId: number;
  #begun = false;

  constructor(snapshot: BookSnapshot) {
    this.#bids = new Map(snapshot.bids);
    this.#asks = new Map(snapshot.asks);
    this.#lastUpdateId = snapshot.lastUpdateId;
  }

  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  /** Drops what the snapshot has already, throws at a gap, applies the rest. */
  apply(diff: BookDiff): void {
    if (diff.u <= this.#lastUpdateId) return;
    const next = this.#lastUpdateId + 1;
    const follows = this.#begun ? diff.U === next : diff.U <= next;
    if (!follows) throw new Error(`update ${diff.U} to ${diff.u} does not follow ${this.#lastUpdateId}`);
    put(this.#bids, diff.b);
    put(this.#asks, diff.a);
    this.#lastUpdateId = diff.u;
    this.#begun = true;
  }

  /** Best first. */
  levels(): { readonly bids: readonly Level[]; readonly asks: readonly Level[] } {
    return {
      bids: [...this.#bids].toSorted(([a], [b]) => Number(b) - Number(a)),
      asks: [...this.#asks].toSorted(([a], [b]) => Number(a) - Number(b)),
    };
  }
}

function put(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
}
