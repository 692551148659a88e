import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { ASK, DRAW, Effort, EffortSpent, LOOK } from './effort.ts';
import { permutation } from './permutation.ts';
import { type Found, grouped, nothingLeft, tooMuch } from './sample-problems.ts';
import type { SearchSpace } from './search-space.ts';
import { MOST_SOBOL_DIMENSIONS, sobol } from './sobol.ts';
import { type Visitor, walkAllowed } from './walk-allowed.ts';

/** Which combinations of a space are tried: all, or so many drawn without repetition. */
export type SamplerSpec =
  | { readonly kind: 'grid' }
  /** Each combination is as likely as any other. */
  | { readonly kind: 'random'; readonly count: number }
  /** Evenly spread over the space, in every projection. */
  | { readonly kind: 'sobol'; readonly count: number };

/**
 * The combinations that a job tries, each under a position: a chunk of the work is a range of positions. Nothing is listed; a position may
 * hold no combination (the constraints exclude it, or an earlier one has it), and is passed over.
 */
export interface Sample {
  /** Positions from 0 to `positions - 1`. */
  readonly positions: number;
  /** Combinations among them. */
  readonly total: number;
  /** Combinations that were met and excluded: all there are in a grid, those passed over by a sampler. */
  readonly excluded: number;
  /** Number of the combination at a position, or -1. */
  readonly at: (position: number) => number;
}

/** The most combinations that are drawn by Sobol: those seen before are remembered. */
const MOST_SOBOL_POINTS = 1_000_000;
/** Positions looked at for each combination wanted before a sampler gives up on a space of hardly anything but exclusions. */
const PATIENCE = 1_000;

/** The positions of a sampler without an end, and how far they go. */
interface Stream {
  readonly at: (position: number) => number;
  /** The number that a position stands for, allowed and new or not. */
  readonly numberAt: (position: number) => number;
  readonly end: number;
}

export interface SampleOptions {
  /** What counting may cost. */
  readonly effort?: Effort;
  /** Told of every combination of the sample; of a grid with the highest number first, of draws in their order. */
  readonly visit?: Visitor;
}

/**
 * Makes the sample of a space. Counting what the constraints leave goes through a grid once, and through as many draws as it takes to
 * find the combinations that were asked for.
 *
 * @returns the sample, or what is wrong: constraints that leave nothing, a count that the space cannot give, too many combinations to be
 *   looked at one by one.
 */
export function createSample(
  space: SearchSpace,
  sampler: SamplerSpec,
  seed: number,
  { effort = new Effort(), visit }: SampleOptions = {},
): Sample | FieldProblem {
  const problem = samplerProblem(space, sampler);
  if (problem !== null) return problem;
  const counter: Counter = { space, effort, visit, found: 0, looked: 0 };
  try {
    return sampler.kind === 'grid' ? everything(counter) : drawn(counter, sampler, seed);
  } catch (error) {
    if (!(error instanceof EffortSpent)) throw error;
    return tooMuch(counter, sampler, error.isOnLines);
  }
}

interface Counter extends Found {
  readonly effort: Effort;
  readonly visit: Visitor | undefined;
  found: number;
  looked: number;
}

/** The combination at each position of a sample that `createSample` has made of the same arguments; nothing is counted again. */
export function sampleAt(space: SearchSpace, sampler: SamplerSpec, seed: number): Sample['at'] {
  return sampler.kind === 'grid' ? allowedIn(space) : streamOf(space, sampler, seed).at;
}

function samplerProblem(space: SearchSpace, sampler: SamplerSpec): FieldProblem | null {
  if (sampler.kind === 'grid') return null;
  const { count } = sampler;
  const problem = (field: string, value: unknown, message: string): FieldProblem => ({ field, value, message });
  if (!Number.isSafeInteger(count) || count < 1)
    return problem('sampler.count', count, 'give a whole number of at least 1');
  if (count > space.size) {
    return problem(
      'sampler.count',
      count,
      `the space has ${space.size} combinations: give at most that, or take the grid`,
    );
  }
  if (sampler.kind === 'random') return null;
  if (count > MOST_SOBOL_POINTS) return problem('sampler.count', count, `give at most ${MOST_SOBOL_POINTS}`);
  if (space.axes.length > MOST_SOBOL_DIMENSIONS) {
    return problem(
      'sampler.kind',
      sampler.kind,
      `it spreads over at most ${MOST_SOBOL_DIMENSIONS} parameters: take "random"`,
    );
  }
  return null;
}

const allowedIn =
  (space: SearchSpace): Sample['at'] =>
  (position) =>
    space.allows(position) ? position : -1;

function everything({ space, effort, visit }: Counter): Sample | FieldProblem {
  const { count, isRefusedByStrategy } = walkAllowed(space, effort, visit);
  if (count === 0) return nothingLeft(space, isRefusedByStrategy, 'all');
  return { positions: space.size, total: count, excluded: space.size - count, at: allowedIn(space) };
}

/** As much of a stream as holds so many combinations. */
function drawn(counter: Counter, sampler: Drawing, seed: number): Sample | FieldProblem {
  const { space, effort, visit } = counter;
  const { at, numberAt, end } = streamOf(space, sampler, seed, counter);
  const costs = costOf(space);
  let [total, excluded, positions] = [0, 0, 0];
  for (; total < sampler.count && positions < end; positions++) {
    effort.spend(costs);
    const index = at(positions);
    if (index >= 0) {
      total += 1;
      visit?.(space.valuesAt(index), space.axes.length);
    } else if (!space.allows(numberAt(positions))) excluded += 1;
    counter.found = Math.max(counter.found, total);
    counter.looked = Math.max(counter.looked, positions + 1);
  }
  if (total > 0) return { positions, total, excluded, at };
  // It may be that there is none, which is another thing than to have found none.
  const all = walkAllowed(space, effort);
  if (all.count === 0) return nothingLeft(space, all.isRefusedByStrategy, 'all');
  return nothingLeft(space, all.isRefusedByStrategy, `the first ${grouped(positions)} drawn of`);
}

/** What it costs to draw one combination. */
function costOf({ exclusion, constraints }: SearchSpace): number {
  return DRAW + LOOK * constraints.length + (exclusion.asksStrategy ? ASK : 0);
}

type Drawing = Exclude<SamplerSpec, { kind: 'grid' }>;

/** @param counter counts what looking costs; absent where that was done before. */
function streamOf(space: SearchSpace, sampler: Drawing, seed: number, counter?: Counter): Stream {
  return sampler.kind === 'random' ? randomStream(space, seed) : sobolStream(space, sampler.count, seed, counter);
}

function randomStream(space: SearchSpace, seed: number): Stream {
  const order = permutation(space.size, seed);
  return {
    at: (position) => {
      const index = order(position);
      return space.allows(index) ? index : -1;
    },
    numberAt: order,
    end: space.size,
  };
}

function sobolStream(space: SearchSpace, count: number, seed: number, counter?: Counter): Stream {
  const generator = xoroshiro128plus(seed);
  const shift = space.axes.map(() => uniformInt(generator, -0x80000000, 0x7fffffff));
  const point = sobol(space.axes.length, shift);
  const place = new Float64Array(space.axes.length);
  const positions = new Int32Array(space.axes.length);
  const indexAt = (i: number): number => {
    point(i, place);
    for (const [axis, { count: values }] of space.axes.entries()) positions[axis] = Math.floor(place[axis]! * values);
    return space.indexAt(positions);
  };
  // Several points may fall on one combination: the first has it.
  const firstAt = new Map<number, number>();
  const end = Math.min(count * PATIENCE, 0xffffffff);
  const costs = costOf(space);
  for (let i = 0, found = 0; i < end && found < count; i++) {
    if (counter !== undefined) {
      counter.effort.spend(costs);
      [counter.found, counter.looked] = [found, i + 1];
    }
    const index = indexAt(i);
    if (firstAt.has(index) || !space.allows(index)) continue;
    firstAt.set(index, i);
    found += 1;
  }
  return {
    at: (position) => {
      const index = indexAt(position);
      return firstAt.get(index) === position ? index : -1;
    },
    numberAt: indexAt,
    end,
  };
}
