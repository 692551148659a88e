import type { Algorithm } from '../algorithm.ts';
import { checkTwap } from './check.ts';
import { decideTwapChild } from './decide.ts';
import { twapParams } from './params.ts';
import { twapSchedule } from './schedule.ts';

const DAYS_7_MS = 7 * 24 * 60 * 60 * 1000;

/** Time-weighted average price: equal slices at equal distances in time, each as a marketable limit order. */
export const twap: Algorithm = {
  name: 'twap',
  title: 'Time-weighted average price',
  params: twapParams,
  schedule: twapSchedule,
  check: checkTwap,
  decide: decideTwapChild,
  maxDurationMs: DAYS_7_MS,
};
