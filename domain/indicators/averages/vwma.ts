import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Volume-weighted moving average: `sum(close * volume) / sum(volume)` over `period` bars. Where none of them traded all weigh the
 * same, so the value is their plain average.
 */
export const vwma: Indicator = {
  name: 'VWMA',
  title: 'Volume-weighted moving average',
  params: [periodParam('period', 'Bars averaged', 2, 20)],
  inputs: ['close', 'volume'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, inputs[1]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const bars = period!;
    const prices = new Float64Array(bars);
    const volumes = new Float64Array(bars);
    let [slot, seen, turnover, volume, traded] = [0, 0, 0, 0, 0];
    return streamFromFirstBar((inputs, outputs) => {
      const [price, size] = [inputs[0]!, inputs[1]!];
      prices[slot] = price;
      volumes[slot] = size;
      slot = slot + 1 === bars ? 0 : slot + 1;
      turnover += price * size;
      volume += size;
      if (size !== 0) traded++;
      outputs[0] = Number.NaN;
      if (++seen < bars) return;
      if (traded === 0) {
        turnover = 0;
        volume = 0;
        let sum = 0;
        for (let k = 0; k < bars; k++) sum += prices[(slot + k) % bars]!;
        outputs[0] = sum / bars;
      } else {
        outputs[0] = turnover / volume;
      }
      turnover -= prices[slot]! * volumes[slot]!;
      volume -= volumes[slot]!;
      if (volumes[slot] !== 0) traded--;
    });
  },
};

function kernel(close: Float64Array, volumes: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = close.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  let [turnover, volume, traded] = [0, 0, 0];
  for (let i = first, trailing = first; i < length; i++) {
    const size = volumes[i]!;
    turnover += close[i]! * size;
    volume += size;
    if (size !== 0) traded++;
    if (i < start) continue;
    if (traded === 0) {
      // What rounding left in the sums goes too.
      turnover = 0;
      volume = 0;
      let sum = 0;
      for (let j = trailing; j <= i; j++) sum += close[j]!;
      output[i] = sum / period;
    } else {
      output[i] = turnover / volume;
    }
    const left = volumes[trailing]!;
    turnover -= close[trailing]! * left;
    volume -= left;
    if (left !== 0) traded--;
    trailing++;
  }
}
