import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { conservation } from '../../../bench/executions/ledger.ts';

const book = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, Big> =>
  new Map(Object.entries(entries).map(([id, quantity]) => [id, new Big(quantity)]));

describe("the exchange's ledger beside our fills", () => {
  it('agree when each execution traded the same in both', () => {
    expect(conservation(book({ a: '0.3', b: '1' }), book({ b: '1.0', a: '0.30' }))).toEqual({ rows: 2, maxRelDiff: 0 });
  });

  it('differ by what one of them has more', () => {
    const parity = conservation(book({ a: '0.4' }), book({ a: '0.3' }));
    expect(parity.maxRelDiff).toBe(0.25);
    expect(parity.disagreement).toEqual({ row: 0, column: 'filled of a', ours: 0.3, peer: 0.4 });
  });

  it.each([
    ['a fill that we lost', { a: '1' }, {}],
    ['a fill that the exchange knows nothing of', {}, { a: '1' }],
  ])('differ in full for %s', (_case, ledger, ours) => {
    expect(conservation(book(ledger), book(ours)).maxRelDiff).toBe(1);
  });
});
