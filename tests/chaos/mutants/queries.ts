import pg from 'pg';

/** What a query gives back. */
export interface Rows {
  readonly rowCount: number | null;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Runs a statement as it is. */
export type Run = (text: string, values: unknown[]) => Promise<Rows>;

/**
 * Puts `meddle` in front of every statement that is awaited on a connection. It gives `null` for a statement that it leaves alone. Whatever takes its
 * result by a callback is left alone as well.
 */
export function meddleWithQueries(meddle: (text: string, values: unknown[], run: Run) => Promise<Rows> | null) {
  const { prototype } = pg.Client;
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the very connection that the changed one is called on
  const original = prototype.query as (...given: unknown[]) => unknown;
  prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    const [text, values, callback] = given;
    if (typeof text !== 'string' || callback !== undefined || typeof values === 'function')
      return original.apply(this, given);
    const run: Run = (changed, newValues) => original.call(this, changed, newValues) as Promise<Rows>;
    return meddle(text, (values as unknown[] | undefined) ?? [], run) ?? original.apply(this, given);
  } as typeof prototype.query;
}
