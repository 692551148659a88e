import Big from 'big.js';
import type { Candles } from '../../market/candles.ts';
import { type Decimal, type EpochMs, toText } from '../../market/decimal.ts';
import { gridOf } from '../../market/bar-grid.ts';
import { type Timeframe } from '../../market/timeframe.ts';
import type { MarketScales } from '../scale.ts';

/** Amounts on a venue's wire have eight decimals. */
const VOLUME_DECIMALS = 8;

/** A bar in the price units of its market. */
export interface UnitBar {
  /** When it opens. */
  readonly time: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In base. */
  readonly volume: Decimal;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

/** The bars that a market replays, all exact: prices are whole ticks. */
export class ReplayBars {
  readonly timeframe: Timeframe;
  readonly #candles: Candles;
  readonly #columns: Readonly<Record<(typeof PRICES)[number], Float64Array>>;

  /**
   * @param tick price step in price units
   * @throws {RangeError} naming the bar, the price and what to do when one is no whole tick, or when there is no bar
   */
  constructor(candles: Candles, scales: MarketScales, tick: Decimal) {
    if (candles.length === 0) throw new RangeError('there is no bar to replay');
    this.timeframe = candles.timeframe;
    this.#candles = candles;
    const step = scales.price.safeUnits(tick, 'tick');
    const units = (name: (typeof PRICES)[number]) =>
      Float64Array.from(candles[name], (price, i) => {
        const text = new Big(price).toFixed();
        try {
          const whole = scales.price.safeUnits(text, name);
          if (whole > 0 && whole % step === 0) return whole;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
        throw new RangeError(
          `bar ${i + 1} (${new Date(candles.time[i]!).toISOString()}): ${name} is ${text}, which is no whole tick of ${tick}; give the market a tick that divides all prices`,
        );
      });
    this.#columns = { open: units('open'), high: units('high'), low: units('low'), close: units('close') };
  }

  get length(): number {
    return this.#candles.length;
  }

  /** Bar `index`, from 0. */
  at(index: number): UnitBar {
    const { open, high, low, close } = this.#columns;
    const [o, h, l, c] = [open[index]!, high[index]!, low[index]!, close[index]!];
    const volume = toText(new Big(this.#candles.volume[index]!).round(VOLUME_DECIMALS));
    return { time: this.timeOf(index), open: o, high: h, low: l, close: c, volume };
  }

  /** When bar `index` opens; for the one after the last, when that one closes. */
  timeOf(index: number): EpochMs {
    const { time, length } = this.#candles;
    return index < length ? time[index]! : time[length - 1]! + gridOf(this.timeframe).stepMs;
  }

  /** Index of the first bar that opens at `time` or later; `length` when none does. */
  indexAt(time: EpochMs): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#candles.time[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
