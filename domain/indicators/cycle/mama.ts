import type { ParamSpec } from '../../parameters/param-spec.ts';
import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { DominantCycle } from './dominant-cycle.ts';

const LOOKBACK = 32;
const SKIP = 12;

function limitParam(name: string, title: string, standard: number): ParamSpec {
  return { name, kind: 'number', title, min: 0.01, max: 0.99, default: standard };
}

/**
 * Ehlers' MESA adaptive moving average: an exponential average whose weight is `fastLimit` by the change of the phase of the dominant
 * cycle in degrees, between the two limits, and `fama`, which follows it at half that weight. In units of price.
 *
 * @see John F. Ehlers, MESA Adaptive Moving Averages (2001)
 */
export const mama: Indicator = {
  name: 'MAMA',
  title: 'MESA adaptive moving average',
  params: [
    limitParam('fastLimit', 'Largest weight of the newest price', 0.5),
    limitParam('slowLimit', 'Smallest weight of the newest price', 0.05),
  ],
  inputs: ['close'],
  outputs: ['mama', 'fama'],
  lookback: () => LOOKBACK,
  compute(inputs, { fastLimit, slowLimit }, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, first, new RunningMama(fastLimit!, slowLimit!), outputs[0]!, outputs[1]!);
    for (const output of outputs) fillWarmUp(output, first + LOOKBACK);
  },
  stream({ fastLimit, slowLimit }) {
    const average = new RunningMama(fastLimit!, slowLimit!);
    let warmUp = LOOKBACK;
    return streamFromFirstBar((inputs, outputs) => {
      average.next(inputs[0]!);
      outputs[0] = warmUp > 0 ? Number.NaN : average.mama;
      outputs[1] = warmUp > 0 ? Number.NaN : average.fama;
      if (warmUp > 0) warmUp--;
    });
  },
};

class RunningMama {
  readonly #fastLimit: number;
  readonly #slowLimit: number;
  readonly #cycle = new DominantCycle(SKIP);
  #phase = 0;
  mama = 0;
  fama = 0;

  constructor(fastLimit: number, slowLimit: number) {
    this.#fastLimit = fastLimit;
    this.#slowLimit = slowLimit;
  }

  next(price: number): void {
    if (!this.#cycle.next(price)) return;
    const change = this.#phase - this.#cycle.phase;
    this.#phase = this.#cycle.phase;
    // The slow limit bounds what was divided only: a change of up to one degree takes the fast one as it is.
    const weight = change > 1 ? Math.max(this.#fastLimit / change, this.#slowLimit) : this.#fastLimit;
    this.mama = weight * price + (1 - weight) * this.mama;
    this.fama = 0.5 * weight * this.mama + (1 - 0.5 * weight) * this.fama;
  }
}

function kernel(
  input: Float64Array,
  first: number,
  average: RunningMama,
  mamaLine: Float64Array,
  famaLine: Float64Array,
): void {
  const length = input.length;
  for (let i = first; i < length; i++) {
    average.next(input[i]!);
    mamaLine[i] = average.mama;
    famaLine[i] = average.fama;
  }
}
