import { median } from '../objective/plateau.ts';
import type { HeatMap, Slice } from '../result.ts';
import type { Axis } from '../space/axis.ts';
import type { SearchSpace } from '../space/search-space.ts';
import { isBetter, type Ranking } from '../trials/ranking.ts';

/** Cells of an axis in a map and in a slice: what a picture can show. */
const MOST_CELLS = 40;
const MOST_STEPS = 200;
const MOST_PAIRS = 10;

/** An axis of a picture: values of the parameter that begin its cells. */
interface Cells {
  readonly name: string;
  readonly axis: number;
  readonly count: number;
  readonly values: readonly number[];
  readonly cellOf: (position: number) => number;
  /** Whether a cell may hold several values. */
  readonly isBinned: boolean;
  readonly at: (position: number) => number;
}

function cellsOf({ name, count, at }: Axis, axis: number, most: number): Cells {
  const cells = Math.min(count, most);
  const cellOf = (position: number): number => Math.floor((position * cells) / count);
  const values = Array.from({ length: cells }, (_, cell) => at(Math.ceil((cell * count) / cells)));
  return { name, axis, count: cells, values, cellOf, isBinned: cells < count, at };
}

/** Scores of the trials by cell: each trial's own, and that of its neighbourhood beside them. */
interface Cell {
  readonly best: number | null;
  readonly median: number | null;
  readonly plateau: number | null;
  /** Values of the best on the axes of the picture, in their order; `null` where it has none. */
  readonly bestAt: readonly number[] | null;
  readonly trials: number;
}

/** Score maps of all pairs of parameters that vary, at most ten. */
export function heatMapsOf({ table, own, plateau }: Ranking): readonly HeatMap[] {
  const { space } = table.prepared;
  const axes = varied(space, MOST_CELLS);
  const pairs = axes.flatMap((x, i) => axes.slice(i + 1).map((y) => ({ x, y })));
  return pairs.slice(0, MOST_PAIRS).map(({ x, y }) => {
    const cells = group(space, table.indices, [y, x], own, plateau);
    const rows = <T>(read: (cell: Cell) => T): T[][] =>
      Array.from({ length: y.count }, (_, row) => cells.slice(row * x.count, (row + 1) * x.count).map(read));
    return {
      x: { name: x.name, values: x.values },
      y: { name: y.name, values: y.values },
      best: rows((cell) => cell.best),
      median: rows((cell) => cell.median),
      plateau: rows((cell) => cell.plateau),
      bestAt:
        x.isBinned || y.isBinned
          ? rows(({ bestAt }) => (bestAt === null ? null : ([bestAt[1]!, bestAt[0]!] as const)))
          : null,
    };
  });
}

/** Scores over each parameter that varies. */
export function slicesOf({ table, own, plateau }: Ranking): readonly Slice[] {
  const { space } = table.prepared;
  return varied(space, MOST_STEPS).map((axis) => {
    const cells = group(space, table.indices, [axis], own, plateau);
    return {
      name: axis.name,
      values: axis.values,
      best: cells.map((cell) => cell.best),
      median: cells.map((cell) => cell.median),
      plateau: cells.map((cell) => cell.plateau),
      bestAt: axis.isBinned ? cells.map(({ bestAt }) => bestAt?.[0] ?? null) : null,
      trials: cells.map((cell) => cell.trials),
    };
  });
}

function varied({ axes }: SearchSpace, most: number): readonly Cells[] {
  return axes.map((axis, k) => cellsOf(axis, k, most)).filter(({ count }) => count > 1);
}

/** Groups the trials by cell, the last axis fastest: sorted by cell in one array, then each cell by itself. */
function group(
  space: SearchSpace,
  indices: Float64Array,
  axes: readonly Cells[],
  scores: Float64Array,
  plateau: Float64Array,
): readonly Cell[] {
  const size = axes.reduce((product, { count }) => product * count, 1);
  const cellOf = new Int32Array(indices.length);
  const ends = new Int32Array(size + 1);
  const defined = new Int32Array(size);
  const highest = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const best = new Int32Array(size).fill(-1);
  const positions = new Int32Array(space.axes.length);
  for (let k = 0; k < indices.length; k++) {
    space.positionsAt(indices[k]!, positions);
    let cell = 0;
    for (const { axis, count, cellOf: part } of axes) cell = cell * count + part(positions[axis]!);
    cellOf[k] = cell;
    ends[cell + 1]! += 1;
    if (plateau[k]! > highest[cell]!) highest[cell] = plateau[k]!;
    // The comparison is false with the NaN of a trial without a score, which so never is the best.
    const known = best[cell]!;
    if (known < 0 ? !Number.isNaN(scores[k]!) : isBetter(scores, indices, k, known)) best[cell] = k;
  }
  for (let cell = 0; cell < size; cell++) ends[cell + 1]! += ends[cell]!;
  const values = new Float64Array(indices.length);
  for (let k = 0; k < indices.length; k++) {
    const cell = cellOf[k]!;
    if (!Number.isNaN(scores[k]!)) values[ends[cell]! + defined[cell]!++] = scores[k]!;
  }
  return Array.from({ length: size }, (_, cell) => {
    const own = values.subarray(ends[cell], ends[cell]! + defined[cell]!);
    const trials = ends[cell + 1]! - ends[cell]!;
    if (own.length === 0) return { best: null, median: null, plateau: null, bestAt: null, trials };
    const middle = median(own);
    space.positionsAt(indices[best[cell]!]!, positions);
    const bestAt = axes.map(({ axis, at }) => at(positions[axis]!));
    return { best: own.at(-1)!, median: middle, plateau: highest[cell]!, bestAt, trials };
  });
}
