import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LedgerOrder } from '../../../../domain/execution/verification/duplicates.ts';
import { verifyExecution, type VerifyInput } from '../../../../domain/execution/verification/verify.ts';
import { clientOrderId } from '../../../../domain/orders/client-order-id.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const idOf = (child: number, attempt = 1, executionId = 'e1') => clientOrderId(executionId, child, attempt, sha256);

const order = (orderId: string, child: number, given: Partial<LedgerOrder> = {}, attempt = 1): LedgerOrder => ({
  orderId,
  clientOrderId: idOf(child, attempt),
  symbol: 'BTC/USDT',
  side: 'buy',
  status: 'filled',
  filled: '0.5',
  ...given,
});
const trade = (tradeId: string, orderId: string, quantity = '0.5', price = '60000') => ({
  tradeId,
  orderId,
  price,
  quantity,
  symbol: 'BTC/USDT',
});

// Two children of three filled: 0.5 in one trade and 0.3 + 0.2 in two; ordered 1.500003, of which 0.000003 is dust.
const sound: VerifyInput = {
  execution: {
    id: 'e1',
    symbol: 'BTC/USDT',
    side: 'buy',
    ordered: '1.500003',
    filled: '1',
    residual: '0.500003',
    children: 3,
    clientOrderIds: [idOf(1), idOf(2), idOf(3)],
    slices: [1, 2, 3].map((n) => ({ n, target: `${n * 0.5}`, clientOrderIds: [idOf(n)] })),
    isFinal: true,
  },
  storedFills: [trade('11', '1'), trade('12', '2', '0.3'), trade('13', '2', '0.2')],
  ledger: {
    orders: [
      order('1', 1),
      order('2', 2),
      order('9', 1, { clientOrderId: idOf(1, 1, 'other') }),
      order('8', 1, { clientOrderId: null }),
    ],
    fills: [trade('11', '1'), trade('12', '2', '0.3'), trade('13', '2', '0.2'), trade('14', '9'), trade('15', '8')],
  },
  instrument: { minQuantity: '0.00001', minNotional: '5' },
  sha256,
};

const withOrders = (...orders: LedgerOrder[]): VerifyInput => ({
  ...sound,
  ledger: { ...sound.ledger, orders: [...sound.ledger.orders, ...orders] },
});
const withTrades = (input: VerifyInput, ...trades: ReturnType<typeof trade>[]): VerifyInput => ({
  ...input,
  ledger: { ...input.ledger, fills: [...input.ledger.fills, ...trades] },
});
const withStored = (input: VerifyInput, ...fills: ReturnType<typeof trade>[]): VerifyInput => ({
  ...input,
  storedFills: [...input.storedFills, ...fills],
});
const reporting = (input: VerifyInput, given: Partial<VerifyInput['execution']>): VerifyInput => ({
  ...input,
  execution: { ...input.execution, ...given },
});

describe('verify', () => {
  it('finds a sound execution exact, whatever else is in the ledger', () => {
    expect(verifyExecution(sound)).toEqual({
      ordered: '1.500003',
      filled: '1',
      residual: '0.500003',
      duplicates: 0,
      lost: 0,
      doubleCounted: 0,
      leftOpen: 0,
      overfilled: '0',
      exact: true,
      details: {
        acceptedOrders: 2,
        ledgerTrades: 3,
        duplicateOrders: [],
        lostTradeIds: [],
        doubleCountedTradeIds: [],
        misdirectedOrderIds: [],
        foreignClientOrderIds: [],
        leftOpenOrderIds: [],
        ahead: [],
        ownClientOrderIds: [idOf(1), idOf(2)],
        findings: [],
      },
    });
  });

  it('finds an execution that sent nothing exact', () => {
    const nothing = { ...sound, storedFills: [], ledger: { orders: [], fills: [] } };
    const verdict = verifyExecution(reporting(nothing, { filled: '0', residual: '1.500003', clientOrderIds: [] }));
    expect(verdict).toMatchObject({ exact: true, filled: '0' });
  });

  it('takes numbers for what they are worth, not for how they are written', () => {
    const padded = {
      ...sound,
      storedFills: [trade('11', '1', '0.50000000', '60000.00'), ...sound.storedFills.slice(1)],
    };
    expect(verifyExecution(reporting(padded, { filled: '1.000' })).exact).toBe(true);
  });

  describe('duplicates', () => {
    it('counts an order that shares its client order id with another', () => {
      const verdict = verifyExecution(withOrders(order('3', 2, { status: 'expired', filled: '0' })));
      expect(verdict).toMatchObject({ duplicates: 1, lost: 0, doubleCounted: 0, exact: false });
      expect(verdict.details.duplicateOrders).toEqual([
        { orderId: '3', clientOrderId: idOf(2), child: 2, attempt: 1, kind: 'same-id' },
      ]);
    });

    it.each(['open', 'filled', 'cancelled'] as const)(
      'counts a further attempt beside an earlier one that is %s',
      (status) => {
        const beside = [
          order('1', 1),
          order('2', 2),
          order('3', 3, { status, filled: '0' }),
          order('4', 3, { status: 'expired', filled: '0' }, 2),
        ];
        const verdict = verifyExecution({ ...sound, ledger: { ...sound.ledger, orders: beside } });
        expect(verdict).toMatchObject({ duplicates: 1, exact: false });
        expect(verdict.details.duplicateOrders).toMatchObject([
          { orderId: '4', child: 3, attempt: 2, kind: 'further-attempt' },
        ]);
      },
    );

    it.each(['expired', 'rejected'] as const)(
      'allows a further attempt after an earlier one that ended %s',
      (status) => {
        const after = [order('3', 3, { status, filled: '0' }), order('4', 3, { status: 'expired', filled: '0' }, 2)];
        expect(verifyExecution(withOrders(...after))).toMatchObject({ duplicates: 0, exact: true });
      },
    );

    it('counts every one of three good attempts but the first', () => {
      const three = [1, 2, 3].map((attempt) => order(`3${attempt}`, 3, { status: 'open', filled: '0' }, attempt));
      expect(verifyExecution(withOrders(...three)).duplicates).toBe(2);
    });

    it('does not count a refused order under an id that was accepted too', () => {
      expect(verifyExecution(withOrders(order('3', 2, { status: 'rejected', filled: '0' }))).exact).toBe(true);
    });
  });

  describe('lost', () => {
    it('counts a ledger trade that is not stored', () => {
      const verdict = verifyExecution({ ...sound, storedFills: sound.storedFills.slice(0, 2) });
      expect(verdict).toMatchObject({ lost: 1, doubleCounted: 0, exact: false });
      expect(verdict.details.lostTradeIds).toEqual(['13']);
    });

    it.each([
      ['of an order that our side has no record of', 3, 1],
      ['of an attempt that our side has no record of', 2, 7],
      ['of a child beyond the plan', 20, 1],
    ])('counts a trade %s', (_, child, attempt) => {
      const unknown = order('7', child, { status: 'expired', filled: '0.1' }, attempt);
      const verdict = verifyExecution(withTrades(withOrders(unknown), trade('77', '7', '0.1')));
      expect(verdict).toMatchObject({ lost: 1, filled: '1.1', exact: false });
      expect(verdict.details.lostTradeIds).toEqual(['77']);
    });
  });

  describe('double counted', () => {
    it('counts a fill that is stored twice', () => {
      const verdict = verifyExecution(withStored(sound, trade('11', '1')));
      expect(verdict).toMatchObject({ lost: 0, doubleCounted: 1, exact: false });
      expect(verdict.details.doubleCountedTradeIds).toEqual(['11']);
    });

    it('counts a stored fill that the ledger does not know', () => {
      expect(verifyExecution(withStored(sound, trade('99', '2')))).toMatchObject({ doubleCounted: 1, exact: false });
    });

    it("counts a stored fill that is somebody else's trade", () => {
      expect(verifyExecution(withStored(sound, trade('14', '9')))).toMatchObject({ doubleCounted: 1, exact: false });
    });

    it.each([
      ['quantity', trade('11', '1', '0.4')],
      ['price', trade('11', '1', '0.5', '60001')],
      ['order', trade('11', '2')],
    ])('takes a stored fill with another %s for no record of the trade, which is then lost', (_, wrong) => {
      const verdict = verifyExecution({ ...sound, storedFills: [wrong, ...sound.storedFills.slice(1)] });
      expect(verdict).toMatchObject({ lost: 1, doubleCounted: 1, exact: false });
    });
  });

  describe('quantities', () => {
    it('are not exact when the report has filled another amount than the ledger', () => {
      const verdict = verifyExecution(reporting(sound, { filled: '1.1', residual: '0.400003' }));
      expect(verdict).toMatchObject({ duplicates: 0, lost: 0, doubleCounted: 0, filled: '1', exact: false });
    });

    it('are not exact when filled and residual are not what was ordered, be it by the dust', () => {
      const verdict = verifyExecution(reporting(sound, { residual: '0.5' }));
      expect(verdict).toMatchObject({ residual: '0.5', exact: false });
      expect(verdict.details.findings).toEqual(['filled 1 + residual 0.5 is not what was ordered, 1.500003']);
    });

    it("are not exact when the ledger's orders and its trades disagree", () => {
      const orders = [order('1', 1), order('2', 2, { filled: '0.6' })];
      expect(verifyExecution({ ...sound, ledger: { ...sound.ledger, orders } }).exact).toBe(false);
    });

    it.each([
      ['side', { side: 'sell' as const }],
      ['symbol', { symbol: 'ETH/USDT' }],
    ])('do not count an order under our id with the wrong %s as filled', (_, given) => {
      const orders = [order('1', 1), order('2', 2, given)];
      const fills = sound.ledger.fills.map((each) => (each.orderId === '2' ? { ...each, ...given } : each));
      const verdict = verifyExecution({ ...sound, ledger: { orders, fills } });
      expect(verdict).toMatchObject({ filled: '0.5', exact: false });
      expect(verdict.details.misdirectedOrderIds).toEqual(['2']);
    });
  });

  describe('more than was ordered', () => {
    // Three orders of 0.6 under three children: our books and the ledger agree, and the residual makes the sum right.
    const thrice = [1, 2, 3].map((n) => trade(`2${n}`, `${n}`, '0.6'));
    const overfilled = (ordered: string, residual: string, targets: readonly string[]): VerifyInput => ({
      ...reporting(sound, {
        ordered,
        filled: '1.8',
        residual,
        slices: targets.map((target, index) => ({ n: index + 1, target, clientOrderIds: [idOf(index + 1)] })),
      }),
      storedFills: thrice,
      ledger: { orders: [1, 2, 3].map((n) => order(`${n}`, n, { filled: '0.6' })), fills: thrice },
    });

    it('is not exact, though filled and residual add up', () => {
      const verdict = verifyExecution(overfilled('1', '-0.8', ['2', '2', '2']));
      expect(verdict).toMatchObject({ duplicates: 0, lost: 0, doubleCounted: 0, overfilled: '0.8', exact: false });
      expect(verdict.details.findings).toEqual(['filled 1.8 is more than was ordered, 1']);
    });

    it('is seen in the middle, though the end is as ordered', () => {
      const verdict = verifyExecution(overfilled('2', '0.2', ['0.6', '1', '1.8']));
      expect(verdict).toMatchObject({ overfilled: '0', exact: false });
      expect(verdict.details.ahead).toEqual([{ n: 2, target: '1', filled: '1.2' }]);
      expect(verdict.details.findings).toEqual(['1.2 had filled by slice 2, whose target is 1']);
    });

    it('is told of the slices alone whose own orders were too much, in whatever order they are listed', () => {
      const slices = [
        { n: 4, target: '1.8', clientOrderIds: [idOf(3)] },
        { n: 3, target: '1.1', clientOrderIds: [] },
        { n: 1, target: '0.6', clientOrderIds: [idOf(1)] },
        { n: 2, target: '1', clientOrderIds: [idOf(2)] },
      ];
      const verdict = verifyExecution(reporting(overfilled('2', '0.2', []), { slices }));
      expect(verdict.details.ahead).toEqual([{ n: 2, target: '1', filled: '1.2' }]);
    });

    // At 60000 an order of 5 USDT is 0.0000833: the venue takes no 0.00005 of its own, and 0.0001 it does.
    it.each([
      { what: 'no lead', target: '1.79995', exact: true },
      { what: 'a lead', target: '1.7999', exact: false },
    ])('is $what when the slice before the last ends at the whole from $target', ({ target, exact }) => {
      const input = overfilled('1.8', '0', ['0.6', '1.2', target, '1.8']);
      expect(verifyExecution(input).exact).toBe(exact);
    });

    it('is a lead, however small, that is not the end', () => {
      const verdict = verifyExecution(overfilled('2', '0.2', ['0.6', '1.19995', '1.8', '2']));
      expect(verdict.details.ahead).toEqual([{ n: 2, target: '1.19995', filled: '1.2' }]);
    });

    it('is not what a schedule is that has been followed to the lot', () => {
      expect(verifyExecution(overfilled('2', '0.2', ['0.6', '1.2', '1.8']))).toMatchObject({ exact: true });
    });
  });

  describe('an order that is still open', () => {
    const resting = [order('1', 1), order('2', 2), order('3', 3, { status: 'open', filled: '0' })];
    const withOpen = { ...sound, ledger: { ...sound.ledger, orders: resting } };

    it('is no error while the execution goes on', () => {
      expect(verifyExecution(reporting(withOpen, { isFinal: false }))).toMatchObject({ leftOpen: 0, exact: true });
    });

    it('is not exact once the execution is over: the next print may fill it', () => {
      const verdict = verifyExecution(withOpen);
      expect(verdict).toMatchObject({ duplicates: 0, lost: 0, doubleCounted: 0, leftOpen: 1, exact: false });
      expect(verdict.details.leftOpenOrderIds).toEqual(['3']);
      expect(verdict.details.findings).toEqual(['order 3 is still open at the venue, though the execution is over']);
    });
  });

  it('names an id on record that the execution does not lead to', () => {
    const foreign = idOf(1, 1, 'other');
    expect(
      verifyExecution(reporting(sound, { clientOrderIds: [idOf(1), foreign] })).details.foreignClientOrderIds,
    ).toEqual([foreign]);
  });

  it('keeps trades of equal order ids on different symbols apart', () => {
    const elsewhere = withTrades(sound, { ...trade('16', '1'), symbol: 'ETH/USDT' });
    expect(verifyExecution(elsewhere)).toMatchObject({ exact: true, lost: 0 });
  });

  it('looks on beyond each attempt and child that it finds a trace of', () => {
    // Attempt 15 lies further from the first than the search goes without a trace; attempt 8 leads there. Likewise child 38 by way of 20.
    const traces = [
      order('6', 3, { status: 'expired', filled: '0' }, 8),
      order('7', 3, { status: 'expired', filled: '0' }, 15),
      order('60', 20, { status: 'expired', filled: '0' }),
      order('70', 38, { status: 'expired', filled: '0' }),
    ];
    expect(verifyExecution(withOrders(...traces)).details.acceptedOrders).toBe(6);
  });

  it('ends even when every id is the same', () => {
    const same = 'a'.repeat(32);
    const constant = { ...reporting(sound, { clientOrderIds: [same] }), sha256: () => 'a'.repeat(64) };
    expect(verifyExecution(constant).exact).toBe(false);
  });
});
