import type { Indicator } from '../indicator.ts';
import { oscillatorCompute, oscillatorLookback, oscillatorParams, oscillatorStream } from './price-oscillator.ts';

/** Absolute price oscillator: a fast simple average less a slow one, in units of the input. */
export const apo: Indicator = {
  name: 'APO',
  title: 'Absolute price oscillator',
  params: oscillatorParams,
  inputs: ['close'],
  outputs: ['value'],
  lookback: oscillatorLookback,
  compute: (inputs, params, outputs) => oscillatorCompute(inputs, params, false, outputs),
  stream: (params) => oscillatorStream(params, false),
};
