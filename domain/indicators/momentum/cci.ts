import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Commodity channel index of the typical price `(high + low + close) / 3`: its distance from its average over `period` bars, divided by
 * 0.015 of the mean absolute deviation. On a window of equal prices rounding may leave a value other than 0, as in TA-Lib.
 */
export const cci: Indicator = {
  name: 'CCI',
  title: 'Commodity channel index',
  params: [periodParam('period', 'Bars averaged', 2, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    const output = outputs[0]!;
    const first = firstBar(inputs, outputs);
    const start = first + period! - 1;
    const length = close.length;
    fillWarmUp(output, start);
    const window = new Float64Array(period!);
    for (let i = first, slot = 0; i < length; i++) {
      const typical = (high[i]! + low[i]! + close[i]!) / 3;
      window[slot] = typical;
      slot = slot + 1 === period! ? 0 : slot + 1;
      if (i >= start) output[i] = channelIndex(window, typical);
    }
  },
  stream({ period }) {
    const window = new Float64Array(period!);
    let [slot, bars] = [0, 0];
    return streamFromFirstBar((inputs, outputs) => {
      const typical = (inputs[0]! + inputs[1]! + inputs[2]!) / 3;
      window[slot] = typical;
      slot = slot + 1 === period! ? 0 : slot + 1;
      outputs[0] = ++bars < period! ? Number.NaN : channelIndex(window, typical);
    });
  },
};

/** Sums run over the slots of the ring, not from old to new: TA-Lib's order, so that the last bits are those of TA-Lib. */
function channelIndex(window: Float64Array, typical: number): number {
  const period = window.length;
  let sum = 0;
  for (let j = 0; j < period; j++) sum += window[j]!;
  const average = sum / period;
  let deviation = 0;
  for (let j = 0; j < period; j++) deviation += Math.abs(window[j]! - average);
  const distance = typical - average;
  return distance === 0 || deviation === 0 ? 0 : distance / (0.015 * (deviation / period));
}
