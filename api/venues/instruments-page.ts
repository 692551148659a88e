import type { Instrument } from '../../domain/market/instrument.ts';

export interface InstrumentQuery {
  readonly search?: string;
  /** The last symbol of the page before. */
  readonly cursor?: string;
}

/** A page of instruments in order of their symbols. The cursor is a symbol, so that a listing that comes or goes moves no page. */
export function instrumentsPage(
  instruments: readonly Instrument[],
  { search = '', cursor }: InstrumentQuery,
  limit: number,
): { items: readonly Instrument[]; next: string | null } {
  const wanted = search.toUpperCase();
  const rest = instruments
    .filter(({ symbol }) => symbol.toUpperCase().includes(wanted) && (cursor === undefined || symbol > cursor))
    .toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? (items.at(-1)?.symbol ?? null) : null };
}
