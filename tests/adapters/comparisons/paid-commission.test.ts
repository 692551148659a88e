import { expect, it } from '@jest/globals';
import { paidCommission } from '../../../adapters/comparisons/paid-commission.ts';
import type { JournalEntry } from '../../../domain/session/journal.ts';

const execution = (seq: number, given: object): JournalEntry => ({
  seq,
  after: null,
  event: {
    kind: 'execution',
    order: seq,
    version: 1,
    quantity: '2',
    price: '100',
    feeBase: '0',
    feeQuote: '0',
    maker: false,
    ...given,
  },
});

it('rates are fees over notional, by how the order traded, whichever asset they were paid in', () => {
  const journal = [
    // 0.002 base at 100 are 0.2 quote, of a notional of 200.
    execution(1, { feeBase: '0.002' }),
    // 0.4 of 200: both together 0.6 / 400 = 15 basis points.
    execution(2, { feeQuote: '0.4' }),
    execution(3, { feeQuote: '0.02', maker: true }),
    { seq: 4, after: null, event: { kind: 'flatten', reason: 'x' } } as JournalEntry,
  ];
  expect(paidCommission(journal)).toEqual({ taker: 0.0015, maker: 0.0001, fixed: 0 });
});

it('nothing was paid where nothing was traded', () => {
  expect(paidCommission([])).toEqual({ taker: 0, maker: 0, fixed: 0 });
});
