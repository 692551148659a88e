import { ExtremesChunk, RunningMaximum, RunningMinimum } from '../sliding-extremes.ts';

/**
 * The raw %K of the stochastics: where `close` lies between the lowest low and the highest high of `period` bars, from 0 to 100; 0
 * where there is no range. Bars before `first + period - 1` of `output` are left alone.
 */
export function fastKKernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  const length = close.length;
  const chunk = new ExtremesChunk(high, low, period);
  const { highest, lowest } = chunk;
  for (let from = first + period - 1; from < length; from += chunk.size) {
    const bars = Math.min(chunk.size, length - from);
    chunk.fill(from, from + bars);
    for (let k = 0; k < bars; k++) output[from + k] = placeInRange(highest[k]!, lowest[k]!, close[from + k]!);
  }
}

function placeInRange(highest: number, lowest: number, close: number): number {
  const hundredth = (highest - lowest) / 100;
  return hundredth === 0 ? 0 : (close - lowest) / hundredth;
}

/** The same bar by bar. */
export class RunningFastK {
  readonly #period: number;
  readonly #highest: RunningMaximum;
  readonly #lowest: RunningMinimum;
  #bars = 0;

  constructor(period: number) {
    this.#period = period;
    this.#highest = new RunningMaximum(period);
    this.#lowest = new RunningMinimum(period);
  }

  /** Whether there were `period` bars. */
  get warm(): boolean {
    return this.#bars === this.#period;
  }

  /** The raw %K of this bar; NaN until there were `period` bars. */
  next(high: number, low: number, close: number): number {
    const highest = this.#highest.next(high);
    const lowest = this.#lowest.next(low);
    if (this.#bars < this.#period) this.#bars++;
    return this.warm ? placeInRange(highest, lowest, close) : Number.NaN;
  }
}
