import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

const DAY_MS = 86_400_000;

/**
 * Volume-weighted average price since the start of the UTC day in which the bar opens: the sum of typical price
 * `(high + low + close) / 3` times volume, by the sum of volume. While a day has traded nothing it is the typical price of the bar.
 * The first day begins with the first bar given, whatever its hour.
 */
export const vwap: Indicator = {
  name: 'VWAP',
  title: 'Volume-weighted average price of the UTC day',
  params: [],
  inputs: ['time', 'high', 'low', 'close', 'volume'],
  outputs: ['value'],
  lookback: () => 0,
  compute(inputs, _params, outputs) {
    kernel(inputs, firstBar(inputs, outputs), outputs[0]!);
  },
  stream() {
    const average = new RunningVwap();
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = average.next(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, inputs[4]!);
    });
  },
};

class RunningVwap {
  #nextDay = Number.NEGATIVE_INFINITY;
  #turnover = 0;
  #volume = 0;

  next(time: number, high: number, low: number, close: number, volume: number): number {
    if (time >= this.#nextDay) {
      this.#nextDay = (Math.floor(time / DAY_MS) + 1) * DAY_MS;
      this.#turnover = 0;
      this.#volume = 0;
    }
    const typical = (high + low + close) / 3;
    this.#turnover += typical * volume;
    this.#volume += volume;
    return this.#volume > 0 ? this.#turnover / this.#volume : typical;
  }
}

function kernel(inputs: readonly Float64Array[], first: number, output: Float64Array): void {
  const [time, high, low, close, volume] = inputs as readonly [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const length = output.length;
  const average = new RunningVwap();
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) {
    output[i] = average.next(time[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
  }
}
