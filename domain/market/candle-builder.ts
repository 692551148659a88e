import { allocateCandles, type Candles } from './candles.ts';
import type { EpochMs } from './decimal.ts';
import type { Timeframe } from './timeframe.ts';

const FIRST_CAPACITY = 4_096;

/** Takes bars one by one into columns that grow. Checks nothing. */
export class CandleBuilder {
  #columns: Candles;
  #length = 0;

  constructor(symbol: string, timeframe: Timeframe, capacity: number = FIRST_CAPACITY) {
    this.#columns = allocateCandles(symbol, timeframe, Math.max(1, capacity));
  }

  get length(): number {
    return this.#length;
  }

  add(time: EpochMs, open: number, high: number, low: number, close: number, volume: number): void {
    if (this.#length === this.#columns.length) this.#grow();
    const i = this.#length;
    const columns = this.#columns;
    columns.time[i] = time;
    columns.open[i] = open;
    columns.high[i] = high;
    columns.low[i] = low;
    columns.close[i] = close;
    columns.volume[i] = volume;
    this.#length = i + 1;
  }

  /** The bars so far as columns of their own length; the builder is empty afterwards. */
  take(): Candles {
    const taken = copyOf(this.#columns, this.#length, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    this.#columns = copyOf(this.#columns, this.#length, this.#columns.length * 2);
  }
}

/** The first `count` bars in columns of `length`. */
function copyOf(from: Candles, count: number, length: number): Candles {
  const to = allocateCandles(from.symbol, from.timeframe, length);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    to[name].set(from[name].subarray(0, count));
  }
  return to;
}
