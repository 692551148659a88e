import type { SymbolDesk } from './symbol-desk.ts';

/** Waiting orders of a symbol beyond which a strategy has lost sight of them: every bar looks at each. Exits of brackets do not count. */
const MOST_WAITING = 10_000;

/** Throws a `RangeError` when no further order may wait. */
export function checkRoom({ book, symbol }: SymbolDesk): void {
  if (book.working < MOST_WAITING) return;
  const most = MOST_WAITING.toLocaleString('en-US');
  throw new RangeError(
    `the strategy has ${most} orders of ${symbol} waiting, and no more may: cancel those that it no longer wants (cancelOrders), or give them goodForBars`,
  );
}
