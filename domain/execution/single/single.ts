import type { Algorithm } from '../algorithm.ts';
import { checkSingle } from './check.ts';
import { decideSingle } from './decide.ts';
import { singleParams } from './params.ts';
import { SINGLE_MAX_DURATION_MS, singleSchedule } from './schedule.ts';

/** How long a marketable order is tried. */
const MARKETABLE_DURATION_MS = 30_000;

/** One order: marketable, a limit that rests, or a stop. */
export const single: Algorithm = {
  name: 'single',
  title: 'Single order',
  params: singleParams,
  schedule: singleSchedule,
  check: checkSingle,
  decide: decideSingle,
  maxDurationMs: SINGLE_MAX_DURATION_MS,
  defaultDurationMs: ({ kind }) =>
    kind === 'limit' || kind === 'stop' ? SINGLE_MAX_DURATION_MS : MARKETABLE_DURATION_MS,
};
