import type { IndicatorStream } from '../indicator.ts';
import { ExtremesChunk, RunningMaximum, RunningMinimum } from '../sliding-extremes.ts';
import { fillWarmUp, streamFromFirstBar } from '../warm-up.ts';

/** Middle between the highest of `high` and the lowest of `low` over `period` bars, counted from bar `first`. */
export function middleKernel(
  high: Float64Array,
  low: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  const length = output.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  const chunk = new ExtremesChunk(high, low, period);
  const { highest, lowest } = chunk;
  for (let from = start; from < length; from += chunk.size) {
    const bars = Math.min(chunk.size, length - from);
    chunk.fill(from, from + bars);
    for (let k = 0; k < bars; k++) output[from + k] = (highest[k]! + lowest[k]!) / 2;
  }
}

/** The same bar by bar; `high` and `low` are places among the inputs. */
export function middleStream(period: number, high: number, low: number): IndicatorStream {
  const highest = new RunningMaximum(period);
  const lowest = new RunningMinimum(period);
  let bars = 0;
  return streamFromFirstBar((inputs, outputs) => {
    const top = highest.next(inputs[high]!);
    const bottom = lowest.next(inputs[low]!);
    outputs[0] = ++bars < period ? Number.NaN : (top + bottom) / 2;
  });
}
