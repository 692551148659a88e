import { expect, it } from '@jest/globals';
import { withHeldExits } from '../../../domain/session/held-exits.ts';

const books = {
  cash: 1,
  positions: [
    { symbol: 'X', units: 2, stopLoss: 95, takeProfit: 110 },
    { symbol: 'Y', units: 1, stopLoss: 9, takeProfit: null },
  ],
};

it('tells of the stops and targets of an ended session those that the venue still holds', () => {
  const placed = [
    { symbol: 'X', purpose: 'stop-loss', state: 'working' },
    { symbol: 'X', purpose: 'take-profit', state: 'ended' },
    { symbol: 'Y', purpose: 'stop-loss', state: 'ended' },
  ] as const;
  expect(withHeldExits(books, placed)).toEqual({
    cash: 1,
    positions: [
      { symbol: 'X', units: 2, stopLoss: 95, takeProfit: null },
      { symbol: 'Y', units: 1, stopLoss: null, takeProfit: null },
    ],
  });
});
