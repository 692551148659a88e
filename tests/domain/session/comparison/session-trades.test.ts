import { describe, expect, it } from '@jest/globals';
import { sessionTrades } from '../../../../domain/session/comparison/session-trades.ts';
import { bar, compared, row, sent, side } from './trades.ts';

describe('the trades of a session', () => {
  it('have the mid as reference where an order went to market, and the bar that decided it', () => {
    const trades = sessionTrades(
      [{ trade: row({ size: 0.3, entryPrice: 100.2, commission: 0.06 }), entryOrder: 1, exitOrder: 2 }],
      [sent(1, { mid: '100.1', filled: '0.3' }), sent(2, { bar: bar(2), mid: '110.05', filled: '0.3' })],
    );
    expect(trades).toEqual([
      {
        symbol: 'BTC/USDT',
        decidedAt: bar(0),
        units: '0.3',
        entry: side(1, '100.2', '100.1'),
        exit: side(3, '110', '110.05'),
        isOpen: false,
        fees: '0.06',
      },
    ]);
  });

  it('have the level as reference where an order rested: that of the version that traded', () => {
    const [trade] = sessionTrades(
      [{ trade: row({ exitPrice: 95.8, exitReason: 'trailing-stop' }), entryOrder: 1, exitOrder: 2 }],
      [
        sent(1, { kind: 'limit', limit: '100.5' }),
        sent(2, { kind: 'stop', stop: '94', limit: '93', filled: '0' }),
        sent(2, { version: 2, kind: 'stop', stop: '96', limit: '95', bar: bar(2) }),
      ],
    );
    expect([trade!.entry.reference, trade!.exit.reference]).toEqual(['100.5', '96']);
  });

  it('have the level as reference of a target too, which is sent once its price was reached', () => {
    const target = { limit: '110', mid: '104', isTarget: true };
    const [trade] = sessionTrades(
      [{ trade: row(), entryOrder: 1, exitOrder: 2 }],
      [sent(1, { limit: '100.5', mid: '100' }), sent(2, target)],
    );
    expect([trade!.entry.reference, trade!.exit.reference]).toEqual(['100', '110']);
  });

  it('weight versions by what each has traded', () => {
    // A quarter at 100 and three quarters at 104.
    const [trade] = sessionTrades(
      [{ trade: row(), entryOrder: 1, exitOrder: null }],
      [sent(1, { version: 2, mid: '104', filled: '0.75', bar: bar(1) }), sent(1, { mid: '100', filled: '0.25' })],
    );
    expect(trade!.entry.reference).toBe('103');
    // The first version is the decision, whatever came after it.
    expect(trade!.decidedAt).toBe(bar(0));
  });

  it('take the fill for the reference where no mid was recorded, or no order is known', () => {
    const [trade] = sessionTrades([{ trade: row(), entryOrder: 1, exitOrder: 7 }], [sent(1)]);
    expect(trade).toEqual(compared());
  });

  it('are marked where they are open', () => {
    const [trade] = sessionTrades(
      [{ trade: row({ exitPrice: 108 }), entryOrder: 1, exitOrder: null }],
      [sent(1, { mid: '99' })],
    );
    expect(trade).toMatchObject({ isOpen: true, exit: side(3, '108') });
  });

  it('are one for one entry and one decision to leave, in however many pieces they filled', () => {
    // Bought 1 at 100 and 3 at 102 by order 1, in two bars; sold by one order for each piece, decided at one bar, with one mid.
    const first = row({ size: 1, commission: 0.1 });
    const second = row({
      size: 3,
      entryPrice: 102,
      exitPrice: 112,
      entryTime: bar(2),
      exitTime: bar(4),
      commission: 0.5,
    });
    const trades = sessionTrades(
      [
        { trade: first, entryOrder: 1, exitOrder: 2 },
        { trade: second, entryOrder: 1, exitOrder: 3 },
      ],
      [
        sent(1, { mid: '99', filled: '4' }),
        sent(2, { bar: bar(2), mid: '110' }),
        sent(3, { bar: bar(2), mid: '110', filled: '3' }),
      ],
    );
    // (100 + 3 x 102) / 4 = 101.5; (110 + 3 x 112) / 4 = 111.5
    expect(trades).toEqual([
      compared({ units: '4', entry: side(1, '101.5', '99'), exit: side(4, '111.5', '110'), fees: '0.6' }),
    ]);
  });

  it('stay apart where they were left by other decisions, for other reasons, or are still open', () => {
    const orders = [sent(1), sent(2, { bar: bar(2) }), sent(3, { bar: bar(5) })];
    const booked = [
      { trade: row(), entryOrder: 1, exitOrder: 2 },
      { trade: row({ exitTime: bar(6) }), entryOrder: 1, exitOrder: 3 },
      { trade: row({ exitReason: 'stop-loss' as const }), entryOrder: 1, exitOrder: 2 },
      { trade: row(), entryOrder: 1, exitOrder: null },
      { trade: row({ symbol: 'ETH/USDT' }), entryOrder: 1, exitOrder: 2 },
    ];
    expect(sessionTrades(booked, orders)).toHaveLength(5);
  });
});
