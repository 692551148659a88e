import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  evidenceOf,
  ownOrders,
  type SessionAccount,
  standingOf,
  type WitnessLedger,
} from '../../../../bin/chaos/sessions/read-evidence.ts';
import type { RunningSession } from '../../../../bin/chaos/sessions/start-sessions.ts';
import { clientOrderId } from '../../../../domain/orders/client-order-id.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const idOf = (executionId: string, attempt = 1) => clientOrderId(executionId, 1, attempt, sha256);
const at = (second: number) => new Date(second * 1_000).toISOString();

const ORDER = { symbol: 'BTC/USDT', side: 'sell', status: 'filled', stopPrice: null, quantity: '0.05' } as const;
const FILL = { symbol: 'BTC/USDT', side: 'sell', price: '50000', fee: '2.5', feeAsset: 'USDT' } as const;
/** An entry, its stop that was cancelled, the exit, and a trade of somebody else. */
const LEDGER: WitnessLedger = {
  orders: [
    { ...ORDER, orderId: '1', clientOrderId: idOf('entry'), side: 'buy', acceptedAt: 6_000, updatedAt: 6_000 },
    {
      ...ORDER,
      orderId: '2',
      clientOrderId: idOf('stop'),
      status: 'cancelled',
      stopPrice: '49000',
      acceptedAt: 6_500,
      updatedAt: 11_000,
    },
    { ...ORDER, orderId: '3', clientOrderId: idOf('exit', 2), acceptedAt: 12_000, updatedAt: 12_000 },
    { ...ORDER, orderId: '4', clientOrderId: 'of somebody', acceptedAt: 13_000, updatedAt: 13_000 },
  ],
  fills: [
    { ...FILL, orderId: '1', side: 'buy', quantity: '0.05', fee: '0.00005', feeAsset: 'BTC', at: 6_000 },
    { ...FILL, orderId: '3', quantity: '0.04', at: 12_000 },
    { ...FILL, orderId: '4', quantity: '7', at: 13_000 },
  ],
};

const order = (executionId: string, more: object) => ({ executionId, side: 'sell', kind: 'marketable', ...more });
const ACCOUNT = {
  view: {
    name: 'by hand',
    timeframe: '5s',
    startBar: at(0),
    lastBar: at(10),
    positions: [{ symbol: 'BTC/USDT', units: 0.00995 }],
    dust: { 'BTC/USDT': '0.00001' },
  },
  orders: [
    order('entry', { order: 1, side: 'buy', purpose: 'entry', bar: at(0), createdAt: at(5.5), endedAt: at(6) }),
    order('stop', { order: 2, kind: 'stop', purpose: 'stop-loss', bar: at(0), createdAt: at(6.2), endedAt: at(11) }),
    order('exit', { order: 3, purpose: 'exit', bar: at(5), createdAt: at(11.5), endedAt: at(12.5) }),
  ],
  decisions: [{ bar: at(5), close: 50_000, decidedAt: at(10.3) }],
  journal: [],
  executions: [{ id: 'entry' }, { id: 'stop' }, { id: 'exit' }],
  closedTrades: 1,
  instrument: { symbol: 'BTC/USDT', base: 'BTC', minQuantity: '0.00001', minNotional: '5' },
} as unknown as SessionAccount;
const SESSION = { id: 's1', units: '0.05' } as RunningSession;
const evidence = (account: Partial<SessionAccount> = {}) =>
  evidenceOf(SESSION, { ...ACCOUNT, ...account }, LEDGER, [], 60_000);

describe('evidence about a session', () => {
  it('has its own orders and trades of the ledger, by ids that its executions lead to', () => {
    const { orders, fills } = evidence();
    expect(orders).toEqual([
      expect.objectContaining({ orderId: '1', purpose: 'entry', isStop: false, endedAt: 6_000 }),
      expect.objectContaining({ orderId: '2', purpose: 'stop-loss', isStop: true, acceptedAt: 6_500, endedAt: 11_000 }),
      expect.objectContaining({ orderId: '3', purpose: 'exit', isStop: false }),
    ]);
    expect(fills).toEqual([
      { orderId: '1', side: 'buy', quantity: '0.05', feeBase: '0.00005', at: 6_000 },
      { orderId: '3', side: 'sell', quantity: '0.04', feeBase: '0', at: 12_000 },
    ]);
    expect([...ownOrders(LEDGER, ['exit'])]).toEqual([[idOf('exit', 2), 'exit']]);
  });

  it('counts an order that the session has forgotten', () => {
    const { orders } = evidence({ orders: [] });
    expect(orders.map(({ purpose }) => purpose)).toEqual(['entry', 'exit', 'exit']);
  });

  it('has orders that still work without an end', () => {
    const working = LEDGER.orders.map((each) => ({ ...each, status: 'open' as const }));
    const { orders } = evidenceOf(SESSION, ACCOUNT, { ...LEDGER, orders: working }, [], 60_000);
    expect(orders.map(({ endedAt }) => endedAt)).toEqual([null, null, null]);
  });

  it('takes what the venue takes for no order, at the lowest price, and a tenth more, for nothing', () => {
    // 5 / 50000 = 0.0001, times 1.1.
    expect(evidence().least).toBe('0.00011');
  });

  it('has an exit from its decision to the end of its order', () => {
    expect(evidence().exits).toEqual([{ from: 10_300, until: 12_500 }]);
  });

  it('has a target from when its price was reached, and a person’s word from when it was given', () => {
    const target = order('exit', { order: 3, purpose: 'take-profit', bar: at(0), createdAt: at(11.5), endedAt: null });
    const journal = [
      { seq: 1, after: null, kind: 'reached', order: 2, recordedAt: at(3) },
      { seq: 2, after: null, kind: 'reached', order: 3, recordedAt: at(11) },
    ];
    expect(evidence({ orders: [target], journal } as never).exits).toEqual([{ from: 11_000, until: null }]);
    const flat = order('exit', { order: 3, purpose: 'exit', bar: null, createdAt: at(11.5), endedAt: at(12) });
    const told = [8, 11, 13].map((second) => ({ seq: 1, after: null, kind: 'flatten', recordedAt: at(second) }));
    expect(evidence({ orders: [flat], journal: told } as never).exits).toEqual([{ from: 11_000, until: 12_000 }]);
  });

  it('has the market order of a stop that could not rest from when it was made', () => {
    const refused = order('exit', { order: 3, purpose: 'stop-loss', bar: at(0), createdAt: at(11.5), endedAt: at(12) });
    expect(evidence({ orders: [refused] } as never).exits).toEqual([{ from: 11_500, until: 12_000 }]);
  });

  it('says what is held by both sides: position and dust, and all trades less fees in base', () => {
    // Books: 0.00995 + 0.00001. Ledger: 0.05 - 0.00005 - 0.04.
    expect(standingOf('then', ACCOUNT, LEDGER)).toEqual({ when: 'then', inBooks: '0.00996', inLedger: '0.00995' });
  });
});
