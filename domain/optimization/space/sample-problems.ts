import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { SamplerSpec } from './sampler.ts';
import type { SearchSpace } from './search-space.ts';

/** How far a sampler came before it gave up: combinations that it found, and positions that it looked at. */
export interface Found {
  readonly space: SearchSpace;
  readonly found: number;
  readonly looked: number;
}

/**
 * What is said when nothing is left to try.
 *
 * @param looked which combinations were looked at: `all`, or `the first 100 drawn of`.
 */
export function nothingLeft(
  { constraints, size }: SearchSpace,
  isRefusedByStrategy: boolean,
  looked: string,
): FieldProblem {
  const those = `${looked} ${grouped(size)} combinations`;
  if (constraints.length === 0) {
    return { field: 'space', value: size, message: `the strategy itself refuses ${those}: widen a range` };
  }
  const who = isRefusedByStrategy ? 'the constraints and the strategy, which refuses the rest,' : 'the constraints';
  return { field: 'constraints', value: constraints, message: `${who} exclude ${those}: loosen one or widen a range` };
}

/** What is said when the effort is spent: how large it is, what it is about, and a way out. */
export function tooMuch({ space, found, looked }: Found, sampler: SamplerSpec, isOnLines: boolean): FieldProblem {
  const { constraints, size } = space;
  const fewer = 'vary fewer parameters, take larger steps';
  if (isOnLines) {
    const message =
      `to ask the strategy for the lines of each of ${grouped(size)} combinations takes too long before a start: let it name the parameters ` +
      `that its warm-up rises with (warmUpRisesWith), ${fewer}, or draw a smaller sample`;
    return { field: 'space', value: size, message };
  }
  const told =
    constraints.length === 0 ? 'what the strategy takes' : constraints.map((text) => `"${text}"`).join(' and ');
  const about =
    constraints.length === 0 ? { field: 'space', value: size } : { field: 'constraints', value: constraints };
  const ways = `${fewer}, or give only values that can fulfil it, as a shorter range or a list`;
  if (sampler.kind === 'grid') {
    const message =
      `to find out which of ${grouped(size)} combinations fulfil ${told} takes too long before a start: ${ways}; ` +
      'or draw a sample, e.g. sampler {"kind": "sobol", "count": 10000}';
    return { ...about, message };
  }
  const less = found === 0 ? '' : `; or give a sampler.count of at most ${grouped(found)}`;
  return {
    ...about,
    message:
      `of ${grouped(size)} combinations the first ${grouped(looked)} drawn hold ${grouped(found)} of the ${grouped(sampler.count)} wanted ` +
      `that fulfil ${told}, and to look at more takes too long before a start: ${ways}${less}`,
  };
}

export const grouped = (count: number): string => count.toLocaleString('en-US');
