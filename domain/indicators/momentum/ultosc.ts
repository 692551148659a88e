import type { Indicator, IndicatorParams } from '../indicator.ts';
import { periodParam } from '../period.ts';
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
    const pressures = new Float64Array(long);
    const ranges = new Float64Array(long);
    let [bars, slot, previous] = [-1, 0, Number.NaN];
    let [shortUp, shortAll, middleUp, middleAll, longUp, longAll] = [0, 0, 0, 0, 0, 0];
    return streamFromFirstBar((inputs, outputs) => {
      const [high, low, close] = [inputs[0]!, inputs[1]!, inputs[2]!];
      const pressure = close - Math.min(low, previous);
      const range = trueRange(high, low, previous);
      previous = close;
      outputs[0] = Number.NaN;
      if (++bars === 0) return;
      pressures[slot] = pressure;
      ranges[slot] = range;
      if (bars > long - short) {
        shortUp += pressure;
        shortAll += range;
      }
      if (bars > long - middle) {
        middleUp += pressure;
        middleAll += range;
      }
      longUp += pressure;
      longAll += range;
      if (bars >= long) {
        outputs[0] = weightedShares(shortUp, shortAll, middleUp, middleAll, longUp, longAll);
        const shortSlot = (slot + long - short + 1) % long;
        const middleSlot = (slot + long - middle + 1) % long;
        const longSlot = (slot + 1) % long;
        shortUp -= pressures[shortSlot]!;
        shortAll -= ranges[shortSlot]!;
        middleUp -= pressures[middleSlot]!;
        middleAll -= ranges[middleSlot]!;
        longUp -= pressures[longSlot]!;
        longAll -= ranges[longSlot]!;
      }
      slot = slot + 1 === long ? 0 : slot + 1;
    });
  },
};

type Periods = readonly [short: number, middle: number, long: number];

function sortedPeriods({ shortPeriod, middlePeriod, longPeriod }: IndicatorParams): Periods {
  const [short, middle, long] = [shortPeriod!, middlePeriod!, longPeriod!].sort((a, b) => a - b);
  return [short!, middle!, long!];
}

/** The range of a bar with the close before it. */
function trueRange(high: number, low: number, previous: number): number {
  return Math.max(high - low, Math.abs(previous - high), Math.abs(previous - low));
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
  const [short, middle, long] = periods;
  const length = close.length;
  const start = first + long;
  fillWarmUp(output, start);
  if (start >= length) return;
  const pressures = new Float64Array(long);
  const ranges = new Float64Array(long);
  let [shortUp, shortAll, middleUp, middleAll, longUp, longAll] = [0, 0, 0, 0, 0, 0];
  for (let i = first + 1, slot = 0; i < start; i++, slot++) {
    const pressure = close[i]! - Math.min(low[i]!, close[i - 1]!);
    const range = trueRange(high[i]!, low[i]!, close[i - 1]!);
    pressures[slot] = pressure;
    ranges[slot] = range;
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
  }
  let slot = long - 1;
  let shortSlot = long - short;
  let middleSlot = long - middle;
  let longSlot = 0;
  for (let i = start; i < length; i++) {
    const pressure = close[i]! - Math.min(low[i]!, close[i - 1]!);
    const range = trueRange(high[i]!, low[i]!, close[i - 1]!);
    pressures[slot] = pressure;
    ranges[slot] = range;
    shortUp += pressure;
    shortAll += range;
    middleUp += pressure;
    middleAll += range;
    longUp += pressure;
    longAll += range;
    output[i] = weightedShares(shortUp, shortAll, middleUp, middleAll, longUp, longAll);
    shortUp -= pressures[shortSlot]!;
    shortAll -= ranges[shortSlot]!;
    middleUp -= pressures[middleSlot]!;
    middleAll -= ranges[middleSlot]!;
    longUp -= pressures[longSlot]!;
    longAll -= ranges[longSlot]!;
    slot = slot + 1 === long ? 0 : slot + 1;
    shortSlot = shortSlot + 1 === long ? 0 : shortSlot + 1;
    middleSlot = middleSlot + 1 === long ? 0 : middleSlot + 1;
    longSlot = longSlot + 1 === long ? 0 : longSlot + 1;
  }
}
