import type { Candles } from './candles.ts';
import type { Timeframe } from './timeframe.ts';

/** SHA-256 of what is fed to it; text counts as UTF-8. Given from outside, because hashing is no business of the domain. */
export interface Hasher {
  update(data: string | Uint8Array): unknown;
  hex(): string;
}

const BYTES_PER_BAR = 48;
const BARS_AT_ONCE = 4_096;

/**
 * The content hash of a data set: SHA-256 over a line with the format's name, a line with the symbol, a line with the timeframe,
 * and then each bar as six little-endian 64-bit floats: time (its open in ms), open, high, low, close, volume. Bars may come in any
 * number of pieces, so that a data set is hashed while it streams.
 */
export class DatasetHash {
  readonly #hasher: Hasher;
  readonly #bytes = new Uint8Array(BARS_AT_ONCE * BYTES_PER_BAR);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor(symbol: string, timeframe: Timeframe, hasher: Hasher) {
    this.#hasher = hasher;
    hasher.update(`tradewind-candles-1\n${symbol}\n${timeframe}\n`);
  }

  add({ length, time, open, high, low, close, volume }: Candles): void {
    const view = this.#view;
    for (let from = 0; from < length; from += BARS_AT_ONCE) {
      const to = Math.min(length, from + BARS_AT_ONCE);
      let at = 0;
      for (let i = from; i < to; i += 1) {
        view.setFloat64(at, time[i]!, true);
        view.setFloat64(at + 8, open[i]!, true);
        view.setFloat64(at + 16, high[i]!, true);
        view.setFloat64(at + 24, low[i]!, true);
        view.setFloat64(at + 32, close[i]!, true);
        view.setFloat64(at + 40, volume[i]!, true);
        at += BYTES_PER_BAR;
      }
      this.#hasher.update(this.#bytes.subarray(0, at));
    }
  }

  /** Lower-case hex. Nothing can be added afterwards. */
  finish(): string {
    return this.#hasher.hex();
  }
}

/** The id of the data set of that content: the same bars have the same id, wherever they were imported. */
export function datasetIdOf(hash: string): string {
  return `ds_${hash.slice(0, 16)}`;
}

/** Symbols are names of at most 64 visible characters; `null` when `symbol` is one, else what to do. */
export function symbolProblem(symbol: string): string | null {
  return /^[^\s\p{C}]([^\p{C}]{0,62}[^\s\p{C}])?$/u.test(symbol)
    ? null
    : 'give a name of 1 to 64 visible characters such as "BTC/USDT"';
}
