import type { EpochMs } from '../../domain/market/decimal.ts';

/** Orders or trades of ours at a venue that numbers them and lists them by time or by id. */
export interface RecordPages<T> {
  /** Rows of a full page. */
  readonly pageSize: number;
  /** Rows within `[start, end]`, at most a page of them, in any order; `end` null: up to now. */
  between(start: EpochMs, end: EpochMs | null): Promise<readonly T[]>;
  /** The first page of rows whose id is not below `id`, in order of id. */
  fromId(id: number): Promise<readonly T[]>;
  readonly idOf: (row: T) => number;
  /** What tells rows apart, where an id alone does not: several rows may then share one. */
  readonly keyOf?: (row: T) => string;
  readonly since: EpochMs;
  readonly now: EpochMs;
}

/** Longest span that the venue accepts between the two ends of a question by time. */
const LONGEST_SPAN_MS = 24 * 3_600_000;

/**
 * All rows since an instant, in order of id, each once.
 *
 * The first row is found by time and the rest by id. A full page by time says nothing about which rows it left out (the exchange does not
 * document whether it gives the oldest or the newest), so the span is halved until the page is not full. More rows of one millisecond
 * than a page holds are complete only at a venue that gives the oldest.
 */
export async function recordsSince<T>(pages: RecordPages<T>): Promise<readonly T[]> {
  const first = await firstRows(pages);
  if (first.rows.length === 0 || first.isAll) return inOrder(pages, first.rows);
  const rows: T[] = [];
  for (let id = Math.min(...first.rows.map(pages.idOf)); ;) {
    const page = await pages.fromId(id);
    rows.push(...page);
    if (page.length < pages.pageSize) return inOrder(pages, rows);
    const last = Math.max(...page.map(pages.idOf));
    // A page may end between rows that share an id: the next one begins with that id again.
    id = pages.keyOf !== undefined && last > id ? last : last + 1;
  }
}

/** The earliest rows that exist since `since`, and whether there are no later ones. */
async function firstRows<T>(pages: RecordPages<T>): Promise<{ rows: readonly T[]; isAll: boolean }> {
  let start = pages.since;
  let span = LONGEST_SPAN_MS;
  while (start <= pages.now) {
    const open = start + span > pages.now && span === LONGEST_SPAN_MS;
    const end = open ? null : start + span - 1;
    const rows = await pages.between(start, end);
    if (rows.length === 0) {
      if (open) break;
      start += span;
      span = LONGEST_SPAN_MS;
    } else if (rows.length < pages.pageSize || span === 1) {
      return { rows, isAll: open && rows.length < pages.pageSize };
    } else {
      span = Math.max(1, Math.floor(Math.min(span, pages.now - start + 1) / 2));
    }
  }
  return { rows: [], isAll: true };
}

function inOrder<T>(pages: RecordPages<T>, rows: readonly T[]): readonly T[] {
  const { idOf, keyOf = idOf } = pages;
  const byKey = new Map<string | number, T>(rows.map((row) => [keyOf(row), row]));
  return [...byKey.values()].sort((a, b) => idOf(a) - idOf(b));
}
