import type { FieldProblem } from '../parameters/param-spec.ts';

/** Which bar field each name stands for, in the order in which a row is read. */
export const CANDLE_COLUMNS = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;
export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

/** Column of the file for a field: its name in the header, or its number from 1 in a file without a header. */
export type ColumnMapping = Readonly<Partial<Record<CandleColumn, string>>>;

/** Where the fields of a bar stand in a row of a file. */
export interface CsvLayout {
  /** Whether the first line holds names and no bar. */
  readonly hasHeader: boolean;
  /** Columns that every row has. */
  readonly columns: number;
  /** Index from 0 of each field, in the order of `CANDLE_COLUMNS`; volume is -1 in a file without one. */
  readonly positions: readonly number[];
  /** Name of each field's column in the file, for messages. */
  readonly names: readonly string[];
  /** What the file itself says that its stamps are; `null` when it does not. */
  readonly stamp: 'open' | 'close' | null;
  /** Columns of the file that are not read. */
  readonly unused: readonly string[];
}

/** Public dumps of exchanges, `open_time,open,high,low,close,volume,close_time,...`, which come without a header. */
const DUMP_COLUMNS = 12;
const TIME_NAMES = ['timestamp', 'time', 'date', 'datetime', 'open_time', 'opentime', 'open time'];

/** A number or a time, as no column is called. */
const isValue = (cell: string): boolean => /^[+-]?[\d.][\d.:eE+\-TZ/ ]*$/.test(cell);

/**
 * Finds the fields in the first line of a file. Names are compared without regard to case; a mapping comes first. Without a header
 * only the twelve columns of public dumps are known, everything else needs a mapping by number.
 *
 * @returns the layout, or the problems with the mapping or the header.
 */
export function layoutOf(
  firstRow: readonly string[],
  mapping: ColumnMapping,
): { readonly layout: CsvLayout } | { readonly problems: readonly FieldProblem[] } {
  const cells = firstRow.map((cell) => cell.trim());
  return !cells.some(isValue) ? fromHeader(cells, mapping) : fromPositions(cells, mapping);
}

function fromHeader(header: readonly string[], mapping: ColumnMapping): ReturnType<typeof layoutOf> {
  const problems: FieldProblem[] = [];
  const known = header.map((name) => name.toLowerCase());
  const shown = header.join(', ');
  const positions = CANDLE_COLUMNS.map((column) => {
    const wanted = mapping[column];
    const names = wanted === undefined ? (column === 'timestamp' ? TIME_NAMES : [column]) : [wanted.toLowerCase()];
    const found = known.flatMap((name, index) => (names.includes(name) ? [index] : []));
    if (found.length > 1) {
      const message = `the file has ${found.length} columns for it (${found.map((index) => header[index]).join(', ')}); say which one, ${column}=NAME`;
      problems.push({ field: `columns.${column}`, value: wanted ?? null, message });
    } else if (found.length === 0 && (wanted !== undefined || column !== 'volume')) {
      const message =
        wanted === undefined
          ? `the file has no column "${column}" but ${shown}; say which one it is, ${column}=NAME`
          : `the file has no such column but ${shown}`;
      problems.push({ field: `columns.${column}`, value: wanted ?? null, message });
    }
    return found[0] ?? -1;
  });
  if (problems.length > 0) return { problems };
  return { layout: layoutFrom(true, header, positions) };
}

function fromPositions(cells: readonly string[], mapping: ColumnMapping): ReturnType<typeof layoutOf> {
  const isMapped = Object.keys(mapping).length > 0;
  if (!isMapped && cells.length !== DUMP_COLUMNS) {
    const message = `the file has no header and ${cells.length} columns; say which is which by number, timestamp=1,open=2,high=3,low=4,close=5,volume=6`;
    return { problems: [{ field: 'columns', value: null, message }] };
  }
  const problems: FieldProblem[] = [];
  const positions = CANDLE_COLUMNS.map((column, index) => {
    if (!isMapped) return index;
    const wanted = mapping[column];
    if (wanted === undefined && column === 'volume') return -1;
    const number = wanted !== undefined && /^[1-9]\d{0,3}$/.test(wanted) ? Number(wanted) : Number.NaN;
    if (number <= cells.length) return number - 1;
    const message = `the file has no header; give a column number from 1 to ${cells.length}, ${column}=NUMBER`;
    problems.push({ field: `columns.${column}`, value: wanted ?? null, message });
    return -1;
  });
  if (problems.length > 0) return { problems };
  const header = cells.map((_, index) => `column ${index + 1}`);
  return { layout: { ...layoutFrom(false, header, positions), ...(isMapped ? {} : { stamp: 'open' }) } };
}

function layoutFrom(hasHeader: boolean, header: readonly string[], positions: readonly number[]): CsvLayout {
  const time = header[positions[0]!] ?? '';
  return {
    hasHeader,
    columns: header.length,
    positions,
    names: positions.map((position, index) => header[position] ?? CANDLE_COLUMNS[index]!),
    stamp: /^open[_ ]?time$/i.test(time) ? 'open' : /^close[_ ]?time$/i.test(time) ? 'close' : null,
    unused: header.filter((_, index) => !positions.includes(index)),
  };
}
