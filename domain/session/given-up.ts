import type { EpochMs } from '../market/decimal.ts';
import { MOST_FAILURES } from './books/look-over.ts';
import type { JournalEntry } from './journal.ts';

/** An order that has failed too often in the bar in progress, and the entry of the journal that tells its last failure. */
export interface GivenUp {
  readonly order: number;
  readonly seq: number;
}

/** The orders that the books try no more before the next bar, unless they are told to. */
export function givenUp(journal: readonly JournalEntry[], lastBar: EpochMs | null): readonly GivenUp[] {
  const failures = new Map<number, { count: number; seq: number }>();
  const from = journal.findLastIndex(({ after }) => after !== lastBar) + 1;
  for (const { seq, event } of journal.slice(from)) {
    if (event.kind === 'again') {
      const known = failures.get(event.order);
      if (known !== undefined) known.count = Math.min(known.count, MOST_FAILURES - 1);
    } else if (event.kind === 'ended' && (event.status === 'failed' || event.status === 'expired')) {
      failures.set(event.order, { count: (failures.get(event.order)?.count ?? 0) + 1, seq });
    }
  }
  return [...failures].filter(([, { count }]) => count >= MOST_FAILURES).map(([order, { seq }]) => ({ order, seq }));
}
