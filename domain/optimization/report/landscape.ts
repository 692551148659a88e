import { type AxisSpec, createAxis } from '../space/axis.ts';
import type { HeatMap, TrialSummary } from '../result.ts';

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
