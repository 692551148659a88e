import type { OrderList, OrderRecord, OrderSettlement } from '../../../adapters/ports/order-list.ts';
import type { PlatformFigures } from '../../../adapters/ports/platform-figures.ts';
import type { Fill } from '../../../domain/orders/fill.ts';

/** Orders in memory, the newest last. */
export class FakeOrders {
  readonly orders: OrderRecord[] = [];
  readonly fills = new Map<string, readonly Fill[]>();

  readonly list: OrderList = {
    listOrders: async ({ execution, venue, symbol, state, limit, cursor }) => {
      const all = this.orders
        .toReversed()
        .filter(
          (order) =>
            (execution ?? order.executionId) === order.executionId &&
            (venue ?? order.venue) === order.venue &&
            (symbol ?? order.symbol) === order.symbol &&
            (state ?? order.state) === order.state,
        );
      const from = Number(cursor ?? 0);
      return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
    },
    findOrder: async (clientOrderId) => {
      const order = this.orders.find((each) => each.clientOrderId === clientOrderId);
      return order === undefined ? null : { order, fills: this.fills.get(clientOrderId) ?? [] };
    },
  };

  /** Settles whatever is `sending`; the one called `young` was sent a moment ago. */
  readonly settlement: OrderSettlement = {
    settleNotPlaced: async (clientOrderId, { by, reason }) => {
      const index = this.orders.findIndex((each) => each.clientOrderId === clientOrderId);
      const order = this.orders[index];
      if (order === undefined) return { kind: 'unknown' };
      if (order.state !== 'sending') return { kind: 'not-open', state: order.state };
      if (clientOrderId === 'young') return { kind: 'too-soon', sentAt: order.sentAt };
      const problem = { code: 'SETTLED_BY_HAND', detail: `${by}: ${reason}` };
      const settled: OrderRecord = { ...order, state: 'not-placed', problem };
      this.orders[index] = settled;
      return { kind: 'settled', order: settled };
    },
  };
}

export const NO_FIGURES: PlatformFigures = {
  executions: [],
  orders: [],
  denials: [],
  lateness: { bounds: [], counts: [], count: 0, sum: 0 },
  sessions: [],
  barsDecided: 0,
  decisionLatency: { bounds: [], counts: [], count: 0, sum: 0 },
  haltsInForce: 0,
  lastEventId: 0,
  venues: [],
  streams: [],
};
