import type { CandleBuilder } from './candle-builder.ts';
import { CandleChecker, isoOf } from './candle-checks.ts';
import { CANDLE_COLUMNS, type ColumnMapping, type CsvLayout, layoutOf } from './csv-layout.ts';
import { parseNumber } from './csv-number.ts';
import { cellText, type CsvCells, CsvRows } from './csv-rows.ts';
import { type LocalClock, parseStamp } from './csv-stamp.ts';
import type { DurationMs } from './decimal.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** How a file of bars is to be read. */
export interface CsvCandleOptions {
  readonly timeframe: Timeframe;
  /** Whether a row's stamp is the open or the close of its bar; what is stored is always the open. */
  readonly stamp: 'open' | 'close';
  readonly columns?: ColumnMapping;
  /** The clock of stamps that name no offset; UTC unless given. */
  readonly clock?: LocalClock;
  /** The name of that clock, for messages. */
  readonly clockName?: string;
  /** Drops rows that repeat the row before in every number, and counts them. Without it they are problems. */
  readonly dropIdenticalDuplicates?: boolean;
}

/** What was found beside the bars themselves. */
export interface CsvSummary {
  readonly rows: number;
  /** Identical repetitions that were dropped because that was asked for. */
  readonly duplicates: number;
  readonly hasVolume: boolean;
  readonly unusedColumns: readonly string[];
}

const MESSAGES = {
  stamp:
    'no time that can be read; write 2024-01-31T23:59:00Z, 2024-01-31 23:59 or a number of seconds, milliseconds or microseconds since 1970',
  number: 'give a plain number such as 12.5',
} as const;

/**
 * Reads bars out of a CSV file that comes in pieces, in memory that does not grow with it. Every row is checked; nothing is
 * repaired. Problems are collected and thrown together by `finish`.
 */
export class CsvCandles {
  readonly #options: CsvCandleOptions;
  readonly #builder: CandleBuilder;
  readonly #checker: CandleChecker;
  readonly #rows: CsvRows;
  readonly #shiftMs: DurationMs;
  readonly #clock: LocalClock;
  readonly #values = new Float64Array(6);
  #layout: CsvLayout | null = null;
  #good = 0;
  #duplicates = 0;

  /** Bars go to `builder`, which the caller may empty between two pieces. */
  constructor(options: CsvCandleOptions, builder: CandleBuilder) {
    this.#options = options;
    this.#builder = builder;
    this.#checker = new CandleChecker(options.timeframe);
    this.#shiftMs = options.stamp === 'close' ? timeframeMs(options.timeframe) : 0;
    this.#clock = options.clock ?? ((local) => local);
    this.#rows = new CsvRows((line, cells) => this.#take(line, cells));
  }

  /** Whether there is no use in reading on: too much is wrong. */
  get isHopeless(): boolean {
    return this.#checker.isFull;
  }

  push(chunk: Uint8Array): void {
    this.#rows.push(chunk);
    if (this.isHopeless) this.#rows.stop();
  }

  /** @throws {BadCandles} with everything that was wrong, also when there was no bar at all */
  finish(): CsvSummary {
    this.#rows.finish();
    if (this.#good === 0 && this.#duplicates === 0) {
      if (this.#checker.problems.length === 0) {
        const found = this.#layout === null ? 'the file is empty' : 'the file has a header and no row';
        this.#checker.report(null, 'file', null, `${found}; it must hold at least one bar`);
      }
    }
    this.#checker.finish();
    return {
      rows: this.#good,
      duplicates: this.#duplicates,
      hasVolume: this.#layout!.positions[5]! >= 0,
      unusedColumns: this.#layout!.unused,
    };
  }

  #take(line: number, cells: CsvCells | string): void {
    if (this.isHopeless) return;
    if (typeof cells === 'string') return this.#checker.report(line, 'row', null, cells);
    if (this.#layout === null) {
      this.#layout = this.#layoutOf(cells);
      if (this.#layout === null || this.#layout.hasHeader) return;
    }
    this.#takeRow(line, cells, this.#layout);
  }

  #layoutOf(cells: CsvCells): CsvLayout | null {
    const row = Array.from({ length: cells.count }, (_, index) => cellText(cells, index));
    const found = layoutOf(row, this.#options.columns ?? {});
    if ('layout' in found) return this.#agreed(found.layout);
    for (const { field, value, message } of found.problems) this.#checker.report(null, field, value, message);
    // Without a layout no further line can be understood.
    this.#rows.stop();
    return null;
  }

  /** A file that says itself what its stamps are must not be read as the other: every bar would be off by one. */
  #agreed(layout: CsvLayout): CsvLayout | null {
    const { stamp } = this.#options;
    if (layout.stamp === null || layout.stamp === stamp) return layout;
    const message = `the column "${layout.names[0]}" holds the ${layout.stamp}s of bars; give the stamp ${layout.stamp}`;
    this.#checker.report(null, 'stamp', stamp, message);
    this.#rows.stop();
    return null;
  }

  #takeRow(line: number, cells: CsvCells, layout: CsvLayout): void {
    if (cells.count !== layout.columns) {
      const message = `${cells.count} columns where ${layout.columns} are expected`;
      return this.#checker.report(line, 'row', null, message);
    }
    const { bytes, starts, ends } = cells;
    const { positions } = layout;
    const values = this.#values;
    let isReadable = true;
    for (let column = 0; column < 6; column += 1) {
      const position = positions[column]!;
      if (position < 0) {
        values[column] = 0;
        continue;
      }
      const [from, to] = [starts[position]!, ends[position]!];
      const value = column === 0 ? parseStamp(bytes, from, to, this.#clock) : parseNumber(bytes, from, to);
      // Adding zero makes a negative zero positive: one number, one hash.
      values[column] = value + 0;
      if (value !== value) {
        isReadable = false;
        this.#checker.report(
          line,
          this.#nameOf(column, layout),
          cellText(cells, position),
          this.#why(column, cells, position),
        );
      }
    }
    if (!isReadable) return;
    const time = values[0]! - this.#shiftMs;
    const [open, high, low, close, volume] = [values[1]!, values[2]!, values[3]!, values[4]!, values[5]!];
    const verdict = this.#checker.check(line, time, open, high, low, close, volume);
    if (verdict === 'good') {
      this.#builder.add(time, open, high, low, close, volume);
      this.#good += 1;
    } else if (verdict === 'identical') {
      if (this.#options.dropIdenticalDuplicates === true) this.#duplicates += 1;
      else this.#checker.reportIdentical(line);
    }
  }

  #nameOf(column: number, layout: CsvLayout): string {
    const name = CANDLE_COLUMNS[column]!;
    const inFile = layout.names[column]!;
    return inFile.toLowerCase() === name ? name : `${name} (${inFile})`;
  }

  #why(column: number, { bytes, starts, ends }: CsvCells, position: number): string {
    if (column > 0) return MESSAGES.number;
    const local = parseStamp(bytes, starts[position]!, ends[position]!, (time) => time);
    if (local !== local) return MESSAGES.stamp;
    const clock = this.#options.clockName ?? 'the given clock';
    return `the clock of ${clock} skips ${isoOf(local).slice(0, -1)} or shows it twice; give such stamps in UTC`;
  }
}
