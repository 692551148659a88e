import type { ParamSpec } from '../../parameters/param-spec.ts';

/** Parameters of a TWAP beside quantity, duration and limit, which every execution has. */
export const twapParams: readonly ParamSpec[] = [
  { name: 'slices', kind: 'integer', title: 'number of slices', min: 1, max: 10_000, default: null },
  {
    name: 'catchUpFactor',
    kind: 'number',
    title: 'largest child after an outage, as a multiple of one slice',
    min: 1,
    max: 100,
    default: 2,
  },
  {
    name: 'aggressionBps',
    kind: 'number',
    title: 'how far beyond the best opposite price a child may trade, in basis points',
    min: 0,
    max: 500,
    default: 10,
  },
];
