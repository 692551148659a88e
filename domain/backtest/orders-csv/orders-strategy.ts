import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { BarContext, OrderRequest, Strategy } from '../../strategies/strategy.ts';
import type { OrderRow } from './parse-orders.ts';

/**
 * The strategy that gives the orders of a CSV, each at the close of its bar. It is for one symbol: with several, each of them gets all
 * orders.
 *
 * @param rows as `parseOrders` gives them, by rising bar.
 */
export function ordersStrategy(rows: readonly OrderRow[]): Strategy {
  return {
    id: 'orders',
    title: 'Orders decided elsewhere',
    params: [],
    prepare: () => {
      let next = 0;
      return (context) => {
        const { index } = context.bar;
        while (next < rows.length && rows[next]!.bar <= index) {
          const row = rows[next++]!;
          if (row.bar === index) give(context, row);
        }
      };
    },
  };
}

/** What is wrong with orders for data of `bars` bars: those that would be given after its end, never, and so missed in silence. */
export function ordersBeyond(rows: readonly OrderRow[], bars: number): readonly FieldProblem[] {
  return rows
    .filter(({ bar }) => bar >= bars)
    .slice(0, 1)
    .map(({ line, bar }) => ({
      field: `orders line ${line}, bar`,
      value: bar,
      message: `the data ends with bar ${bars - 1}: bars are numbered from 0`,
    }));
}

function give(context: BarContext, row: OrderRow): void {
  switch (row.type) {
    case 'cancel':
      context.cancelOrders();
      return;
    case 'close':
      closeUp(context, row.size);
      return;
    case 'market':
    case 'limit':
    case 'stop': {
      const order = requestOf(row);
      if (row.side === 'buy') context.buy(order);
      else context.sell(order);
    }
  }
}

/** A size from 1 on is units. */
function closeUp(context: BarContext, size: number | null): void {
  if (size === null || size < 1) context.close(size ?? 1);
  else if (context.position.size > 0) context.sell({ size, reduceOnly: true });
  else if (context.position.size < 0) context.buy({ size, reduceOnly: true });
}

function requestOf({ type, price, sl, tp, size }: OrderRow): OrderRequest {
  return {
    ...(size === null ? {} : { size: size < 1 ? ({ kind: 'cashShare', value: size } as const) : size }),
    ...(type === 'limit' ? { limit: price! } : {}),
    ...(type === 'stop' ? { stop: price! } : {}),
    ...(sl === null ? {} : { stopLoss: sl }),
    ...(tp === null ? {} : { takeProfit: tp }),
  };
}
