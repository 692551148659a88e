import type { Execution } from './execution.ts';
import { AT_CLOSE, AT_OPEN, OpenTrade } from './open-trade.ts';
import type { EntryPrices } from './sizing.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { STOP_EXIT, TARGET_EXIT, WorkingOrder } from './working-order.ts';

/** Opens a trade with the exits that its order asked for. */
export function openTrade(
  desk: SymbolDesk,
  order: WorkingOrder,
  units: number,
  { adjusted, rate }: EntryPrices,
  { bar, kind, price }: Execution,
): OpenTrade {
  const { fixed } = desk.terms;
  const trade = new OpenTrade(order.side * units, adjusted, bar, kind, rate, fixed);
  takeTrade(desk, order, trade, fixed + units * adjusted * rate, price);
  return trade;
}

/**
 * Takes in a trade that an order has opened: pays its commission and gives it the exits that the order asked for.
 *
 * @param price at which it filled, before slippage and spread: where a trailing stop starts that does not start at the close of the order.
 */
export function takeTrade(
  desk: SymbolDesk,
  order: WorkingOrder,
  trade: OpenTrade,
  commission: number,
  price: number,
): void {
  const { account } = desk;
  const { entryBar: bar, entryKind: kind } = trade;
  account.cash -= commission;
  account.commission += commission;
  trade.maxBars = order.maxBars;
  trade.tag = order.tag;
  trade.entryValues = order.entryValues;
  trade.stopLoss = order.stopLoss;
  trade.trail = order.trailingStop;
  if (!Number.isNaN(trade.trail)) {
    // An entry that waited for its price, or for volume, is followed from where it filled.
    const isPrompt = order.isMarket && bar === order.givenBar + (kind === AT_CLOSE ? 0 : 1);
    trade.bestPrice = isPrompt ? order.givenClose : price;
    trade.trailsFrom = kind === AT_OPEN ? bar : bar + 1;
  }
  desk.trades.push(trade);
  desk.sumTrades();
  if (!Number.isNaN(order.takeProfit)) setTarget(desk, trade, order.takeProfit);
  placeStop(desk, trade);
}

/** Puts a take profit on a trade in the place of the one that it has; NaN takes it away. */
export function setTarget(desk: SymbolDesk, trade: OpenTrade, price: number): void {
  if (trade.targetOrder !== null) desk.book.remove(trade.targetOrder);
  trade.targetOrder = null;
  if (Number.isNaN(price)) return;
  const prices = { limit: price, stop: Number.NaN };
  trade.targetOrder = new WorkingOrder(TARGET_EXIT, exitSide(trade), prices, Number.NaN, trade, 'take-profit');
  desk.book.append(trade.targetOrder);
}

/** Puts a stop loss on a trade in the place of the one that it has; NaN leaves it the trailing stop. */
export function setStopLoss(desk: SymbolDesk, trade: OpenTrade, price: number): void {
  trade.stopLoss = price;
  if (trade.stopOrder !== null) desk.book.remove(trade.stopOrder);
  trade.stopOrder = null;
  placeStop(desk, trade);
}

function placeStop(desk: SymbolDesk, trade: OpenTrade): void {
  const stop = trade.stopLevel;
  if (Number.isNaN(stop)) return;
  const prices = { limit: Number.NaN, stop: desk.steps.stop(exitSide(trade), stop) };
  trade.stopOrder = new WorkingOrder(STOP_EXIT, exitSide(trade), prices, Number.NaN, trade, 'stop-loss');
  desk.book.putFirst(trade.stopOrder);
}

/** After a bar was checked against the stop: its extreme moves it, to count from the next bar on. */
export function moveTrailingStop(desk: SymbolDesk, trade: OpenTrade, bar: number): void {
  if (Number.isNaN(trade.trail) || bar < trade.trailsFrom) return;
  const { high, low } = desk.candles;
  trade.bestPrice = trade.side > 0 ? Math.max(trade.bestPrice, high[bar]!) : Math.min(trade.bestPrice, low[bar]!);
  const order = trade.stopOrder;
  // A stop that was hit and waits for volume stays hit.
  if (order !== null && !Number.isNaN(order.stop)) {
    order.stop = desk.steps.stop(order.side, trade.stopLevel);
  }
}

function exitSide(trade: OpenTrade): 1 | -1 {
  return trade.side > 0 ? -1 : 1;
}
