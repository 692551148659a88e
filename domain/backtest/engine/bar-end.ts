import { closeOrder } from './submit-close.ts';
import { moveTrailingStop } from './open-position.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { CLOSE } from './working-order.ts';

/** Once a bar has filled what it fills: stops that follow are moved by its extremes, and orders whose time is over are cancelled. */
export function endBar(desk: SymbolDesk): void {
  const { bar } = desk;
  if (desk.hasTrailing) for (const trade of desk.trades) moveTrailingStop(desk, trade, bar);
  if (!desk.book.needsBarEnd) return;
  for (const order of desk.book.orders.slice()) {
    if (order.lastBar <= bar) desk.cancel(order);
    else if (!Number.isNaN(order.trail) && !Number.isNaN(order.stop)) {
      const { high, low } = desk.candles;
      const best = order.side > 0 ? low[bar]! : high[bar]!;
      const stop = desk.steps.stop(order.side, best * (1 + order.side * order.trail));
      order.stop = order.side > 0 ? Math.min(order.stop, stop) : Math.max(order.stop, stop);
    }
  }
}

/** After the strategy was asked: orders the exit of the trades that have been held for their time, unless that exit is ordered already. */
export function orderTimeStops(desk: SymbolDesk): void {
  for (const trade of desk.trades) {
    if (trade.maxBars === 0 || desk.bar - trade.entryBar < trade.maxBars) continue;
    const isLeaving = desk.book.orders.some(
      (order) => order.role === CLOSE && order.parent === trade && order.units >= Math.abs(trade.size),
    );
    if (!isLeaving) closeOrder(desk, trade, Math.abs(trade.size), 'time-stop');
  }
}
