import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** TA-Lib's largest number for a parameter. */
const LARGEST = 3e37;

/**
 * Wilder's parabolic stop and reverse, in units of price: the stop of the position that holds at the bar, or on a bar that reaches
 * the stop, that of the position it turns into. The first position is short when the second bar falls more than it rises.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section II
 */
export const sar: Indicator = {
  name: 'SAR',
  title: 'Parabolic stop and reverse',
  params: [
    {
      name: 'acceleration',
      kind: 'number',
      title: 'Share of the way to the extreme that the stop moves per bar, and its growth with each new extreme',
      min: 0,
      max: LARGEST,
      default: 0.02,
    },
    { name: 'maximum', kind: 'number', title: 'Largest share', min: 0, max: LARGEST, default: 0.2 },
  ],
  inputs: ['high', 'low'],
  outputs: ['value'],
  lookback: () => 1,
  compute(inputs, { acceleration, maximum }, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, inputs[1]!, first, new RunningSar(acceleration!, maximum!), outputs[0]!);
  },
  stream({ acceleration, maximum }) {
    const stop = new RunningSar(acceleration!, maximum!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = stop.next(inputs[0]!, inputs[1]!);
    });
  },
};

class RunningSar {
  readonly #step: number;
  readonly #maximum: number;
  #share: number;
  #bars = 0;
  #isLong = true;
  /** The stop of the coming bar. */
  #stop = Number.NaN;
  /** Highest high of a long position, lowest low of a short one. */
  #extreme = Number.NaN;
  #highBefore = Number.NaN;
  #lowBefore = Number.NaN;

  constructor(acceleration: number, maximum: number) {
    this.#step = Math.min(acceleration, maximum);
    this.#maximum = maximum;
    this.#share = this.#step;
  }

  next(high: number, low: number): number {
    if (this.#bars < 2 && !this.#open(high, low)) return Number.NaN;
    const value = this.#isLong ? this.#holdLong(high, low) : this.#holdShort(high, low);
    this.#highBefore = high;
    this.#lowBefore = low;
    return value;
  }

  /** Takes the first two bars; true with the second, which opens the first position. */
  #open(high: number, low: number): boolean {
    if (++this.#bars === 2) {
      const rise = high - this.#highBefore;
      const fall = this.#lowBefore - low;
      this.#isLong = !(fall > 0 && rise < fall);
      this.#stop = this.#isLong ? this.#lowBefore : this.#highBefore;
      this.#extreme = this.#isLong ? high : low;
    }
    this.#highBefore = high;
    this.#lowBefore = low;
    return this.#bars === 2;
  }

  #holdLong(high: number, low: number): number {
    const stop = this.#stop;
    if (low <= stop) {
      const turned = this.#above(this.#extreme, high);
      this.#isLong = false;
      this.#share = this.#step;
      this.#extreme = low;
      this.#stop = this.#above(turned + this.#share * (low - turned), high);
      return turned;
    }
    if (high > this.#extreme) this.#reach(high);
    this.#stop = this.#below(stop + this.#share * (this.#extreme - stop), low);
    return stop;
  }

  #holdShort(high: number, low: number): number {
    const stop = this.#stop;
    if (high >= stop) {
      const turned = this.#below(this.#extreme, low);
      this.#isLong = true;
      this.#share = this.#step;
      this.#extreme = high;
      this.#stop = this.#below(turned + this.#share * (high - turned), low);
      return turned;
    }
    if (low < this.#extreme) this.#reach(low);
    this.#stop = this.#above(stop + this.#share * (this.#extreme - stop), high);
    return stop;
  }

  #reach(extreme: number): void {
    this.#extreme = extreme;
    this.#share = Math.min(this.#share + this.#step, this.#maximum);
  }

  /** The stop of a short position is never below the highs of this bar and the one before. */
  #above(stop: number, high: number): number {
    const limit = this.#highBefore > high ? this.#highBefore : high;
    return stop < limit ? limit : stop;
  }

  /** The stop of a long position is never above the lows of this bar and the one before. */
  #below(stop: number, low: number): number {
    const limit = this.#lowBefore < low ? this.#lowBefore : low;
    return stop > limit ? limit : stop;
  }
}

function kernel(high: Float64Array, low: Float64Array, first: number, stop: RunningSar, output: Float64Array): void {
  const length = output.length;
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = stop.next(high[i]!, low[i]!);
}
