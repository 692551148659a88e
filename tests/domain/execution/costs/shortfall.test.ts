import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import {
  type CostedFill,
  implementationShortfall,
  type ShortfallInput,
} from '../../../../domain/execution/costs/shortfall.ts';

const fill = (given: Partial<CostedFill> & Pick<CostedFill, 'price' | 'quantity'>): CostedFill => ({
  tradeId: '1',
  fee: '0',
  feeAsset: 'USDT',
  mid: null,
  ...given,
});

const order = (given: Partial<ShortfallInput>): ShortfallInput => ({
  side: 'buy',
  base: 'BTC',
  quote: 'USDT',
  ordered: '10',
  decision: '100',
  arrival: '100',
  end: '100',
  fills: [],
  ...given,
});

describe('implementation shortfall', () => {
  it('splits the published example into delay, execution and opportunity', () => {
    // Inputs of the acadifi example: buy 50,000, decision 42, arrival 42.30, 35,000 filled at 42.75, cancelled at 43.50, no fee.
    // Total 48,750 = 10,500 + 15,750 + 22,500; in bps of 50,000 * 42: 232.14 = 50 + 75 + 107.14.
    const cost = implementationShortfall(
      order({
        ordered: '50000',
        decision: '42',
        arrival: '42.30',
        end: '43.50',
        fills: [fill({ price: '42.75', quantity: '35000' })],
      }),
    );
    expect(cost).toMatchObject({
      quote: '48750',
      delay: '10500',
      execution: '15750',
      opportunity: '22500',
      fees: '0',
      bps: '232.142857',
      partsBps: { delay: '50', execution: '75', opportunity: '107.142857', fees: '0' },
    });
  });

  it('counts a falling price as a cost of a sell, and converts a fee in base at the mid of its fill', () => {
    // By hand, s = -1, F = 4 + 3 = 7, sum(q*p) = 4*99 + 3*98 = 690:
    //   delay       -(7 * (99.5 - 100))            = 3.5
    //   execution   -(690 - 7 * 99.5)              = 6.5
    //     spread    -(4*(99-99.2) + 3*(98-98.1))   = 1.1
    //     timing    -(4*(99.2-99.5) + 3*(98.1-99.5)) = 5.4
    //   opportunity -(3 * (97 - 100))              = 9
    //   fees        0.396 + 0.003 * 98.1           = 0.6903
    //   total 19.6903; of 10 * 100 that is 196.903 bps
    const cost = implementationShortfall(
      order({
        side: 'sell',
        arrival: '99.5',
        end: '97',
        fills: [
          fill({ price: '99', quantity: '4', mid: '99.2', fee: '0.396' }),
          fill({ price: '98', quantity: '3', mid: '98.1', fee: '0.003', feeAsset: 'BTC' }),
        ],
      }),
    );
    expect(cost).toEqual({
      quote: '19.6903',
      bps: '196.903',
      delay: '3.5',
      execution: '6.5',
      opportunity: '9',
      fees: '0.6903',
      partsBps: { delay: '35', execution: '65', opportunity: '90', fees: '6.903' },
      spread: '1.1',
      timing: '5.4',
      reasons: {},
    });
  });

  it('converts a fee in a third asset at the price given for the fill', () => {
    // 0.001 BNB * 512.5 USDT per BNB = 0.5125 USDT
    const bnb = fill({ price: '100', quantity: '10', fee: '0.001', feeAsset: 'BNB', feePrice: '512.5' });
    expect(implementationShortfall(order({ fills: [bnb] }))).toMatchObject({ fees: '0.5125', quote: '0.5125' });
  });

  it.each([
    ['in base without a mid', { feeAsset: 'BTC' }],
    ['in a third asset without its price', { feeAsset: 'BNB', mid: '100' }],
    ['in a third asset whose price is unknown', { feeAsset: 'BNB', mid: '100', feePrice: null }],
  ])('has no total when a fee %s cannot be converted, and says which', (_, given) => {
    const cost = implementationShortfall(
      order({ fills: [fill({ tradeId: '77', price: '101', quantity: '10', fee: '0.01', ...given })] }),
    );
    expect(cost).toMatchObject({ fees: null, quote: null, bps: null, execution: '10', delay: '0', opportunity: '0' });
    for (const field of ['fees', 'quote', 'bps']) expect(cost.reasons[field]).toContain('trade 77');
  });

  it('needs no conversion of a fee of zero', () => {
    const free = fill({ price: '100', quantity: '10', feeAsset: 'BNB' });
    expect(implementationShortfall(order({ fills: [free] }))).toMatchObject({ fees: '0', quote: '0' });
  });

  it('counts a rebate as a negative cost', () => {
    const rebated = fill({ price: '100', quantity: '10', fee: '-0.25' });
    expect(implementationShortfall(order({ fills: [rebated] }))).toMatchObject({ fees: '-0.25', quote: '-0.25' });
  });

  it('values what was not filled, even when nothing was', () => {
    // 10 * (103 - 100) = 30, and 30 / 1000 = 300 bps
    expect(implementationShortfall(order({ arrival: null, end: '103' }))).toMatchObject({
      quote: '30',
      bps: '300',
      delay: '0',
      execution: '0',
      opportunity: '30',
    });
  });

  it.each([
    ['decision', ['delay', 'opportunity', 'quote', 'bps', 'partsBps.delay', 'partsBps.execution', 'partsBps.fees']],
    ['arrival', ['delay', 'execution', 'partsBps.delay', 'partsBps.execution', 'timing']],
    ['end', ['opportunity', 'quote', 'bps', 'partsBps.opportunity']],
  ] as const)('leaves undefined exactly what needs the missing %s mid, each with a reason', (price, fields) => {
    const cost = implementationShortfall(
      order({ [price]: null, fills: [fill({ price: '101', quantity: '4', mid: '100.5' })] }),
    );
    const flat = {
      ...cost,
      ...Object.fromEntries(Object.entries(cost.partsBps).map(([k, v]) => [`partsBps.${k}`, v])),
    };
    for (const field of fields) expect(flat).toHaveProperty([field], null);
    const undefinedFields = Object.entries(flat).flatMap(([field, value]) => (value === null ? [field] : []));
    expect(Object.keys(cost.reasons).toSorted()).toEqual(undefinedFields.toSorted());
    for (const reason of Object.values(cost.reasons)) expect(reason).toMatch(/^no mid is known for/);
  });

  it('knows the total without an arrival mid, which only splits it', () => {
    // 4 * (101 - 100) + 6 * (102 - 100) = 16
    const cost = implementationShortfall(
      order({ arrival: null, end: '102', fills: [fill({ price: '101', quantity: '4' })] }),
    );
    expect(cost.quote).toBe('16');
  });

  it('names a text that is no number', () => {
    expect(() => implementationShortfall(order({ ordered: '1e3' }))).toThrow('"1e3" is not a plain decimal number');
  });

  describe('for any execution', () => {
    // Prices in cents up to 1,000,000.00, quantities in lots of 0.00001: whole numbers, so that BigInt can be the judge.
    const cents = fc.bigInt(1n, 100_000_000n);
    const lots = fc.bigInt(1n, 1_000_000_000n);
    const text = (units: bigint, decimals: number) =>
      new Big(units.toString()).div(new Big(10).pow(decimals)).toFixed();
    const execution = fc
      .record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        unfilled: fc.bigInt(0n, 1_000_000_000n),
        decision: cents,
        arrival: cents,
        end: cents,
        fills: fc.array(fc.record({ price: cents, quantity: lots, mid: cents, fee: fc.bigInt(-1_000n, 1_000_000n) }), {
          maxLength: 12,
        }),
      })
      .filter((given) => given.unfilled > 0n || given.fills.length > 0);
    const inputOf = (given: typeof execution extends fc.Arbitrary<infer T> ? T : never): ShortfallInput =>
      order({
        side: given.side,
        ordered: text(
          given.fills.reduce((sum, each) => sum + each.quantity, given.unfilled),
          5,
        ),
        decision: text(given.decision, 2),
        arrival: text(given.arrival, 2),
        end: text(given.end, 2),
        fills: given.fills.map((each) =>
          fill({
            price: text(each.price, 2),
            quantity: text(each.quantity, 5),
            mid: text(each.mid, 2),
            fee: text(each.fee, 7),
          }),
        ),
      });
    const exact = (value: string | null) => new Big(value ?? 'undefined');

    it('sums delay, execution, opportunity and fees to the total, and spread and timing to execution, exactly', () => {
      fc.assert(
        fc.property(execution, (given) => {
          const cost = implementationShortfall(inputOf(given));
          const parts = [cost.delay, cost.execution, cost.opportunity, cost.fees].map(exact);
          expect(parts.reduce((sum, part) => sum.plus(part)).toFixed()).toBe(exact(cost.quote).toFixed());
          expect(exact(cost.spread).plus(exact(cost.timing)).toFixed()).toBe(exact(cost.execution).toFixed());
        }),
        { numRuns: 200 },
      );
    });

    it('agrees with the definition worked out in whole numbers', () => {
      fc.assert(
        fc.property(execution, (given) => {
          // In units of 1e-7 quote: cents times lots, and fees as drawn.
          const sign = given.side === 'buy' ? 1n : -1n;
          const paid = given.fills.reduce((sum, each) => sum + each.quantity * (each.price - given.decision), 0n);
          const fees = given.fills.reduce((sum, each) => sum + each.fee, 0n);
          const total = sign * (paid + given.unfilled * (given.end - given.decision)) + fees;
          expect(implementationShortfall(inputOf(given)).quote).toBe(text(total, 7));
        }),
        { numRuns: 200 },
      );
    });

    it('costs a seller what it spares a buyer, fees aside', () => {
      fc.assert(
        fc.property(execution, (given) => {
          const free = { ...given, fills: given.fills.map((each) => ({ ...each, fee: 0n })) };
          const buy = implementationShortfall(inputOf({ ...free, side: 'buy' }));
          const sell = implementationShortfall(inputOf({ ...free, side: 'sell' }));
          for (const field of ['quote', 'bps', 'delay', 'execution', 'opportunity', 'spread', 'timing'] as const) {
            expect(exact(buy[field]).plus(exact(sell[field])).eq(0)).toBe(true);
          }
        }),
        { numRuns: 100 },
      );
    });
  });
});
