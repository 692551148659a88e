import type { Indicator, IndicatorParams } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { ringSize } from '../ring.ts';
import { STRETCH_BARS } from '../stretch.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { isZero } from '../zero.ts';

/**
 * Ultimate oscillator: buying pressure (close above the true low) as a share of the true range, over a short, a middle and a long period,
 * weighted 4 : 2 : 1, from 0 to 100. The periods may come in any order.
 */
export const ultosc: Indicator = {
  name: 'ULTOSC',
  title: 'Ultimate oscillator',
  params: [
    periodParam('shortPeriod', 'Bars of the short period', 1, 7),
    periodParam('middlePeriod', 'Bars of the middle period', 1, 14),
    periodParam('longPeriod', 'Bars of the long period', 1, 28),
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: (params) => sortedPeriods(params)[2],
  compute(inputs, params, outputs) {
    kernel(inputs, firstBar(inputs, outputs), sortedPeriods(params), outputs[0]!);
  },
  stream(params) {
    const [short, middle, long] = sortedPeriods(params);
    const mask = ringSize(long) - 1;
    const pressures = new Float64Array(mask + 1);
    const ranges = new Float64Array(mask + 1);
    let [bar, previous] = [-1, Number.NaN];
    let [shortUp, shortAll, middleUp, middleAll, longUp, longAll] = [0, 0, 0, 0, 0, 0];
    return streamFromFirstBar((inputs, outputs) => {
      const [high, low, close] = [inputs[0]!, inputs[1]!, inputs[2]!];
      const trueLow = low < previous ? low : previous;
      const pressure = close - trueLow;
      const range = (high > previous ? high : previous) - trueLow;
      previous = close;
      outputs[0] = Number.NaN;
      bar++;
      if (bar === 0) return;
      pressures[bar & mask] = pressure;
      ranges[bar & mask] = range;
      if (bar > long - short) {
        shortUp += pressure;
        shortAll += range;
      }
      if (bar > long - middle) {
        middleUp += pressure;
        middleAll += range;
      }
      longUp += pressure;
      longAll += range;
      if (bar < long) return;
      outputs[0] = weightedShares(shortUp, shortAll, middleUp, middleAll, longUp, longAll);
      shortUp -= pressures[(bar + 1 - short) & mask]!;
      shortAll -= ranges[(bar + 1 - short) & mask]!;
      middleUp -= pressures[(bar + 1 - middle) & mask]!;
      middleAll -= ranges[(bar + 1 - middle) & mask]!;
      longUp -= pressures[(bar + 1 - long) & mask]!;
      longAll -= ranges[(bar + 1 - long) & mask]!;
    });
  },
};

type Periods = readonly [short: number, middle: number, long: number];

function sortedPeriods({ shortPeriod, middlePeriod, longPeriod }: IndicatorParams): Periods {
  const [short, middle, long] = [shortPeriod!, middlePeriod!, longPeriod!].sort((a, b) => a - b);
  return [short!, middle!, long!];
}

function weightedShares(
  shortUp: number,
  shortAll: number,
  middleUp: number,
  middleAll: number,
  longUp: number,
  longAll: number,
): number {
  let shares = 0;
  if (!isZero(shortAll)) shares += 4 * (shortUp / shortAll);
  if (!isZero(middleAll)) shares += 2 * (middleUp / middleAll);
  if (!isZero(longAll)) shares += longUp / longAll;
  return 100 * (shares / 7);
}

function kernel(inputs: readonly Float64Array[], first: number, periods: Periods, output: Float64Array): void {
  const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
  const long = periods[2];
  const length = close.length;
  const start = first + long;
  fillWarmUp(output, start);
  if (start >= length) return;
  const mask = ringSize(long) - 1;
  const pressures = new Float64Array(mask + 1);
  const ranges = new Float64Array(mask + 1);
  const state = new Float64Array(6);
  for (let from = first + 1; from < length; from += STRETCH_BARS) {
    const to = Math.min(from + STRETCH_BARS, length);
    ultoscStretch(high, low, close, from, to, start, periods, mask, pressures, ranges, state, output);
  }
}

/** Goes on with the six sums in `state` and the rings over bars `from .. to-1`; nothing is written before bar `start`. */
function ultoscStretch(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  from: number,
  to: number,
  start: number,
  [short, middle, long]: Periods,
  mask: number,
  pressures: Float64Array,
  ranges: Float64Array,
  state: Float64Array,
  output: Float64Array,
): void {
  let shortUp = state[0]!;
  let shortAll = state[1]!;
  let middleUp = state[2]!;
  let middleAll = state[3]!;
  let longUp = state[4]!;
  let longAll = state[5]!;
  let previous = close[from - 1]!;
  for (let i = from; i < to; i++) {
    const trueLow = low[i]! < previous ? low[i]! : previous;
    const pressure = close[i]! - trueLow;
    // The true range: the close before the bar counts as one of its prices.
    const range = (high[i]! > previous ? high[i]! : previous) - trueLow;
    previous = close[i]!;
    pressures[i & mask] = pressure;
    ranges[i & mask] = range;
    if (i > start - short) {
      shortUp += pressure;
      shortAll += range;
    }
    if (i > start - middle) {
      middleUp += pressure;
      middleAll += range;
    }
    longUp += pressure;
    longAll += range;
    if (i < start) continue;
    output[i] = weightedShares(shortUp, shortAll, middleUp, middleAll, longUp, longAll);
    shortUp -= pressures[(i + 1 - short) & mask]!;
    shortAll -= ranges[(i + 1 - short) & mask]!;
    middleUp -= pressures[(i + 1 - middle) & mask]!;
    middleAll -= ranges[(i + 1 - middle) & mask]!;
    longUp -= pressures[(i + 1 - long) & mask]!;
    longAll -= ranges[(i + 1 - long) & mask]!;
  }
  state[0] = shortUp;
  state[1] = shortAll;
  state[2] = middleUp;
  state[3] = middleAll;
  state[4] = longUp;
  state[5] = longAll;
}
