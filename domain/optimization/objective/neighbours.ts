import type { SearchSpace } from '../space/search-space.ts';
import { nearestPoints } from './nearest-points.ts';

/** For each trial the trials beside it: those of trial k are `ordinals[k * most]` to the first -1, at most `most`. */
export interface Neighbours {
  readonly most: number;
  readonly ordinals: Int32Array;
}

/**
 * Neighbours of the trials of a grid: one step up and down on each axis, as far as they were tried.
 *
 * @param indices numbers of the combinations, rising.
 */
export function gridNeighbours(space: SearchSpace, indices: Float64Array): Neighbours {
  const { axes } = space;
  const most = 2 * axes.length;
  const ordinals = new Int32Array(indices.length * most).fill(-1);
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((product, { count }) => product * count, 1));
  const positions = new Int32Array(axes.length);
  for (let k = 0; k < indices.length; k++) {
    space.positionsAt(indices[k]!, positions);
    let next = k * most;
    for (let axis = 0; axis < axes.length; axis++) {
      const stride = strides[axis]!;
      const lower = positions[axis]! > 0 ? ordinalOf(indices, indices[k]! - stride) : -1;
      if (lower >= 0) ordinals[next++] = lower;
      const upper = positions[axis]! + 1 < axes[axis]!.count ? ordinalOf(indices, indices[k]! + stride) : -1;
      if (upper >= 0) ordinals[next++] = upper;
    }
  }
  return { most, ordinals };
}

/** Place of a number in rising numbers, -1 when it is not among them. */
function ordinalOf(indices: Float64Array, index: number): number {
  let low = 0;
  let high = indices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indices[middle]! < index) low = middle + 1;
    else high = middle;
  }
  return indices[low] === index ? low : -1;
}

/** Neighbours of drawn trials: as many of the nearest as a grid has, by distance in shares of each axis's range. */
export function sampleNeighbours(space: SearchSpace, indices: Float64Array): Neighbours {
  const { axes } = space;
  const most = 2 * axes.length;
  const points = new Float64Array(indices.length * axes.length);
  const positions = new Int32Array(axes.length);
  for (let k = 0; k < indices.length; k++) {
    space.positionsAt(indices[k]!, positions);
    for (let axis = 0; axis < axes.length; axis++) {
      points[k * axes.length + axis] = positions[axis]! / Math.max(1, axes[axis]!.count - 1);
    }
  }
  return { most, ordinals: nearestPoints(points, axes.length, most) };
}
