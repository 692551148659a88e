import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Big from 'big.js';
import type { JournalEntry } from '../../../domain/session/journal.ts';
import type { PlacedOrder } from '../../../domain/session/order.ts';
import { takeIn } from '../../../domain/session/take-in.ts';
import { orderProgress as progress } from './order-progress.ts';

const order = (changes: Partial<PlacedOrder> = {}): PlacedOrder => ({
  order: 1,
  version: 1,
  symbol: 'BTC/USDT',
  side: 'buy',
  kind: 'marketable',
  purpose: 'entry',
  quantity: '0.3',
  executionId: 'e1',
  state: 'open',
  cancelRequested: false,
  ...changes,
});

const entries = (intake: ReturnType<typeof takeIn>, before: readonly JournalEntry[] = []): readonly JournalEntry[] => [
  ...before,
  ...intake.events.map((event, i) => ({ seq: before.length + i + 1, after: null, event })),
];

describe('takeIn', () => {
  it('tells fees in a third asset, each once', () => {
    const first = progress({ filled: '0.1', notional: '6000', otherFees: { BNB: '0.01' } });
    const intake = takeIn([order()], [first], []);
    expect(intake.events).toMatchObject([{ kind: 'execution', feeQuote: '0', otherFees: { BNB: '0.01' } }]);
    const journal = entries(intake);
    const next = takeIn(
      [order()],
      [{ ...first, filled: '0.3', notional: '18000', otherFees: { BNB: '0.03' } }],
      journal,
    );
    expect(next.events).toMatchObject([{ quantity: '0.2', otherFees: { BNB: '0.02' } }]);
    const last = entries(next, journal);
    expect(
      takeIn([order()], [{ ...first, filled: '0.3', notional: '18000', otherFees: { BNB: '0.03' } }], last),
    ).toEqual(takeIn([order()], [progress({ filled: '0.3', notional: '18000' })], last));
    // Without any the event is as it always was.
    expect(takeIn([order()], [progress({ filled: '0.1', notional: '6000' })], []).events[0]).not.toHaveProperty(
      'otherFees',
    );
  });

  it('knows nothing new of an order that has not traded', () => {
    expect(takeIn([order()], [progress()], [])).toEqual({
      events: [],
      working: [],
      ended: [],
      complete: [],
      taken: [],
    });
  });

  it('marks an order as working once the venue has it, once', () => {
    expect(takeIn([order()], [progress({ atVenue: true })], []).working).toEqual(['e1']);
    expect(takeIn([order({ state: 'working' })], [progress({ atVenue: true })], []).working).toEqual([]);
  });

  it('tells the trades since the last entry as one, with their own mean price and fees', () => {
    // 0.1 at 100, then 0.1 at 110 and 0.1 at 130: what came second has traded 0.2 for 24, 120 a unit.
    const first = takeIn([order()], [progress({ filled: '0.1', notional: '10', feeQuote: '0.01', fills: 1 })], []);
    expect(first.events).toEqual([
      {
        kind: 'execution',
        order: 1,
        version: 1,
        quantity: '0.1',
        price: '100',
        feeBase: '0',
        feeQuote: '0.01',
        maker: false,
      },
    ]);
    const now = progress({ filled: '0.3', notional: '34', feeQuote: '0.034', fills: 3, allMaker: true });
    const second = takeIn([order()], [now], entries(first));
    expect(second.events).toEqual([
      {
        kind: 'execution',
        order: 1,
        version: 1,
        quantity: '0.2',
        price: '120',
        feeBase: '0',
        feeQuote: '0.024',
        maker: true,
      },
    ]);
    expect(second.taken).toEqual([{ executionId: 'e1', quantity: '0.3', fills: 3 }]);
    expect(second.complete).toEqual(['e1']);
  });

  it('tells the end after the last trade, and what it ended as', () => {
    const end = progress({ filled: '0.3', notional: '30', fills: 1, final: { status: 'completed', problem: null } });
    const intake = takeIn([order()], [end], []);
    expect(intake.events.map(({ kind }) => kind)).toEqual(['execution', 'ended']);
    expect(intake.events[1]).toEqual({ kind: 'ended', order: 1, version: 1, status: 'filled', problem: null });
    expect(intake.ended).toEqual(['e1']);
  });

  it('keeps why an order failed', () => {
    const problem = { code: '-2010', detail: 'insufficient balance' };
    const [ended] = takeIn([order()], [progress({ final: { status: 'failed', problem } })], []).events;
    expect(ended).toEqual({ kind: 'ended', order: 1, version: 1, status: 'failed', problem });
  });

  it('still takes in a trade that comes to be known after the end', () => {
    const late = progress({ filled: '0.1', notional: '10', fills: 1, final: { status: 'cancelled', problem: null } });
    const intake = takeIn([order({ state: 'ended' })], [late], []);
    expect(intake.events.map(({ kind }) => kind)).toEqual(['execution']);
    expect(intake.ended).toEqual([]);
  });

  it('puts sells before buys: what is sold pays for what is bought', () => {
    const placed = [order(), order({ order: 2, side: 'sell', executionId: 'e2' })];
    const traded = { filled: '0.1', notional: '10', fills: 1 };
    const { events } = takeIn(placed, [progress(traded), progress({ ...traded, executionId: 'e2' })], []);
    expect(events.map((event) => (event.kind === 'execution' ? event.order : null))).toEqual([2, 1]);
  });

  it('gives nothing the second time, and in any number of pieces the exact sums', () => {
    const trade = fc.record({
      lots: fc.integer({ min: 1, max: 1_000 }),
      ticks: fc.integer({ min: 1, max: 9_999_999 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 12 }), (trades) => {
        let journal: readonly JournalEntry[] = [];
        let filled = new Big(0);
        let notional = new Big(0);
        for (const { lots, ticks } of trades) {
          const quantity = new Big(lots).times('0.00001');
          filled = filled.plus(quantity);
          notional = notional.plus(quantity.times(ticks).times('0.01'));
          const now = progress({ filled: filled.toFixed(), notional: notional.toFixed(), feeBase: quantity.toFixed() });
          journal = entries(
            takeIn([order()], [{ ...now, feeBase: filled.times('0.001').toFixed() }], journal),
            journal,
          );
          expect(takeIn([order()], [{ ...now, feeBase: filled.times('0.001').toFixed() }], journal).events).toEqual([]);
        }
        let [quantity, paid, fee] = [new Big(0), new Big(0), new Big(0)];
        for (const { event } of journal) {
          if (event.kind !== 'execution') continue;
          quantity = quantity.plus(event.quantity);
          paid = paid.plus(new Big(event.quantity).times(event.price));
          fee = fee.plus(event.feeBase);
        }
        expect(quantity.toFixed()).toBe(filled.toFixed());
        expect(fee.toFixed()).toBe(filled.times('0.001').toFixed());
        // Prices have 18 decimals: what is lost in one entry is made good by the next.
        expect(paid.minus(notional).abs().lt('1e-17')).toBe(true);
      }),
    );
  });
});
