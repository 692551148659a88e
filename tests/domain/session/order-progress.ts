import type { OrderProgress } from '../../../domain/session/take-in.ts';

/** How an order stands of which nothing has traded, but for what is given. */
export function orderProgress(changes: Partial<OrderProgress> = {}): OrderProgress {
  return {
    executionId: 'e1',
    filled: '0',
    notional: '0',
    feeBase: '0',
    feeQuote: '0',
    otherFees: {},
    fills: 0,
    allMaker: false,
    atVenue: false,
    final: null,
    ...changes,
  };
}
