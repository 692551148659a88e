import type { ChoiceSpec, ParamSpec } from '../../parameters/param-spec.ts';
import { CATCH_UP_POLICIES } from '../child-quantity.ts';
import { CROSS_AFTER, STYLES } from '../style.ts';

/** Parameters of a TWAP beside quantity, duration and limit, which every execution has. */
export const twapParams: readonly (ParamSpec | ChoiceSpec)[] = [
  { name: 'slices', kind: 'integer', title: 'number of slices', min: 1, max: 10_000, default: null },
  {
    name: 'catchUp',
    kind: 'choice',
    title:
      'how missed quantity is made up: skip = the next slice takes it, spread = all slices left share it (both at most catchUpFactor slices at a time), burst = the next slice takes all of it',
    choices: CATCH_UP_POLICIES,
    default: 'skip',
  },
  {
    name: 'catchUpFactor',
    kind: 'number',
    title: 'largest child after an outage, as a multiple of one slice; without effect for catchUp burst',
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
  {
    name: 'jitterTime',
    kind: 'number',
    title: 'by how much of half a slice interval a slice may come earlier or later, drawn from the execution id',
    min: 0,
    max: 0.99,
    default: 0,
  },
  {
    name: 'jitterSize',
    kind: 'number',
    title: 'by how many slices the cumulative quantity may run ahead or behind, drawn from the execution id',
    min: 0,
    max: 0.99,
    default: 0,
  },
  {
    name: 'maxParticipation',
    kind: 'number',
    title:
      'largest share of the volume of the last slice interval that a slice may be, own trades included; 1 = no bound',
    min: 0.0001,
    max: 1,
    default: 1,
  },
  {
    name: 'style',
    kind: 'choice',
    title:
      'taker = trade at once; maker-first = wait at the touch as a post-only order, and cross what is left at crossAfter',
    choices: STYLES,
    default: 'taker',
  },
  {
    name: 'crossAfter',
    kind: 'number',
    title: 'share of the slice interval after which a maker-first slice crosses the spread',
    min: 0.1,
    max: 0.95,
    default: CROSS_AFTER,
  },
];
