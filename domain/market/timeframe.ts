import type { DurationMs } from './decimal.ts';

/** Length of a bar as text: a whole number and a unit, e.g. `"1m"`, `"15m"`, `"4h"`, `"1d"`, `"1w"`. */
export type Timeframe = string;

const UNIT_MS: Readonly<Record<string, DurationMs>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const TIMEFRAME = /^([1-9]\d{0,3})([smhdw])$/;

/** Whether `value` is a timeframe that we know. */
export function isTimeframe(value: unknown): value is Timeframe {
  return typeof value === 'string' && TIMEFRAME.test(value);
}

/** The length of one bar. Throws a `RangeError` that names the text when it is no timeframe. */
export function timeframeMs(timeframe: Timeframe): DurationMs {
  const match = TIMEFRAME.exec(timeframe);
  if (match === null) {
    throw new RangeError(`"${timeframe}" is no timeframe: give a number and s, m, h, d or w, for example "15m"`);
  }
  return Number(match[1]) * UNIT_MS[match[2] as string]!;
}
