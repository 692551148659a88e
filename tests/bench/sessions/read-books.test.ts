import { describe, expect, it } from '@jest/globals';
import type { DecidedBar } from '../../../bench/sessions/bar-lateness.ts';
import { bothParities, closesParity } from '../../../bench/sessions/read-books.ts';

const decided = (openAt: number, close: number): DecidedBar => ({
  session: 'a',
  symbol: 'BTC/USDT',
  openAt,
  decidedAt: openAt + 5_100,
  isMissed: false,
  close,
});
const closes = new Map([
  [
    'BTC/USDT',
    new Map([
      [0, 100],
      [5_000, 80],
    ]),
  ],
]);

describe("closes decided on beside the exchange's candles", () => {
  it('agree to the last digit', () => {
    expect(closesParity([decided(0, 100), decided(5_000, 80)], closes)).toEqual({ rows: 2, maxRelDiff: 0 });
  });

  it('differ relative to the larger', () => {
    expect(closesParity([decided(0, 100), decided(5_000, 100)], closes)).toEqual({
      rows: 2,
      maxRelDiff: 0.2,
      disagreement: { row: 1, column: 'close of BTC/USDT at 1970-01-01T00:00:05.000Z for a', ours: 100, peer: 80 },
    });
  });

  it('differ in full where the exchange has no such candle', () => {
    expect(closesParity([decided(10_000, 100)], closes)).toMatchObject({ maxRelDiff: 1, disagreement: { peer: null } });
  });
});

describe('two comparisons', () => {
  it('agree when both do', () => {
    expect(bothParities({ rows: 3, maxRelDiff: 0 }, { rows: 4, maxRelDiff: 1e-12 })).toEqual({
      rows: 7,
      maxRelDiff: 1e-12,
    });
  });

  it('have the first disagreement of either', () => {
    const disagreement = { row: 0, column: 'x', ours: 1, peer: 2 };
    expect(bothParities({ rows: 1, maxRelDiff: 0 }, { rows: 1, maxRelDiff: 0.5, disagreement })).toEqual({
      rows: 2,
      maxRelDiff: 0.5,
      disagreement,
    });
  });
});
