import Big from 'big.js';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { TapePrint } from '../../domain/matching/market-types.ts';

export const MINUTE_MS = 60_000;

/** Prices and volumes of the prints of one stretch of time. */
export interface Bar {
  readonly openTime: EpochMs;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  /** In base. */
  readonly volume: Big;
  /** In quote. */
  readonly quoteVolume: Big;
  readonly takerBuyVolume: Big;
  readonly takerBuyQuoteVolume: Big;
  readonly count: number;
  readonly firstId: number;
  readonly lastId: number;
}

/** The one-minute bars of a tape, built print by print; minutes without a print have none. */
export class MinuteBars {
  readonly #retention: number;
  #bars: Bar[] = [];

  /** Keeps at least the newest `retention` bars. */
  constructor(retention: number) {
    this.#retention = retention;
  }

  add(print: TapePrint): void {
    const openTime = Math.floor(print.at / MINUTE_MS) * MINUTE_MS;
    const last = this.#bars.at(-1);
    const bar = barOf(print, openTime);
    if (last?.openTime === openTime) this.#bars[this.#bars.length - 1] = joinBars(last, bar);
    else this.#bars.push(bar);
    if (this.#bars.length >= 2 * this.#retention) this.#bars = this.#bars.slice(-this.#retention);
  }

  /** Puts bars before the first one that is known, oldest first; those that are not before it are left out. */
  prepend(bars: readonly Bar[]): void {
    const first = this.#bars[0]?.openTime ?? Number.POSITIVE_INFINITY;
    this.#bars = [...bars.filter(({ openTime }) => openTime < first), ...this.#bars].slice(-this.#retention);
  }

  /** The bars with `from <= openTime <= to`, oldest first. */
  between(from: EpochMs, to: EpochMs): readonly Bar[] {
    return this.#bars.slice(this.#indexAt(from), this.#indexAt(to + 1));
  }

  /** The last bar that opened before `at`, or `null`. */
  before(at: EpochMs): Bar | null {
    return this.#bars[this.#indexAt(at) - 1] ?? null;
  }

  first(): Bar | null {
    return this.#bars[0] ?? null;
  }

  #indexAt(openTime: EpochMs): number {
    let low = 0;
    let high = this.#bars.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bars[middle] as Bar).openTime < openTime) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A bar of a single print. */
export function barOf(print: TapePrint, openTime: EpochMs): Bar {
  const volume = new Big(print.quantity);
  const quoteVolume = volume.times(print.price);
  const zero = new Big(0);
  return {
    openTime,
    open: print.price,
    high: print.price,
    low: print.price,
    close: print.price,
    volume,
    quoteVolume,
    takerBuyVolume: print.buyerIsMaker ? zero : volume,
    takerBuyQuoteVolume: print.buyerIsMaker ? zero : quoteVolume,
    count: 1,
    firstId: print.tradeId,
    lastId: print.tradeId,
  };
}

/** `next` follows `bar` in time: one bar over both, which opens when `bar` does. */
export function joinBars(bar: Bar, next: Bar): Bar {
  return {
    openTime: bar.openTime,
    open: bar.open,
    high: new Big(next.high).gt(bar.high) ? next.high : bar.high,
    low: new Big(next.low).lt(bar.low) ? next.low : bar.low,
    close: next.close,
    volume: bar.volume.plus(next.volume),
    quoteVolume: bar.quoteVolume.plus(next.quoteVolume),
    takerBuyVolume: bar.takerBuyVolume.plus(next.takerBuyVolume),
    takerBuyQuoteVolume: bar.takerBuyQuoteVolume.plus(next.takerBuyQuoteVolume),
    count: bar.count + next.count,
    firstId: bar.firstId,
    lastId: next.lastId,
  };
}
