import { allocateCandles, type Candles, sliceCandles } from '../../domain/market/candles.ts';

/** Candles that are kept in memory, of all streams together. */
const MOST_KEPT = 2_000_000;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Closed candles in memory that threads read without a copy. They only grow, so what a thread was once shown stays as it is. */
export class SharedCandles {
  readonly #kept = new Map<string, { readonly candles: Candles; readonly length: number }>();

  /**
   * The same candles in shared memory.
   *
   * @param key names the stream and its first candle: under one key always the same, and more with time
   */
  share(key: string, candles: Candles): Candles {
    const before = this.#kept.get(key);
    const known = Math.min(before?.length ?? 0, candles.length);
    const room =
      before !== undefined && before.candles.length >= candles.length
        ? before.candles
        : grown(before?.candles ?? null, known, candles);
    for (const name of COLUMNS) room[name].set(candles[name].subarray(known, candles.length), known);
    this.#kept.delete(key);
    this.#kept.set(key, { candles: room, length: Math.max(candles.length, before?.length ?? 0) });
    this.#forgetOldest();
    return sliceCandles(room, 0, candles.length);
  }

  #forgetOldest(): void {
    let total = [...this.#kept.values()].reduce((sum, { candles }) => sum + candles.length, 0);
    for (const [key, { candles }] of this.#kept) {
      if (total <= MOST_KEPT || this.#kept.size === 1) return;
      this.#kept.delete(key);
      total -= candles.length;
    }
  }
}

function grown(before: Candles | null, known: number, { symbol, timeframe, length }: Candles): Candles {
  const room = allocateCandles(symbol, timeframe, Math.max(512, Math.ceil(length * 1.25)), true);
  if (before !== null) for (const name of COLUMNS) room[name].set(before[name].subarray(0, known));
  return room;
}
