import type { IndicatorStream } from '../indicator.ts';
import { STRETCH_BARS } from '../stretch.ts';
import { fillWarmUp, streamFromFirstBar } from '../warm-up.ts';

/**
 * How Wilder's averages are computed: with TA-Lib's division, or with two products in its place, which take a third of the time and are
 * equal to the last digit or two. A line that is made of differences of such lines needs TA-Lib's last digits.
 */
export type WilderForm = 'division' | 'products';

/** What is made of average gain and average loss. */
export type LineOfMoves = (gain: number, loss: number) => number;

/**
 * `lineOf` of Wilder's averages over a whole column, from bar `first` on: the first value is at bar `first + period`, NaN before.
 *
 * @param stretch goes on bar by bar; one for each `lineOf`, so that it is compiled into it
 */
export function wilderColumn(
  input: Float64Array,
  first: number,
  period: number,
  stretch: MovesStretch,
  lineOf: LineOfMoves,
  output: Float64Array,
): void {
  const length = input.length;
  const start = first + period;
  fillWarmUp(output, start);
  if (start >= length) return;
  let [gain, loss] = [0, 0];
  for (let i = first + 1; i <= start; i++) {
    const move = input[i]! - input[i - 1]!;
    if (move < 0) loss -= move;
    else gain += move;
  }
  const state = Float64Array.of(gain / period, loss / period);
  output[start] = lineOf(state[0]!, state[1]!);
  for (let from = start + 1; from < length; from += STRETCH_BARS) {
    stretch(input, from, Math.min(from + STRETCH_BARS, length), period, state, output);
  }
}

/** Goes on with the averages in `state` (gain, loss) over bars `from .. to-1`. */
export type MovesStretch = (
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  state: Float64Array,
  output: Float64Array,
) => void;

/** Wilder's averages bar by bar, and `lineOf` of them from the first on. */
export function wilderStream(period: number, form: WilderForm, lineOf: LineOfMoves): IndicatorStream {
  const isExact = form === 'division';
  const rest = period - 1;
  const kept = rest / period;
  const weight = 0.5 / period;
  let [seen, previous, gain, loss] = [-1, Number.NaN, 0, 0];
  return streamFromFirstBar((inputs, outputs) => {
    const move = inputs[0]! - previous;
    previous = inputs[0]!;
    outputs[0] = Number.NaN;
    if (seen < period) {
      seen++;
      if (seen === 0) return;
      if (move < 0) loss -= move;
      else gain += move;
      if (seen < period) return;
      gain /= period;
      loss /= period;
    } else {
      const size = Math.abs(move);
      gain = isExact ? (gain * rest + (size + move) / 2) / period : gain * kept + (size + move) * weight;
      loss = isExact ? (loss * rest + (size - move) / 2) / period : loss * kept + (size - move) * weight;
    }
    outputs[0] = lineOf(gain, loss);
  });
}
