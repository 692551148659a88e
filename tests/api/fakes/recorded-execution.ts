import type { ExecutionRecord } from '../../../adapters/ports/execution-store.ts';
import type { FakePlatform } from './platform.ts';
import { NOW } from './platform.ts';

/**
 * A TWAP that bought 3.00001 BTC of 3.000015 in two of its three slices: the second was passed over in an outage.
 * Cumulative targets in lots of 0.00001: 1, 2, 3.00001 (floor of Q*k/3: 1.000005, 2.00001 -> 2.00001).
 */
export const RECORDED: ExecutionRecord = {
  id: 'id-recorded',
  workflowId: 'execution/id-recorded',
  owner: 'admin',
  plan: {
    executionId: 'id-recorded',
    algo: 'twap',
    venue: 'sim',
    symbol: 'BTC/USDT',
    side: 'buy',
    quantity: '3.000015',
    lot: '0.00001',
    startAt: NOW,
    endAt: NOW + 30_000,
    limit: null,
    params: { slices: 3, catchUpFactor: 3, aggressionBps: 10 },
  },
  amendments: [],
  base: 'BTC',
  quote: 'USDT',
  status: 'completed',
  problem: null,
  filled: '3.00001',
  decision: { price: '60000', at: NOW },
  arrival: { price: '60010', at: NOW + 40 },
  end: { price: '60100', at: NOW + 20_900 },
  endedAt: NOW + 20_950,
  market: { vwap: '60050', twap: '60055', volume: '30', trades: 400, reasons: {} },
  createdAt: NOW,
};

const decision = { executionId: RECORDED.id, attempt: 1, action: 'send' as const, reason: null };
const order = {
  executionId: RECORDED.id,
  attempt: 1,
  state: 'filled' as const,
  side: 'buy' as const,
  problem: null,
  mode: 'take' as const,
  stopPrice: null,
};
const fill = {
  executionId: RECORDED.id,
  symbol: 'BTC/USDT',
  side: 'buy' as const,
  feeAsset: 'USDT',
  maker: false,
  selfTrade: false,
};

/** Puts the execution with its decisions, orders and fills into the store. */
export function recordExecution({ executions }: FakePlatform): void {
  executions.records.set(RECORDED.id, RECORDED);
  executions.started.add(RECORDED.id);
  executions.decisions = [
    {
      ...decision,
      slice: 1,
      child: 1,
      dueAt: NOW,
      decidedAt: NOW + 40,
      target: '1',
      quantity: '1',
      price: '60030',
      bid: '60009.99',
      ask: '60010.01',
      mid: '60010',
    },
    {
      ...decision,
      slice: 3,
      child: 2,
      dueAt: NOW + 20_000,
      decidedAt: NOW + 20_500,
      target: '3.00001',
      quantity: '2.00001',
      price: '60160',
      bid: '60099.99',
      ask: '60100.01',
      mid: '60100',
    },
  ];
  executions.orders = [
    {
      ...order,
      slice: 1,
      child: 1,
      clientOrderId: 'c1',
      venueOrderId: '11',
      price: '60030',
      quantity: '1',
      filled: '1',
      dueAt: NOW,
      sentAt: NOW + 50,
    },
    {
      ...order,
      slice: 3,
      child: 2,
      clientOrderId: 'c3',
      venueOrderId: '13',
      price: '60160',
      quantity: '2.00001',
      filled: '2.00001',
      dueAt: NOW + 20_000,
      sentAt: NOW + 20_510,
    },
  ];
  executions.fills = [
    {
      ...fill,
      slice: 1,
      child: 1,
      clientOrderId: 'c1',
      tradeId: '901',
      orderId: '11',
      price: '60020',
      quantity: '1',
      fee: '60.02',
      mid: '60010',
      at: NOW + 55,
    },
    {
      ...fill,
      slice: 3,
      child: 2,
      clientOrderId: 'c3',
      tradeId: '950',
      orderId: '13',
      price: '60110',
      quantity: '2.00001',
      fee: '120.2206011',
      mid: '60100',
      at: NOW + 20_520,
    },
  ];
}
