import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningAtr } from '../volatility/running-atr.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Supertrend: a stop `multiplier` average true ranges from the middle of the bar, which only follows the trend. Bands stand at
 * `(high + low) / 2 +- multiplier * ATR`; the upper one is replaced only by a lower one, the lower one by a higher one, or when the
 * close before was beyond it. `line` is the lower band in a rise and the upper one in a fall; a close beyond the line turns the trend.
 * `direction` is 1 in a rise and -1 in a fall, and -1 at the first bar that has an ATR.
 *
 * The rules are those of TradingView's `ta.supertrend`, whose direction has the other sign. The ATR is TA-Lib's, which leaves out
 * the first bar: values differ from TradingView's until that bar has faded.
 *
 * @see https://www.tradingview.com/pine-script-reference/v5/#fun_ta.supertrend
 */
export const supertrend: Indicator = {
  name: 'SUPERTREND',
  title: 'Supertrend',
  params: [
    periodParam('period', 'Bars of the average true range', 1, 10),
    {
      name: 'multiplier',
      kind: 'number',
      title: 'Average true ranges between the middle of the bar and a band',
      min: 0,
      max: 1000,
      default: 3,
    },
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['line', 'direction'],
  lookback: ({ period }) => period!,
  compute(inputs, { period, multiplier }, outputs) {
    const first = firstBar(inputs, outputs);
    for (const output of outputs) fillWarmUp(output, first);
    const trend = new RunningSupertrend(period!, multiplier!);
    kernel(inputs[0]!, inputs[1]!, inputs[2]!, first, trend, outputs[0]!, outputs[1]!);
  },
  stream({ period, multiplier }) {
    const trend = new RunningSupertrend(period!, multiplier!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = trend.next(inputs[0]!, inputs[1]!, inputs[2]!);
      outputs[1] = trend.direction;
    });
  },
};

class RunningSupertrend {
  readonly #multiplier: number;
  readonly #atr: RunningAtr;
  #closeBefore = Number.NaN;
  #upper = Number.NaN;
  #lower = Number.NaN;
  direction = Number.NaN;

  constructor(period: number, multiplier: number) {
    this.#multiplier = multiplier;
    this.#atr = new RunningAtr(period);
  }

  /** The line after this bar. */
  next(high: number, low: number, close: number): number {
    const distance = this.#multiplier * this.#atr.next(high, low, close);
    const closeBefore = this.#closeBefore;
    this.#closeBefore = close;
    if (Number.isNaN(distance)) return Number.NaN;
    const middle = (high + low) / 2;
    const upper = middle + distance;
    const lower = middle - distance;
    if (Number.isNaN(this.direction)) {
      this.#upper = upper;
      this.#lower = lower;
      this.direction = -1;
      return upper;
    }
    if (upper < this.#upper || closeBefore > this.#upper) this.#upper = upper;
    if (lower > this.#lower || closeBefore < this.#lower) this.#lower = lower;
    if (this.direction < 0) {
      if (close > this.#upper) this.direction = 1;
    } else if (close < this.#lower) {
      this.direction = -1;
    }
    return this.direction > 0 ? this.#lower : this.#upper;
  }
}

function kernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  trend: RunningSupertrend,
  line: Float64Array,
  direction: Float64Array,
): void {
  const length = line.length;
  for (let i = first; i < length; i++) {
    line[i] = trend.next(high[i]!, low[i]!, close[i]!);
    direction[i] = trend.direction;
  }
}
