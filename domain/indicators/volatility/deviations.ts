import type { ParamSpec } from '../../parameters/param-spec.ts';

/** TA-Lib's largest number for a parameter. */
const LARGEST = 3e37;

/** A count of standard deviations, in TA-Lib's range. */
export function deviationsParam(name: string, title: string, standard: number): ParamSpec {
  return { name, kind: 'number', title, min: -LARGEST, max: LARGEST, default: standard };
}
