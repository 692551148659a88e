import type { ColumnStore } from './column-store.ts';
import type { SignalProgram } from './signal-program.ts';

/** A moving average of which only the current tile is kept: bar i lies at `values[i - origin]`. */
export interface StreamedColumn {
  readonly period: number;
  readonly values: Float64Array;
  origin: number;
}

/**
 * Simple moving averages of one series, tile by tile from bar 0 on, with the bits of whole columns: for runs of so few combinations that
 * the memory of whole columns costs more than computing them.
 */
export class StreamedAverages {
  readonly columns: readonly StreamedColumn[];
  readonly #source: Float64Array;
  readonly #history: number;
  /** Running sums of the source over the tile and the bars before it that the longest window reaches back to. */
  readonly #sums: Float64Array;
  readonly #shift: number;
  #sum = 0;
  #next = 0;

  /**
   * @param source without NaN.
   * @param shift the most bars before a tile that are read of an average.
   */
  constructor(source: Float64Array, periods: readonly number[], tileBars: number, shift: number) {
    this.#source = source;
    this.#shift = shift;
    this.#history = Math.max(0, ...periods);
    this.#sums = new Float64Array(this.#history + tileBars);
    this.columns = periods.map((period) => ({
      period,
      values: new Float64Array(shift + tileBars).fill(Number.NaN),
      origin: 0,
    }));
  }

  /** Moves on to bars `from` to `to` (not included), which follow those of the call before; the first call begins at bar 0. */
  moveTo(from: number, to: number): void {
    const sums = this.#sums;
    const source = this.#source;
    const kept = this.#history;
    // The sums before the tile: those of the tile before, moved down. Before bar 0 there are none, and their sum is 0.
    const last = from - this.#next;
    sums.copyWithin(0, last, last + kept);
    let sum = this.#sum;
    for (let i = from, k = kept; i < to; i++, k++) {
      sum += source[i]!;
      sums[k] = sum;
    }
    this.#sum = sum;
    for (const column of this.columns) this.#fill(column, from, to, last);
    this.#next = from;
  }

  #fill(column: StreamedColumn, from: number, to: number, last: number): void {
    const { values, period } = column;
    const shift = this.#shift;
    values.copyWithin(0, last, last + shift);
    const warm = Math.min(to, Math.max(from, period - 1));
    values.fill(Number.NaN, shift, shift + warm - from);
    const first = this.#history + warm - from;
    average(this.#sums, first, period, values, shift + warm - from, to - warm);
    column.origin = from - shift;
  }
}

function average(
  sums: Float64Array,
  first: number,
  period: number,
  values: Float64Array,
  target: number,
  bars: number,
): void {
  for (let k = 0; k < bars; k++) values[target + k] = (sums[first + k]! - sums[first + k - period]!) / period;
}

/** Streams of the averages among the columns of programs. */
export interface Streams {
  readonly columns: ReadonlyMap<number, StreamedColumn>;
  readonly averages: readonly StreamedAverages[];
}

/** Prepares a stream for each moving average that the programs read and the store has not computed. */
export function streamAverages(store: ColumnStore, programs: readonly SignalProgram[], tileBars: number): Streams {
  const periods = new Map<Float64Array, Map<number, number>>();
  let shift = 0;
  for (const { relations, columnIds } of programs) {
    for (const { a, b } of relations) shift = Math.max(shift, a.shift, b === null ? 0 : b.shift);
    for (const id of columnIds) {
      const average = store.averageOf(id);
      if (average === null) continue;
      const ofSource = periods.get(average.source) ?? new Map<number, number>();
      periods.set(average.source, ofSource.set(id, average.period));
    }
  }
  const columns = new Map<number, StreamedColumn>();
  const averages = Array.from(periods, ([source, ofSource]) => {
    const stream = new StreamedAverages(source, [...ofSource.values()], tileBars, shift);
    [...ofSource.keys()].forEach((id, k) => columns.set(id, stream.columns[k]!));
    return stream;
  });
  return { columns, averages };
}
