import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { AskedBars, BarContext, OrderRequest, Strategy } from '../../strategies/strategy.ts';
import { type OrderRow, PROBLEMS_TOLD } from './parse-orders.ts';

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
    misfits: (asked) => misfitsOf(rows, asked),
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
  return told(rows.filter(({ bar }) => bar >= bars).map((row) => beyondTheData(row, bars - 1)));
}

/** The same for the bars at which a run asks, those before its first among them, and for sizes that need what an order does not have. */
function misfitsOf(rows: readonly OrderRow[], { start, end, sizing }: AskedBars): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const row of rows) {
    const { line, bar, sl } = row;
    if (bar < start || bar >= end) {
      const message = `the run asks for orders from bar ${start} to bar ${end - 1}: leave the order out, or have the run cover its bar`;
      problems.push({ field: `orders line ${line}, bar`, value: bar, message });
    } else if (sizing.kind === 'riskPerTrade' && isEntry(row) && row.size === null && sl === null) {
      const message = 'sized by riskPerTrade: give a stop loss, whose distance is the risk, or a size';
      problems.push({ field: `orders line ${line}, sl`, value: sl, message });
    }
  }
  return told(problems);
}

function told(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  return problems.slice(0, PROBLEMS_TOLD);
}

function beyondTheData({ line, bar }: OrderRow, last: number): FieldProblem {
  const message = `the data ends with bar ${last}: bars are numbered from 0`;
  return { field: `orders line ${line}, bar`, value: bar, message };
}

function isEntry({ type }: OrderRow): boolean {
  return type === 'market' || type === 'limit' || type === 'stop';
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
