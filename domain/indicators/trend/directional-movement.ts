import { STRETCH_BARS } from '../stretch.ts';
import { trueRange } from '../volatility/true-range.ts';
import { EPSILON, isZeroOrNegative } from '../zero.ts';

/**
 * Wilder's directional movement fed bar by bar: by how much the high rises above the last one (plus) or the low falls below it
 * (minus), whichever is more, and the true range, each summed over `period - 1` bars and from then on smoothed as
 * `sum - sum / period + newest`.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV
 */
export class DirectionalMovement {
  readonly #period: number;
  readonly #kept: number;
  #bars = 0;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #plus = 0;
  #minus = 0;
  #range = 0;

  /** @param period bars of the sums, >= 1. */
  constructor(period: number) {
    this.#period = period;
    // A product in place of TA-Lib's division: a third of the time, equal to the last digit or two.
    this.#kept = (period - 1) / period;
  }

  /** Takes the next bar. True once `period` bars came after the first, and the sums count. */
  next(high: number, low: number, close: number): boolean {
    const period = this.#period;
    if (this.#bars > 0) {
      const rise = high - this.#high;
      const fall = this.#low - low;
      const range = trueRange(high, low, this.#close);
      const kept = this.#bars >= period ? this.#kept : 1;
      this.#plus = this.#plus * kept + movement(rise, fall);
      this.#minus = this.#minus * kept + movement(fall, rise);
      this.#range = this.#range * kept + range;
    }
    this.#high = high;
    this.#low = low;
    this.#close = close;
    if (this.#bars > period) return true;
    return ++this.#bars > period;
  }

  /** +DI; 0 without range. */
  plusIndicator(): number {
    return percentOf(this.#range, this.#plus);
  }

  /** -DI; 0 without range. */
  minusIndicator(): number {
    return percentOf(this.#range, this.#minus);
  }

  /** DX; NaN when nothing moved. */
  index(): number {
    return indexOf(this.#plus, this.#minus, this.#range);
  }
}

/** A way that was gone, if it leads forth and further than the other, else 0. Products, since no processor foresees such branches. */
function movement(way: number, other: number): number {
  return Number(way > 0) * Number(way > other) * way;
}

/** Movement in percent of the true range, 0 to 100; 0 without range. */
function percentOf(range: number, moved: number): number {
  return isZeroOrNegative(range) ? 0 : 100 * (moved / range);
}

/** Distance of +DI and -DI in percent of their sum, 0 to 100; NaN when nothing moved. The range that both are divided by cancels. */
function indexOf(plus: number, minus: number, range: number): number {
  const moved = plus + minus;
  if (isZeroOrNegative(range) || 100 * moved < EPSILON * range) return Number.NaN;
  return 100 * (Math.abs(minus - plus) / moved);
}

type DirectionalLine = 'plusIndicator' | 'minusIndicator' | 'index';

/**
 * One of the three over whole columns, from bar `first` on, in the same order of operations; bars before `first + period` of `output` are
 * left alone.
 */
export function directionalKernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  line: DirectionalLine,
  output: Float64Array,
): void {
  const length = output.length;
  const start = Math.min(first + period, length);
  const state = new Float64Array(3);
  directionalStretch(high, low, close, first + 1, start, 1, null, state, output);
  const kept = (period - 1) / period;
  for (let from = start; from < length; from += STRETCH_BARS) {
    const to = Math.min(from + STRETCH_BARS, length);
    directionalStretch(high, low, close, from, to, kept, line, state, output);
  }
}

/**
 * Goes on with the sums in `state` (plus, minus, range) over bars `from .. to-1`.
 *
 * @param kept share of a sum that is kept at each bar.
 * @param line what is written; `null` for nothing.
 */
function directionalStretch(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  from: number,
  to: number,
  kept: number,
  line: DirectionalLine | null,
  state: Float64Array,
  output: Float64Array,
): void {
  const wantsIndex = line === 'index';
  const wantsPlus = line === 'plusIndicator';
  const isSilent = line === null;
  let plus = state[0]!;
  let minus = state[1]!;
  let range = state[2]!;
  for (let i = from; i < to; i++) {
    const rise = high[i]! - high[i - 1]!;
    const fall = low[i - 1]! - low[i]!;
    plus = plus * kept + movement(rise, fall);
    minus = minus * kept + movement(fall, rise);
    range = range * kept + trueRange(high[i]!, low[i]!, close[i - 1]!);
    if (isSilent) continue;
    if (wantsIndex) output[i] = indexOf(plus, minus, range);
    else output[i] = percentOf(range, wantsPlus ? plus : minus);
  }
  state[0] = plus;
  state[1] = minus;
  state[2] = range;
}
