import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { STRETCH_BARS } from '../stretch.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Triangular moving average: weights rise from 1 to the middle of the window and fall back to 1 (for 5 bars 1 2 3 2 1, for 4 bars
 * 1 2 2 1). From bar to bar the rising half loses one weight each and the falling half gains one.
 */
export const trima: Indicator = {
  name: 'TRIMA',
  title: 'Triangular moving average',
  params: [periodParam('period', 'Bars averaged', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const bars = period!;
    const odd = bars % 2 === 1;
    const middle = middleOf(bars);
    const factor = 1 / weightsOf(bars);
    const window = new Float64Array(bars);
    let slot = 0;
    let seen = 0;
    let sums: Triangle = { weighted: 0, older: 0, newer: 0 };
    return streamFromFirstBar((inputs, outputs) => {
      const value = inputs[0]!;
      const oldest = window[slot]!;
      const turning = window[(slot + middle + 1) % bars]!;
      window[slot] = value;
      slot = slot + 1 === bars ? 0 : slot + 1;
      if (seen < bars) {
        outputs[0] = Number.NaN;
        if (++seen < bars) return;
        sums = triangleOf(window, 0, bars);
      } else {
        sums.weighted -= sums.older;
        sums.older = sums.older - oldest + turning;
        if (odd) sums.weighted += sums.newer;
        sums.newer -= turning;
        if (!odd) sums.weighted += sums.newer;
        sums.newer += value;
        sums.weighted += value;
      }
      outputs[0] = sums.weighted * factor;
    });
  },
};

/** Sums of a window: with its weights, of the half whose weights rise (the older bars), and of the rest. */
interface Triangle {
  weighted: number;
  older: number;
  newer: number;
}

function middleOf(period: number): number {
  return Math.floor((period - 1) / 2);
}

function weightsOf(period: number): number {
  return Math.floor((period + 1) / 2) * (Math.floor(period / 2) + 1);
}

function triangleOf(input: Float64Array, first: number, period: number): Triangle {
  const middle = first + middleOf(period);
  let [weighted, older, newer] = [0, 0, 0];
  for (let i = middle; i >= first; i--) {
    older += input[i]!;
    weighted += older;
  }
  for (let i = middle + 1; i < first + period; i++) {
    newer += input[i]!;
    weighted += newer;
  }
  return { weighted, older, newer };
}

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  if (start >= length) return;
  const sums = triangleOf(input, first, period);
  output[start] = sums.weighted * (1 / weightsOf(period));
  const state = Float64Array.of(sums.weighted, sums.older, sums.newer);
  for (let from = start + 1; from < length; from += STRETCH_BARS) {
    trimaStretch(input, from, Math.min(from + STRETCH_BARS, length), period, state, output);
  }
}

/** Goes on with the sums in `state` (weighted, older, newer) over bars `from .. to-1`. */
function trimaStretch(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  state: Float64Array,
  output: Float64Array,
): void {
  const odd = period % 2 === 1;
  const factor = 1 / weightsOf(period);
  let weighted = state[0]!;
  let older = state[1]!;
  let newer = state[2]!;
  let trailing = from - period;
  let middle = trailing + middleOf(period) + 1;
  for (let i = from; i < to; i++) {
    const value = input[i]!;
    const turning = input[middle++]!;
    weighted -= older;
    older = older - input[trailing++]! + turning;
    if (odd) weighted += newer;
    newer -= turning;
    if (!odd) weighted += newer;
    newer += value;
    weighted += value;
    output[i] = weighted * factor;
  }
  state[0] = weighted;
  state[1] = older;
  state[2] = newer;
}
