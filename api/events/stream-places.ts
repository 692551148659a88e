import { Problem } from '../problems.ts';

/** How many streams of events may be open at once. */
export interface StreamLimits {
  readonly perKey: number;
  readonly inAll: number;
}

/** Counts the open streams, so that nobody holds all connections. */
export class StreamPlaces {
  readonly #limits: StreamLimits;
  readonly #taken = new Map<string, number>();

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return [...this.#taken.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Takes a place and gives what frees it. Throws `TOO_MANY_STREAMS` when there is none. */
  take(key: string): () => void {
    const own = this.#taken.get(key) ?? 0;
    const { perKey, inAll } = this.#limits;
    if (own >= perKey)
      throw new Problem('TOO_MANY_STREAMS', `The key "${key}" has ${own} streams of events open, which is all it may.`);
    if (this.open >= inAll)
      throw new Problem('TOO_MANY_STREAMS', `All ${inAll} streams of events that the API serves are taken.`);
    this.#taken.set(key, own + 1);
    let freed = false;
    return () => {
      if (freed) return;
      freed = true;
      const left = (this.#taken.get(key) ?? 1) - 1;
      if (left === 0) this.#taken.delete(key);
      else this.#taken.set(key, left);
    };
  }
}
