import type { ObjectiveSpec } from '../spec.ts';
import { findObjectiveMetric, type RowAt } from './metrics.ts';

/** Beside the metrics, where an objective asks for so many trades: it may weigh their number as well. */
export const CLOSED_TRADES = 'closedTrades';

/** The metrics that an objective reads off a row, in a fixed order; the number of trades last where it asks for so many. */
export function componentNames({ weights, minTrades }: ObjectiveSpec): readonly string[] {
  return [...Object.keys(weights), ...(minTrades > 0 ? [CLOSED_TRADES] : [])];
}

/** Names of the further numbers of a result row: the components of each fold's training part. */
export function foldColumns(objective: ObjectiveSpec, folds: number): readonly string[] {
  const names = componentNames(objective);
  return Array.from({ length: folds }, (_, k) => names.map((name) => `fold${k}_${name}`)).flat();
}

/** Makes the function that writes an objective's components of one row. */
export function componentWriter(objective: ObjectiveSpec): (row: RowAt, out: Float64Array, at: number) => void {
  const metrics = componentNames(objective).map((name) => {
    const metric = findObjectiveMetric(name === CLOSED_TRADES ? 'trades' : name);
    if (metric === undefined) throw new RangeError(`no metric "${name}" that combinations can be ranked by`);
    return metric.of;
  });
  return (row, out, at) => {
    for (let c = 0; c < metrics.length; c++) out[at + c] = metrics[c]!(row);
  };
}
