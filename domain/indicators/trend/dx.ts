import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { DirectionalMovement } from './directional-movement.ts';

/** Directional movement index, 0 to 100. Where nothing moves it keeps its last value, 0 when there was none. */
export const dx: Indicator = {
  name: 'DX',
  title: 'Directional movement index',
  params: [periodParam('period', 'Bars of the sums and of the weight 1 / period', 2, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, outputs[0]!);
  },
  stream({ period }) {
    const index = new RunningDx(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = index.next(inputs[0]!, inputs[1]!, inputs[2]!);
    });
  },
};

class RunningDx {
  readonly #movement: DirectionalMovement;
  #last = 0;

  constructor(period: number) {
    this.#movement = new DirectionalMovement(period);
  }

  next(high: number, low: number, close: number): number {
    if (!this.#movement.next(high, low, close)) return Number.NaN;
    const index = this.#movement.index();
    if (!Number.isNaN(index)) this.#last = index;
    return this.#last;
  }
}

function kernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  const length = output.length;
  const index = new RunningDx(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = index.next(high[i]!, low[i]!, close[i]!);
}
