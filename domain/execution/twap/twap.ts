import type { Algorithm } from '../algorithm.ts';
import { checkTwap } from './check.ts';
import { decideTwapChild } from './decide.ts';
import { twapParams } from './params.ts';
import { TWAP_MAX_DURATION_MS, twapSchedule } from './schedule.ts';

/** Time-weighted average price: equal slices at equal distances in time, each as a marketable limit order. */
export const twap: Algorithm = {
  name: 'twap',
  title: 'Time-weighted average price',
  params: twapParams,
  schedule: twapSchedule,
  check: checkTwap,
  decide: decideTwapChild,
  maxDurationMs: TWAP_MAX_DURATION_MS,
  defaultDurationMs: () => null,
};
