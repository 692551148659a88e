/** A line for each account on which somebody else has open orders; nothing when there are none, or when the API does not tell. */
export function foreignOrdersLine(orders: readonly { readonly venue: string }[] | null): string {
  const counts = new Map<string, number>();
  for (const { venue } of orders ?? []) counts.set(venue, (counts.get(venue) ?? 0) + 1);
  return [...counts]
    .map(([venue, count]) => `${venue}: ${count} open order${count === 1 ? '' : 's'} of somebody else; see ${SEE}\n`)
    .join('');
}

const SEE = 'tradewind risk foreign-orders and risk reconciliations';
