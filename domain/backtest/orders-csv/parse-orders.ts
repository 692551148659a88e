import type { FieldProblem } from '../../parameters/param-spec.ts';

/** Columns of an orders CSV, in any order. Only `bar` and `type` have to be there. */
export const ORDER_COLUMNS = ['bar', 'side', 'type', 'price', 'sl', 'tp', 'size'] as const;

const TYPES = ['market', 'limit', 'stop', 'close', 'cancel'] as const;

export type OrderRowType = (typeof TYPES)[number];

/** One row: what is ordered at the close of bar `bar`. */
export interface OrderRow {
  /** Line of the file, from 1, to tell where something is wrong. */
  readonly line: number;
  readonly bar: number;
  readonly type: OrderRowType;
  /** `null` for `close` and `cancel`. */
  readonly side: 'buy' | 'sell' | null;
  /** Limit or stop price. */
  readonly price: number | null;
  readonly sl: number | null;
  readonly tp: number | null;
  /** Below 1 a share of the available cash (of the position for `close`), else units; `null` for the run's sizing, for `close` for all. */
  readonly size: number | null;
}

export type ParsedOrders =
  | { readonly ok: true; readonly rows: readonly OrderRow[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

type Cells = Readonly<Record<string, string>>;

/** Problems beyond this many are not told one by one: a file of another format has one on every line. */
export const PROBLEMS_TOLD = 20;

/**
 * Reads an orders CSV. Rows may stand in any order; rows of one bar keep theirs. Each problem names its line and column
 * (`orders line 3, price`).
 */
export function parseOrders(text: string): ParsedOrders {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const problems: FieldProblem[] = headerProblems(header, lines[0] ?? '');
  if (problems.length > 0) return { ok: false, problems };
  const rows: OrderRow[] = [];
  for (let l = 1; l < lines.length && problems.length < PROBLEMS_TOLD; l++) {
    const cells = lines[l]!.split(',').map((cell) => cell.trim());
    if (cells.every((cell) => cell === '')) continue;
    if (cells.length > header.length) {
      const message = `there are ${cells.length} cells under ${header.length} names: decimals have a point, and no cell a comma`;
      problems.push({ field: `orders line ${l + 1}`, value: lines[l], message });
      continue;
    }
    const row = readRow(Object.fromEntries(header.map((name, c) => [name, cells[c] ?? ''])), l + 1, problems);
    if (row !== null) rows.push(row);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, rows: rows.toSorted((a, b) => a.bar - b.bar || a.line - b.line) };
}

function headerProblems(header: readonly string[], line: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const problem = (message: string): void => {
    problems.push({ field: 'orders line 1', value: line, message });
  };
  const wanted = `give a header with ${ORDER_COLUMNS.join(',')}`;
  for (const name of ['bar', 'type']) if (!header.includes(name)) problem(`has no column ${name}: ${wanted}`);
  for (const [c, name] of header.entries()) {
    if (!(ORDER_COLUMNS as readonly string[]).includes(name)) problem(`"${name}" is no column of an order: ${wanted}`);
    else if (header.indexOf(name) !== c) problem(`has the column ${name} twice`);
  }
  return problems;
}

function readRow(cells: Cells, line: number, problems: FieldProblem[]): OrderRow | null {
  const before = problems.length;
  const problem = (column: string, message: string): void => {
    problems.push({ field: `orders line ${line}, ${column}`, value: cells[column] ?? '', message });
  };
  const number = (column: string): number | null => {
    const text = cells[column] ?? '';
    if (text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    problem(column, 'give a number above 0, or leave it empty');
    return null;
  };
  const bar = Number(cells['bar'] === '' ? Number.NaN : cells['bar']);
  if (!Number.isSafeInteger(bar) || bar < 0) problem('bar', 'give the number of a bar, from 0');
  const type = TYPES.find((each) => each === cells['type']?.toLowerCase());
  if (type === undefined) problem('type', `give one of ${TYPES.join(', ')}`);
  const price = number('price');
  const sl = number('sl');
  const tp = number('tp');
  const size = number('size');
  const side = sideOf(cells['side'] ?? '');
  if (side === undefined) problem('side', 'give buy or sell');
  if (type !== undefined && problems.length === before) {
    const isEntry = type !== 'close' && type !== 'cancel';
    if (isEntry && side === null) problem('side', `a ${type} order needs buy or sell`);
    if ((type === 'limit' || type === 'stop') && price === null) problem('price', `a ${type} order needs its price`);
    if (price !== null && type !== 'limit' && type !== 'stop') {
      problem(
        'price',
        `leave it empty: ${type === 'market' ? 'a market order takes the price of the market' : `${type} has none`}`,
      );
    }
    if (!isEntry)
      for (const column of ['sl', 'tp']) if (cells[column]) problem(column, `leave it empty: ${type} has no exits`);
    if (type === 'cancel' && size !== null) problem('size', 'leave it empty: cancel takes back all orders that wait');
  }
  if (problems.length > before || type === undefined || side === undefined) return null;
  return { line, bar, type, side: type === 'close' || type === 'cancel' ? null : side, price, sl, tp, size };
}

/** `undefined` for what is no side. */
function sideOf(text: string): 'buy' | 'sell' | null | undefined {
  const side = text.toLowerCase();
  if (side === '') return null;
  if (side === 'buy' || side === 'long') return 'buy';
  return side === 'sell' || side === 'short' ? 'sell' : undefined;
}
