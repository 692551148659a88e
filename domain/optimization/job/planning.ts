import type { DurationMs } from '../../market/decimal.ts';
import { createAxis, isAxis } from '../space/axis.ts';
import type { OptimizationSpec } from '../spec.ts';
import type { OptimizationProblem } from './problem.ts';

/** Combinations that are counted within a fraction of a second, whatever is asked about each. */
const SOON_COUNTED = 100_000;

/** Combinations that the axes of a spec span, before constraints. */
function sizeOf({ space }: OptimizationSpec): number {
  return Object.entries(space)
    .map(([name, axis]) => createAxis(name, axis))
    .reduce((size, axis) => size * (isAxis(axis) ? axis.count : 1), 1);
}

/** Whether planning may have to look at so many combinations that it takes seconds. A sample without constraints needs no looking for. */
export function isSlowToPlan(spec: OptimizationSpec): boolean {
  return (spec.sampler.kind === 'grid' || spec.constraints.length > 0) && sizeOf(spec) > SOON_COUNTED;
}

/** What is said when planning was given up: its size, its constraints, and a way out. */
export function planningTooLong(spec: OptimizationSpec, withinMs: DurationMs): OptimizationProblem {
  const { constraints, backtest, sampler } = spec;
  const size = sizeOf(spec).toLocaleString('en-US');
  const under = constraints.length === 0 ? '' : ` under ${constraints.map((text) => `"${text}"`).join(' and ')}`;
  const ways = [
    'vary fewer parameters or take larger steps',
    ...(sampler.kind === 'grid' ? ['draw a sample, e.g. sampler {"kind": "sobol", "count": 10000}'] : []),
    ...('file' in backtest.strategy
      ? [
          'let the strategy name what its warm-up rises with (warmUpRisesWith), and look for a loop without an end in it',
        ]
      : []),
  ].join('; ');
  const message = `to plan ${size} combinations${under} took more than ${withinMs / 1000} s and was given up: ${ways}`;
  const field = constraints.length === 0 ? 'space' : 'constraints';
  const value = constraints.length === 0 ? sizeOf(spec) : constraints;
  return { code: 'INVALID_SPEC', detail: `${field}: ${message}`, errors: [{ field, value, message }], place: null };
}
