import { parseNumber } from '../market/csv-number.ts';
import { cellText, type CsvCells, CsvRows } from '../market/csv-rows.ts';
import { type ColumnMapping, type CsvLayout, layoutOf } from '../market/csv-layout.ts';
import { type LocalClock, parseStamp } from '../market/csv-stamp.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { InputName } from './indicator.ts';

/** The bars of a CSV file as columns, whatever their length: indicators count bars, not time. */
export interface BarTable {
  /** Name of the first column, and its cells as they stand in the file. */
  readonly stampName: string;
  readonly stamps: readonly string[];
  /** `volume` is there when the file has one. */
  readonly columns: Readonly<Partial<Record<InputName, Float64Array>>>;
}

export type ParsedBarTable =
  | { readonly ok: true; readonly table: BarTable }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Problems beyond this many are not told one by one. */
const MOST_PROBLEMS = 20;
const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const;

export interface BarTableOptions {
  /** Which column is which, where the names do not say it. */
  readonly columns?: ColumnMapping;
  /** The clock of stamps without an offset; UTC by default. */
  readonly clock?: LocalClock;
}

/** Reads the bytes of a CSV file of bars in rising time. Each problem names its line and column. */
export function readBarTable(bytes: Uint8Array, options: BarTableOptions = {}): ParsedBarTable {
  const reader = new TableReader(options);
  const rows = new CsvRows((line, cells) => {
    if (reader.problems.length < MOST_PROBLEMS) reader.take(line, cells);
  });
  rows.push(bytes);
  rows.finish();
  return reader.finish();
}

class TableReader {
  readonly problems: FieldProblem[] = [];
  readonly #stamps: string[] = [];
  readonly #values: number[][] = [[], [], [], [], [], []];
  #layout: CsvLayout | null = null;
  #previous = Number.NEGATIVE_INFINITY;
  readonly #mapping: ColumnMapping;
  readonly #clock: LocalClock;

  constructor({ columns = {}, clock = (local) => local }: BarTableOptions) {
    this.#mapping = columns;
    this.#clock = clock;
  }

  take(line: number, cells: CsvCells | string): void {
    if (typeof cells === 'string') return this.#report(line, 'row', null, cells);
    if (this.#layout === null) {
      if (this.problems.length > 0) return;
      this.#layout = this.#layoutOf(cells);
      if (this.#layout === null || this.#layout.hasHeader) return;
    }
    this.#takeRow(line, cells, this.#layout);
  }

  finish(): ParsedBarTable {
    if (this.problems.length === 0 && this.#stamps.length === 0) {
      this.problems.push({ field: 'data', value: null, message: 'the file has no row; it must hold at least one bar' });
    }
    if (this.problems.length > 0) return { ok: false, problems: this.problems };
    const layout = this.#layout!;
    const [time, ...prices] = this.#values.map((values) => Float64Array.from(values));
    const named = PRICES.flatMap((name, k) => (layout.positions[k + 1]! < 0 ? [] : [[name, prices[k]!] as const]));
    const stampName = layout.hasHeader ? layout.names[0]! : 'timestamp';
    return {
      ok: true,
      table: { stampName, stamps: this.#stamps, columns: { time: time!, ...Object.fromEntries(named) } },
    };
  }

  #layoutOf(cells: CsvCells): CsvLayout | null {
    const row = Array.from({ length: cells.count }, (_, index) => cellText(cells, index));
    const found = layoutOf(row, this.#mapping);
    if ('layout' in found) return found.layout;
    this.problems.push(...found.problems);
    return null;
  }

  #takeRow(line: number, cells: CsvCells, layout: CsvLayout): void {
    if (cells.count !== layout.columns) {
      return this.#report(line, 'row', null, `${cells.count} columns where ${layout.columns} are expected`);
    }
    const { bytes, starts, ends } = cells;
    layout.positions.forEach((position, column) => {
      if (position < 0) return;
      const [from, to] = [starts[position]!, ends[position]!];
      const value = column === 0 ? parseStamp(bytes, from, to, this.#clock) : parseNumber(bytes, from, to);
      if (!Number.isFinite(value)) {
        const wanted =
          column === 0
            ? 'give a date, an ISO 8601 time that its clock shows once, or a time since 1970'
            : 'give a number';
        this.#report(line, layout.names[column]!, cellText(cells, position), wanted);
      }
      if (column === 0) this.#checkOrder(line, layout.names[0]!, value, cellText(cells, position));
      this.#values[column]!.push(value);
    });
    this.#stamps.push(cellText(cells, layout.positions[0]!));
  }

  #checkOrder(line: number, name: string, time: number, shown: string): void {
    if (time <= this.#previous)
      this.#report(line, name, shown, 'does not lie after the row before; sort the rows, each once');
    this.#previous = time;
  }

  #report(line: number, column: string, value: unknown, message: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ field: `line ${line}: ${column}`, value, message });
  }
}
