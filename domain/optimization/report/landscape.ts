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

/** Position of a value on a picture's axis: a cell holds all values from its own up to the next cell's. `null` for a value before the first. */
export function cellOf(values: readonly number[], value: number): number | null {
  const exact = values.indexOf(value);
  if (exact >= 0) return exact;
  const below = values.filter((each) => each < value);
  return below.length === 0 ? null : values.indexOf(Math.max(...below));
}

/** Column and row of the chosen combination in a heat map; `null` where it has none. */
export function chosenCell({ x, y }: HeatMap, best: TrialSummary | null): readonly [x: number, y: number] | null {
  if (best === null) return null;
  const column = cellOf(x.values, best.params[x.name] ?? Number.NaN);
  const row = cellOf(y.values, best.params[y.name] ?? Number.NaN);
  return column === null || row === null ? null : [column, row];
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
