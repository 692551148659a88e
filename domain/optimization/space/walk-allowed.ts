import { ASK, type Effort, LOOK, WATCH } from './effort.ts';
import type { SearchSpace } from './search-space.ts';

/**
 * Told of combinations that are allowed: values by axis, of which those from axis `free` on may be any. The array is one that changes:
 * read it, do not keep it.
 */
export type Visitor = (values: Float64Array, free: number) => void;

/** What a walk through a space has met. */
export interface Walked {
  /** Combinations that are allowed. */
  readonly count: number;
  /** Whether the strategy refused one that the constraints allow. */
  readonly isRefusedByStrategy: boolean;
}

/** Combinations under a choice of the first values for which it is worth to ask whether those decide: watching what is asked for is slow. */
const WORTH_ASKING = 16;

/**
 * Goes through all combinations of a space, the highest number first. What the first axes decide is looked at once for all combinations
 * that share their values: constraints between few axes cut whole branches off, and axes that nothing depends on are not gone through.
 * Throws `EffortSpent`.
 */
export function walkAllowed({ axes, exclusion }: SearchSpace, effort: Effort, visit?: Visitor): Walked {
  const depths = axes.length;
  const values = Float64Array.from(axes, ({ at }) => at(0));
  /** Combinations of the axes from each depth on. */
  const below = new Float64Array(depths + 1).fill(1);
  for (let axis = depths - 1; axis >= 0; axis--) below[axis] = below[axis + 1]! * axes[axis]!.count;
  const isFree = Array.from({ length: depths + 1 }, (_, depth) => !exclusion.hasConstraintsBelow(depth));
  let count = 0;
  let isRefusedByStrategy = false;

  /** The strategy's answer for all combinations with the first `depth` values, or `null`. */
  const refused = (depth: number): boolean | null => {
    if (!exclusion.asksStrategy) return false;
    if (depth === depths) {
      effort.spend(ASK);
      return exclusion.refuses(values);
    }
    if (below[depth]! < WORTH_ASKING || !exclusion.mayDecide(depth)) return null;
    effort.spend(WATCH);
    return exclusion.refusesBy(values, depth);
  };
  const descend = (depth: number): void => {
    effort.spend(LOOK);
    if (!exclusion.holdsAt(values, depth)) return;
    const isRefused = isFree[depth]! ? refused(depth) : null;
    if (isRefused === true) {
      isRefusedByStrategy = true;
      return;
    }
    if (isRefused === false) {
      count += below[depth]!;
      visit?.(values, depth);
      return;
    }
    const { at, count: positions } = axes[depth]!;
    for (let position = positions - 1; position >= 0; position--) {
      values[depth] = at(position);
      descend(depth + 1);
    }
    values[depth] = at(0);
  };
  descend(0);
  return { count, isRefusedByStrategy };
}
