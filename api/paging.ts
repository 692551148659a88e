const DEFAULT_LIMIT = 100;

export interface PageRequest {
  readonly limit?: number;
  readonly cursor?: string;
}

/** The page of a list that only grows at its end: the cursor is the place of its first item. */
export function pageOf<T>(
  all: readonly T[],
  { limit = DEFAULT_LIMIT, cursor }: PageRequest,
): { items: readonly T[]; next: string | null } {
  const from = cursor === undefined ? 0 : Number(cursor);
  const to = from + limit;
  return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
}

/** The limit of a page as asked for, or the default. */
export function limitOf(request: PageRequest): number {
  return request.limit ?? DEFAULT_LIMIT;
}
