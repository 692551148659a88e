import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { directionalKernel, DirectionalMovement } from './directional-movement.ts';

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
    directionalKernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, 'index', outputs[0]!);
    holdLast(outputs[0]!, first + period!);
    fillWarmUp(outputs[0]!, first + period!);
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

/** In place: an undefined value becomes the last one before it, 0 when there is none. */
function holdLast(indices: Float64Array, start: number): void {
  const length = indices.length;
  let last = 0;
  for (let i = start; i < length; i++) {
    if (Number.isNaN(indices[i])) indices[i] = last;
    else last = indices[i]!;
  }
}
