import { type AxisSpec, createAxis } from '../space/axis.ts';
import type { HeatMap, OptimizationPictures, TrialSummary } from '../result.ts';

/** A place in a picture of scores: a value for each of its one or two parameters, and the scores there. */
export interface Place {
  readonly values: readonly number[];
  readonly best: number | null;
  readonly median: number | null;
  /** The best score of a neighbourhood there. */
  readonly plateau: number | null;
}

/** The highest score of a picture beside the best neighbourhood: where they lie apart, the highest may be luck. */
export interface PlateauAgainstPeak {
  readonly names: readonly string[];
  readonly peak: Place;
  readonly plateau: Place;
}

/** Cell of a value on a picture's axis of so many cells: cells hold equal stretches of the parameter's values. `null` for a value it has not. */
export function cellOf(spec: AxisSpec, cells: number, value: number): number | null {
  const axis = createAxis('', spec);
  if (!('count' in axis)) return null;
  const position = 'values' in spec ? spec.values.indexOf(value) : Math.round((value - spec.min) / spec.step);
  return position >= 0 && position < axis.count ? Math.floor((position * cells) / axis.count) : null;
}

/** Column and row of the chosen combination in a heat map; `null` where it has none. */
export function chosenCell(
  { x, y }: Pick<HeatMap, 'x' | 'y'>,
  space: Readonly<Record<string, AxisSpec>>,
  best: TrialSummary | null,
): readonly [x: number, y: number] | null {
  if (best === null) return null;
  const [column, row] = [x, y].map(({ name, values }) =>
    cellOf(space[name]!, values.length, best.params[name] ?? Number.NaN),
  );
  return column == null || row == null ? null : [column, row];
}

/** All places of a heat map, row by row. */
function placesOf({ x, y, best, median, plateau }: HeatMap): readonly Place[] {
  return y.values.flatMap((yValue, row) =>
    x.values.map((xValue, column) => ({
      values: [xValue, yValue],
      best: best[row]?.[column] ?? null,
      median: median[row]?.[column] ?? null,
      plateau: plateau[row]?.[column] ?? null,
    })),
  );
}

/** The place with the highest of one of its scores, the first of equals; `null` when none is defined. */
function highest(places: readonly Place[], score: 'best' | 'plateau'): Place | null {
  let found: Place | null = null;
  for (const place of places) {
    const value = place[score];
    if (value !== null && (found === null || value > found[score]!)) found = place;
  }
  return found;
}

/** Peak and plateau of each picture: of the heat maps, or of the slices where there is but one parameter. */
export function plateausAgainstPeaks({ heatMaps, slices }: OptimizationPictures): readonly PlateauAgainstPeak[] {
  const pictures =
    heatMaps.length > 0
      ? heatMaps.map((map) => ({ names: [map.x.name, map.y.name], places: placesOf(map) }))
      : slices.map(({ name, values, best, median, plateau }) => ({
          names: [name],
          places: values.map((value, i) => ({
            values: [value],
            best: best[i] ?? null,
            median: median[i] ?? null,
            plateau: plateau[i] ?? null,
          })),
        }));
  return pictures.flatMap(({ names, places }) => {
    const peak = highest(places, 'best');
    const plateau = highest(places, 'plateau');
    return peak === null || plateau === null ? [] : [{ names, peak, plateau }];
  });
}
