import { describe, expect, it } from '@jest/globals';
import { markOf, ordersOfNobody } from '../../../bin/chaos/strangers.ts';

const order = (orderId: string, clientOrderId: string | null, symbol = 'BTC/USDT') => ({
  orderId,
  clientOrderId,
  symbol,
  side: 'buy' as const,
  status: 'filled' as const,
  filled: '1',
});
const ledger = (...orders: ReturnType<typeof order>[]) => ({ orders, fills: [] });

describe('orders of nobody', () => {
  const before = markOf(ledger(order('1', 'earlier'), order('2', null)));
  const own = new Set(['ours']);
  const found = (...orders: ReturnType<typeof order>[]) =>
    ordersOfNobody(ledger(order('1', 'earlier'), order('2', null), ...orders), before, own).map(
      ({ orderId, symbol }) => `${symbol} ${orderId}`,
    );

  it('are none where all that came is ours', () => {
    expect(found(order('3', 'ours'))).toEqual([]);
  });

  it('are those under an id that no execution leads to, and under none', () => {
    expect(found(order('3', 'ours'), order('4', 'wrong-hash'), order('5', null))).toEqual(['BTC/USDT 4', 'BTC/USDT 5']);
  });

  it('are told apart by symbol', () => {
    expect(found(order('1', 'wrong-hash', 'ETH/USDT'))).toEqual(['ETH/USDT 1']);
  });
});
