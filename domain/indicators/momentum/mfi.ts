import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Two typical prices closer than this, as a ratio, differ by the rounding of their sums: TA-Lib from 0.8 on takes them for equal. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * Money flow index: of the turnover (typical price times volume) of the last `period` bars whose typical price changed, the percentage that
 * went up, from 0 to 100. As in TA-Lib it is 0 where that turnover is below 1.
 */
export const mfi: Indicator = {
  name: 'MFI',
  title: 'Money flow index',
  params: [periodParam('period', 'Bars of the sums', 2, 14)],
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const [high, low, close, volume] = inputs as [Float64Array, Float64Array, Float64Array, Float64Array];
    const output = outputs[0]!;
    const first = firstBar(inputs, outputs);
    const start = first + period!;
    const length = close.length;
    fillWarmUp(output, start);
    if (start >= length) return;
    const rising = new Float64Array(period!);
    const falling = new Float64Array(period!);
    let [slot, up, down] = [0, 0, 0];
    let previous = (high[first]! + low[first]! + close[first]!) / 3;
    for (let i = first + 1; i < length; i++) {
      const typical = (high[i]! + low[i]! + close[i]!) / 3;
      const flow = typical * volume[i]!;
      const change = typical - previous;
      const gain = change > typical * ROUNDING ? flow : 0;
      const loss = -change > typical * ROUNDING ? flow : 0;
      previous = typical;
      // Both rings hold 0 until they have been filled once.
      up = up - rising[slot]! + gain;
      down = down - falling[slot]! + loss;
      rising[slot] = gain;
      falling[slot] = loss;
      slot = slot + 1 === period! ? 0 : slot + 1;
      if (i >= start) output[i] = shareOfRise(up, down);
    }
  },
  stream({ period }) {
    const rising = new Float64Array(period!);
    const falling = new Float64Array(period!);
    let [slot, bars, up, down, previous] = [0, -1, 0, 0, Number.NaN];
    return streamFromFirstBar((inputs, outputs) => {
      const typical = (inputs[0]! + inputs[1]! + inputs[2]!) / 3;
      outputs[0] = Number.NaN;
      if (++bars > 0) {
        const flow = typical * inputs[3]!;
        const change = typical - previous;
        const gain = change > typical * ROUNDING ? flow : 0;
        const loss = -change > typical * ROUNDING ? flow : 0;
        up = up - rising[slot]! + gain;
        down = down - falling[slot]! + loss;
        rising[slot] = gain;
        falling[slot] = loss;
        slot = slot + 1 === period! ? 0 : slot + 1;
        if (bars >= period!) outputs[0] = shareOfRise(up, down);
      }
      previous = typical;
    });
  },
};

function shareOfRise(up: number, down: number): number {
  const turnover = up + down;
  return turnover < 1 ? 0 : 100 * (up / turnover);
}
