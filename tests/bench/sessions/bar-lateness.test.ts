import { describe, expect, it } from '@jest/globals';
import { barEnds, barsIn, type DecidedBar, latenessOf, storedKey } from '../../../bench/sessions/bar-lateness.ts';

const BAR_MS = 5_000;

const bar = (session: string, openAt: number, decidedAt: number, isMissed = false): DecidedBar => ({
  session,
  symbol: session === 'c' ? 'ETH/USDT' : 'BTC/USDT',
  openAt,
  decidedAt,
  isMissed,
  close: 100,
});

describe('bars that end in a window', () => {
  it('end on the grid, from its first instant to before its last', () => {
    expect(barEnds(BAR_MS, 10_000, 20_000)).toEqual([10_000, 15_000]);
    expect(barEnds(BAR_MS, 10_001, 20_001)).toEqual([15_000, 20_000]);
  });

  it('are due for every session, decided or not', () => {
    const decisions = [bar('a', 5_000, 10_100), bar('a', 10_000, 15_200), bar('b', 5_000, 10_300)];
    const { due, decided, undecided, twice } = barsIn(['a', 'b'], decisions, [10_000, 15_000], BAR_MS);
    expect({ due, decided: decided.length, undecided, twice }).toEqual({ due: 4, decided: 3, undecided: 1, twice: 0 });
  });

  it('count as undecided when they are on record as missed', () => {
    const { decided, undecided } = barsIn(['a'], [bar('a', 5_000, 60_000, true)], [10_000], BAR_MS);
    expect({ decided, undecided }).toEqual({ decided: [], undecided: 1 });
  });

  it('leave out decisions on others, and tell of those that were made twice', () => {
    const decisions = [bar('a', 0, 5_100), bar('a', 5_000, 10_100), bar('a', 5_000, 10_200), bar('x', 5_000, 10_100)];
    expect(barsIn(['a'], decisions, [10_000], BAR_MS)).toEqual({
      due: 1,
      decided: [bar('a', 5_000, 10_100)],
      undecided: 0,
      twice: 1,
    });
  });
});

describe('lateness of decisions', () => {
  it('is split where the candle was stored, each candle counted once', () => {
    const decided = [bar('a', 5_000, 10_100), bar('b', 5_000, 10_250), bar('c', 5_000, 10_090)];
    const storedAt = new Map([
      [storedKey('BTC/USDT', 10_000), 10_040],
      [storedKey('ETH/USDT', 10_000), 10_030],
    ]);
    expect(latenessOf(decided, storedAt, BAR_MS)).toEqual({
      decidedMs: [100, 250, 90],
      storedMs: [40, 30],
      answeredMs: [60, 210, 60],
    });
  });

  it('of a candle whose storing was not seen is told as a whole', () => {
    expect(latenessOf([bar('a', 5_000, 10_100)], new Map(), BAR_MS)).toEqual({
      decidedMs: [100],
      storedMs: [],
      answeredMs: [],
    });
  });
});
