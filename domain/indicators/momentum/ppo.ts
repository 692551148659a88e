import type { Indicator } from '../indicator.ts';
import { oscillatorCompute, oscillatorLookback, oscillatorParams, oscillatorStream } from './price-oscillator.ts';

/** Percentage price oscillator: a fast simple average less a slow one, in percent of the slow one; 0 where that is 0. */
export const ppo: Indicator = {
  name: 'PPO',
  title: 'Percentage price oscillator',
  params: oscillatorParams,
  inputs: ['close'],
  outputs: ['value'],
  lookback: oscillatorLookback,
  compute: (inputs, params, outputs) => oscillatorCompute(inputs, params, true, outputs),
  stream: (params) => oscillatorStream(params, true),
};
