import type { ParamSpec } from '../parameters/param-spec.ts';

/** The longest period that TA-Lib takes, in bars. */
const LONGEST = 100_000;

/** A count of bars, in TA-Lib's range: from `min` (2 for what needs a past, 1 for what does not) to 100,000. */
export function periodParam(name: string, title: string, min: 1 | 2, standard: number): ParamSpec {
  return { name, kind: 'integer', title, min, max: LONGEST, default: standard };
}
