import type { OrderRequest } from '../../strategies/strategy.ts';
import type { Sizing } from '../settings.ts';
import { closeOrder } from './submit-close.ts';
import { checkRequest } from './check-request.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { checkRoom } from './waiting-limit.ts';
import { ENTRY, WorkingOrder } from './working-order.ts';

/**
 * Takes an order of the strategy. Throws a `RangeError` for a request that makes no sense; exits on the wrong side of the price are
 * refused, because prices decide that.
 *
 * @param sizing of the run, for orders without a size.
 * @param entryValues what is written on the trade that it opens.
 */
export function submitOrder(
  desk: SymbolDesk,
  side: 1 | -1,
  request: OrderRequest,
  sizing: Sizing,
  entryValues: Readonly<Record<string, number | null>> | null,
): void {
  checkRequest(request, sizing, desk.bar + 1);
  checkRoom(desk);
  const order = orderOf(desk, side, request, sizing);
  order.entryValues = entryValues;
  desk.tally.submitted++;
  if (!areExitsValid(desk, order)) return;
  if (desk.terms.exclusive) {
    desk.cancelWorking();
    for (const trade of desk.trades) closeOrder(desk, trade, Math.abs(trade.size), 'signal');
  }
  desk.book.append(order);
}

function orderOf(desk: SymbolDesk, side: 1 | -1, request: OrderRequest, sizing: Sizing): WorkingOrder {
  const { steps, candles, bar } = desk;
  const close = candles.close[bar]!;
  const trail = request.trail ?? Number.NaN;
  const stop = request.stop ?? close * (1 + side * trail);
  const prices = { limit: steps.limit(side, request.limit ?? Number.NaN), stop: steps.stop(side, stop) };
  const size = typeof request.size === 'number' ? steps.floor(request.size) : (request.size ?? sizing);
  const order = new WorkingOrder(ENTRY, side, prices, size, null, 'signal');
  const exit = side > 0 ? -1 : 1;
  order.givenBar = bar;
  order.givenClose = close;
  order.trail = trail;
  order.stopLoss = steps.stop(exit, request.stopLoss ?? Number.NaN);
  order.takeProfit = steps.limit(exit, request.takeProfit ?? Number.NaN);
  order.trailingStop = request.trailingStop ?? Number.NaN;
  order.maxBars = request.maxBars ?? 0;
  order.oco = request.oco ?? null;
  order.lastBar = request.goodForBars === undefined ? Number.POSITIVE_INFINITY : bar + request.goodForBars;
  order.reduceOnly = request.reduceOnly ?? false;
  order.tag = request.tag ?? null;
  return order;
}

/** Whether stop loss, price and take profit lie in their order, and the size is a lot at least; else the order is refused. */
function areExitsValid(desk: SymbolDesk, order: WorkingOrder): boolean {
  const { side, stopLoss, takeProfit, limit, stop } = order;
  if (order.units === 0) {
    desk.refuse(order, 'BELOW_LOT', `the size rounds to nothing in lots of ${desk.steps.lot}`);
    return false;
  }
  const market = desk.terms.withSpread(side, order.givenClose);
  const price = Number.isNaN(limit) ? (Number.isNaN(stop) ? market : stop) : limit;
  // Written such that an exit which is not there is no problem.
  const isBeyondStop = side * (price - stopLoss) <= 0;
  const isBeyondTarget = side * (takeProfit - price) <= 0;
  if (!isBeyondStop && !isBeyondTarget) return true;
  const [name, exit] = isBeyondStop ? ['stop loss', stopLoss] : ['take profit', takeProfit];
  const wanted = side > 0 === isBeyondStop ? 'below' : 'above';
  const detail = `the ${name} ${exit} of a ${side > 0 ? 'buy' : 'sell'} has to lie ${wanted} its price ${price}`;
  desk.refuse(order, 'INVALID_EXITS', detail);
  return false;
}
