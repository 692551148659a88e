import { Readable } from 'node:stream';
import type { OptimizationRecord, ResultRow } from '../../adapters/ports/optimization-store.ts';
import { METRIC_COLUMNS } from '../../domain/backtest/kernel/metrics-row.ts';
import { createSearchSpace, MOST_NUMBERED } from '../../domain/optimization/space/search-space.ts';
import { limitOf, type PageRequest } from '../paging.ts';
import type { ApiDependencies } from '../ports.ts';

type Store = Pick<ApiDependencies['optimizations'], 'resultRows' | 'findRow'>;

const ROWS_PER_QUERY = 1_000;

/** Values by parameter of a combination of the job. */
function paramsOf({ request }: OptimizationRecord): (combination: number) => Readonly<Record<string, number>> {
  const { space, constraints } = request.spec;
  const made = createSearchSpace({ space, constraints, most: MOST_NUMBERED });
  if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join('; '));
  return (combination) => made.space.paramsAt(combination);
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A row with its parameters and metrics by name. */
function rowView(record: OptimizationRecord): (row: ResultRow) => ResultView {
  const params = paramsOf(record);
  const { columns } = record.request;
  const places = METRIC_COLUMNS.map((name) => [name, columns.indexOf(name)] as const);
  return ({ position, combination, score, rank, numbers }) => ({
    position,
    index: combination,
    rank,
    score,
    params: params(combination),
    metrics: Object.fromEntries(places.map(([name, at]) => [name, orNull(numbers[at]!)])),
  });
}

/** A combination and what it came to. Metrics are `null` where they are not defined. */
export interface ResultView {
  readonly position: number;
  readonly index: number;
  readonly rank: number | null;
  readonly score: number | null;
  readonly params: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** One page of the rows. */
export async function resultsPage(
  store: Store,
  record: OptimizationRecord,
  request: PageRequest & { readonly sort?: 'score' | 'position' },
): Promise<{ readonly items: readonly ResultView[]; readonly next: string | null }> {
  const { items, next } = await store.resultRows(record.key, {
    sort: request.sort ?? 'score',
    limit: limitOf(request),
    ...(request.cursor === undefined ? {} : { cursor: request.cursor }),
  });
  return { items: items.map(rowView(record)), next };
}

/** The best so far by its own score; after the conclusion that of the result. */
export async function bestOf(
  store: Store,
  record: OptimizationRecord,
): Promise<Omit<ResultView, 'position' | 'rank'> | null> {
  if (record.result !== null) return record.result.best;
  const { best } = record.progress;
  const row = best === null ? null : await store.findRow(record.key, best.position);
  if (row === null) return null;
  const { index, score, params, metrics } = rowView(record)(row);
  return { index, score, params, metrics };
}

export interface CsvRequest {
  readonly sort?: 'score' | 'position';
  /** The most rows; all by default. */
  readonly top?: number;
}

/** All rows as CSV, with every number of a row; in the order of positions unless asked otherwise. */
export function resultsFile(store: Store, record: OptimizationRecord, request: CsvRequest): Readable {
  return Readable.from(csvOf(store, record, request));
}

async function* csvOf(
  store: Store,
  record: OptimizationRecord,
  { sort = 'position', top = Number.POSITIVE_INFINITY }: CsvRequest,
): AsyncGenerator<string> {
  const names = Object.keys(record.request.spec.space);
  const params = paramsOf(record);
  yield `${['position', 'index', ...names, 'rank', 'score', ...record.request.columns].join(',')}\n`;
  let cursor: string | undefined;
  for (let left = top; left > 0;) {
    const limit = Math.min(left, ROWS_PER_QUERY);
    const page = await store.resultRows(record.key, { sort, limit, ...(cursor === undefined ? {} : { cursor }) });
    yield page.items.map((row) => `${lineOf(row, names, params)}\n`).join('');
    left -= page.items.length;
    if (page.next === null) return;
    cursor = page.next;
  }
}

function lineOf(
  { position, combination, rank, score, numbers }: ResultRow,
  names: readonly string[],
  params: (combination: number) => Readonly<Record<string, number>>,
): string {
  const own = params(combination);
  const cells = [position, combination, ...names.map((name) => own[name]!), rank, score, ...numbers];
  return cells.map((cell) => (cell === null || !Number.isFinite(cell) ? '' : String(cell))).join(',');
}
