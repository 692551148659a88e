/** How a peer does a workload. */
export interface PeerCase {
  /** Package, whose version is told with the figures. */
  readonly name: string;
  /** Module and function, e.g. `vectorbt_cases/sma_grid`. */
  readonly case: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Our options for the comparison of results, where the peer cannot do exactly what is timed. */
  readonly comparedWith?: Readonly<Record<string, unknown>>;
}

/** Bars that a workload runs on, by name. */
export type BarsName = 'days' | 'minutes-200k' | 'minutes-200k-fine' | 'minutes-1m' | 'minutes-10m';

/** Figures that time is told in, and whether more is better. */
export type Unit =
  | 'combos/s'
  | 'bars/s'
  | 'ms'
  | 'ns/bar'
  | 's'
  | 'MB'
  | 'MB/min'
  | '%'
  | 'rows/s'
  | 'slices/s'
  | 'requests/s'
  | 'events';

/** One thing that is measured, the same for ours and for every peer. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly bars: BarsName;
  /** Combinations or passes of a run: what the time of a run is divided by. */
  readonly amount: number;
  readonly ours: { readonly case: string; readonly options: Readonly<Record<string, unknown>> };
  readonly peers: readonly PeerCase[];
  /** Names of the numbers of a result row, in order. */
  readonly columns: readonly string[];
  /** Largest relative difference at which results count as equal. */
  readonly tolerance: number;
  /** Leading rows that are not compared, e.g. those that a peer fills with zeros while it warms up. */
  readonly skipRows?: number;
}

/** A figure from the time of a run over `bars` bars. */
export function figureOf({ unit, amount }: Pick<Workload, 'unit' | 'amount'>, elapsedMs: number, bars: number): number {
  switch (unit) {
    case 'combos/s':
      return (amount / elapsedMs) * 1_000;
    case 'bars/s':
      return ((amount * bars) / elapsedMs) * 1_000;
    case 'ms':
      return elapsedMs / amount;
    case 'ns/bar':
      return (elapsedMs * 1e6) / (amount * bars);
    case 's':
      return elapsedMs / 1_000 / amount;
    case 'MB':
    case 'MB/min':
    case '%':
    case 'rows/s':
    case 'slices/s':
    case 'requests/s':
    case 'events':
      throw new RangeError(`${unit} does not follow from the time of a run`);
  }
}

/** How many times as good ours is as the peer: above 1 ours is faster, or needs less. */
export function ratioOf(unit: Unit, ours: number, peer: number): number {
  return unit.endsWith('/s') ? ours / peer : peer / ours;
}
