import type { IndicatorStream } from '../indicator.ts';
import { streamFromFirstBar } from '../warm-up.ts';

/** Average gain and average loss per bar, both positive. */
interface Moves {
  readonly gain: number;
  readonly loss: number;
}

/** Plain averages over the first `period` moves after bar `first`: what Wilder's averages start from. */
export function seedOfMoves(input: Float64Array, first: number, period: number): Moves {
  let [gain, loss] = [0, 0];
  for (let i = first + 1; i <= first + period; i++) {
    const move = input[i]! - input[i - 1]!;
    if (move < 0) loss -= move;
    else gain += move;
  }
  return { gain: gain / period, loss: loss / period };
}

/** Wilder's averages bar by bar, and `lineOf` of them from the first on. */
export function wilderStream(period: number, lineOf: (gain: number, loss: number) => number): IndicatorStream {
  const rest = period - 1;
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
      gain = (gain * rest + (size + move) / 2) / period;
      loss = (loss * rest + (size - move) / 2) / period;
    }
    outputs[0] = lineOf(gain, loss);
  });
}
