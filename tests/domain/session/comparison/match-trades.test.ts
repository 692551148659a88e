import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchTrades } from '../../../../domain/session/comparison/match-trades.ts';
import '../../../helpers/property-seed.ts';
import { bar, compared, side } from './trades.ts';

const from = (decided: number | null, entry: number, exit: number, given: object = {}) =>
  compared({
    decidedAt: decided === null ? null : bar(decided),
    entry: side(entry, '100'),
    exit: side(exit, '110'),
    ...given,
  });

describe('trades of a session and its backtest', () => {
  it('answer to each other by the bar at which they were decided, whenever they filled', () => {
    const session = [from(9, 12, 20), from(0, 1, 3)];
    const backtest = [from(0, 1, 4), from(9, 10, 20)];
    expect(matchTrades(session, backtest)).toEqual({
      pairs: [
        { session: session[1], backtest: backtest[0] },
        { session: session[0], backtest: backtest[1] },
      ],
      missed: [],
      extra: [],
    });
  });

  it('are those of one symbol only', () => {
    const session = [from(0, 1, 3, { symbol: 'ETH/USDT' })];
    const backtest = [from(0, 1, 3)];
    expect(matchTrades(session, backtest)).toEqual({ pairs: [], missed: backtest, extra: session });
  });

  it('are paired in the order of their exits where one decision made several', () => {
    const session = [from(0, 1, 9), from(0, 1, 5)];
    const backtest = [from(0, 1, 5), from(0, 1, 7), from(0, 1, 9)];
    const { pairs, missed } = matchTrades(session, backtest);
    expect(pairs.map((pair) => [pair.session.exit.bar, pair.backtest.exit.bar])).toEqual([
      [bar(5), bar(5)],
      [bar(9), bar(7)],
    ]);
    expect(missed).toEqual([backtest[2]]);
  });

  it('answer to each other by the time they were held where the session decided late', () => {
    // Decided at 4 after an outage; the backtest's of 0 was held for six of the same bars, that of 9 for one.
    const session = [from(4, 5, 12)];
    const backtest = [from(0, 1, 11), from(10, 11, 20)];
    expect(matchTrades(session, backtest)).toMatchObject({ pairs: [{ backtest: backtest[0] }], missed: [backtest[1]] });
  });

  it('have no answer where they were never held at once, though one ends where the other begins', () => {
    const session = [from(2, 3, 5)];
    const backtest = [from(0, 1, 3), from(4, 5, 8)];
    expect(matchTrades(session, backtest)).toEqual({ pairs: [], missed: backtest, extra: session });
  });

  it('that are open last longer than any that are closed, and are found by the time they were held if by hand', () => {
    const session = [from(null, 4, 6, { isOpen: true })];
    const backtest = [from(0, 1, 5), from(5, 6, 6, { isOpen: true })];
    expect(matchTrades(session, backtest)).toMatchObject({ pairs: [{ backtest: backtest[1] }], missed: [backtest[0]] });
  });

  it('are each in exactly one place', () => {
    const trade = fc
      .record({
        decided: fc.integer({ min: 0, max: 8 }),
        wait: fc.integer({ min: 1, max: 3 }),
        held: fc.integer({ min: 0, max: 5 }),
        isOpen: fc.boolean(),
      })
      .map(({ decided, wait, held, isOpen }) => from(decided, decided + wait, decided + wait + held, { isOpen }));
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 8 }), fc.array(trade, { maxLength: 8 }), (session, backtest) => {
        const { pairs, missed, extra } = matchTrades(session, backtest);
        const sorted = (list: readonly object[]): readonly string[] =>
          list.map((each) => JSON.stringify(each)).toSorted();
        expect(sorted([...pairs.map((pair) => pair.session), ...extra])).toEqual(sorted(session));
        expect(sorted([...pairs.map((pair) => pair.backtest), ...missed])).toEqual(sorted(backtest));
      }),
    );
  });
});
