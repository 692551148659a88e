import type { Indicator } from '../../indicators/indicator.ts';
import type { Candles } from '../../market/candles.ts';
import { closedBarIndex, resample } from '../../market/resample.ts';
import type { Timeframe } from '../../market/timeframe.ts';

/** The bars of a higher timeframe as seen from the run's own. */
export interface HigherBars {
  readonly candles: Candles;
  /** For each bar of the run the last higher bar that had closed when it closed; -1 before the first. */
  readonly closedBars: Int32Array;
  readonly cache: ColumnCache;
}

/** What has been computed from the bars of one symbol: columns by `lineKey`, and bars of higher timeframes. One for each `Candles`. */
export class ColumnCache {
  /** Whoever runs many lines may delete from it what it no longer needs. */
  readonly columns = new Map<string, Float64Array>();
  readonly #higher = new Map<Timeframe, HigherBars>();
  readonly #indicators = new Map<string, Indicator>();

  column(key: string, compute: () => Float64Array): Float64Array {
    let column = this.columns.get(key);
    if (column === undefined) {
      column = compute();
      this.columns.set(key, column);
    }
    return column;
  }

  higher(candles: Candles, timeframe: Timeframe): HigherBars {
    let bars = this.#higher.get(timeframe);
    if (bars === undefined) {
      const { candles: higher } = resample(candles, timeframe);
      bars = { candles: higher, closedBars: closedBarIndex(candles, higher), cache: new ColumnCache() };
      this.#higher.set(timeframe, bars);
    }
    return bars;
  }

  /** Takes note of an indicator. Throws when another has its name: their lines could not be told apart. */
  name(indicator: Indicator): void {
    const known = this.#indicators.get(indicator.name);
    if (known !== undefined && known !== indicator) {
      throw new Error(`two indicators are called "${indicator.name}": give one of them another name`);
    }
    this.#indicators.set(indicator.name, indicator);
  }
}
