import type { OrderList, OrderRecord } from '../../../adapters/ports/order-list.ts';
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
}

export const NO_FIGURES: PlatformFigures = {
  executions: [],
  orders: [],
  denials: [],
  lateness: { bounds: [], counts: [], count: 0, sum: 0 },
  haltsInForce: 0,
  lastEventId: 0,
  venues: [],
  streams: [],
};
