import { waitsForClose } from './at-close.ts';
import { fillEntry } from './entry-fill.ts';
import { fillExit } from './exit-fill.ts';
import { AT_LIMIT, AT_OPEN, AT_STOP, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { ENTRY, type WorkingOrder } from './working-order.ts';

/** Which orders of a book a pass fills. */
type Pass = 'all' | 'exits' | 'entries';

/**
 * Fills what the current bars of some desks fill when nobody knows their paths and whatever hurts is thought to come first. The open is
 * known to come before the rest: what fills there fills first, and knows no later price of any symbol. Then exits of the strategy, stops,
 * and the rest in the order in which it was given. With several symbols the exits of all come before the entries of any: what one sells
 * pays for what another buys. What is held is valued at the open, and once an order of its symbol has filled in the bar, at that price.
 */
export function fillWorstFirst(desks: readonly SymbolDesk[]): void {
  if (desks.length === 1) fillAlone(desks[0]!);
  else if (desks.some(({ book }) => !book.isEmpty)) fillTogether(desks);
}

function fillAlone(desk: SymbolDesk): void {
  const { orders } = desk.book;
  while (orders.length > 0 && canAnyFill(desk)) {
    const waiting = orders.slice();
    const atOpen = visitAll(desk, waiting, 'all', true);
    const later = visitAll(desk, waiting, 'all', false);
    // The exits of a trade that was opened at the open have to be looked at in the same bar.
    if (!atOpen && !later) return;
  }
}

function fillTogether(desks: readonly SymbolDesk[]): void {
  for (const desk of desks) visitBook(desk, 'exits', true);
  for (const desk of desks) {
    // A gap may have carried the open beyond the take profit of what was bought there.
    if (visitBook(desk, 'entries', true)) visitBook(desk, 'exits', true);
  }
  for (const desk of desks) visitBook(desk, 'exits', false);
  for (const desk of desks) if (visitBook(desk, 'entries', false)) fillAlone(desk);
}

function visitBook(desk: SymbolDesk, pass: Pass, atOpen: boolean): boolean {
  return canAnyFill(desk) && visitAll(desk, desk.book.orders.slice(), pass, atOpen);
}

/** `true` when a trade was opened whose exits this bar may hit. */
function visitAll(desk: SymbolDesk, orders: readonly WorkingOrder[], pass: Pass, atOpen: boolean): boolean {
  let again = false;
  for (const order of orders) {
    if (!order.isLive || order.spentBar === desk.bar || !isOfPass(order, pass) || waitsForClose(desk, order)) continue;
    if (!atOpen || fillsAtOpen(desk, order)) again = visit(desk, order) || again;
  }
  return again;
}

function isOfPass(order: WorkingOrder, pass: Pass): boolean {
  return pass === 'all' || (order.role === ENTRY) === (pass === 'entries');
}

/** Whether the open fills an order, without regard to what comes after. */
function fillsAtOpen(desk: SymbolDesk, { side, stop, limit }: WorkingOrder): boolean {
  const open = desk.candles.open[desk.bar]!;
  const hasStop = !Number.isNaN(stop);
  if (hasStop && (side > 0 ? open < stop : open > stop)) return false;
  if (Number.isNaN(limit)) return true;
  if (hasStop && (side > 0 ? limit <= stop : limit >= stop)) return false;
  return side > 0 ? open <= limit : open >= limit;
}

/** Spares the bars in which nothing is hit a copy of the book. */
function canAnyFill(desk: SymbolDesk): boolean {
  const { orders } = desk.book;
  const high = desk.candles.high[desk.bar]!;
  const low = desk.candles.low[desk.bar]!;
  for (let k = 0; k < orders.length; k++) {
    const { side, stop, limit } = orders[k]!;
    if (!Number.isNaN(stop)) {
      if (side > 0 ? high >= stop : low <= stop) return true;
    } else if (Number.isNaN(limit) || (side > 0 ? low <= limit : high >= limit)) return true;
  }
  return false;
}

/** Fills an order if the bar does. `true` when it opened a trade whose exits this bar may hit. */
function visit(desk: SymbolDesk, order: WorkingOrder): boolean {
  const { bar } = desk;
  const open = desk.candles.open[bar]!;
  const high = desk.candles.high[bar]!;
  const low = desk.candles.low[bar]!;
  const isBuy = order.side > 0;
  const { stop, limit } = order;
  const hadStop = !Number.isNaN(stop);
  if (hadStop) {
    if (isBuy ? high < stop : low > stop) return false;
    order.stop = Number.NaN;
  }
  // A gap over the stop is triggered at the open.
  const trigger = hadStop ? (isBuy ? Math.max(stop, open) : Math.min(stop, open)) : open;
  if (!Number.isNaN(limit)) {
    if (isBuy ? low > limit : high < limit) return false;
    // Hit by the same bar as the stop, a limit on the near side is thought to have been passed before the order was there.
    if (hadStop && (isBuy ? limit <= stop : limit >= stop)) {
      order.spentBar = bar;
      return false;
    }
    const isMarketable = isBuy ? trigger <= limit : trigger >= limit;
    const isTaker = isMarketable && order.role === ENTRY && (hadStop || order.givenBar === bar - 1);
    const price = isMarketable ? trigger : limit;
    return fill(desk, order, price, hadStop ? AT_STOP : AT_LIMIT, true, !isTaker, hadStop);
  }
  return fill(desk, order, trigger, hadStop ? AT_STOP : AT_OPEN, false, false, hadStop);
}

function fill(
  desk: SymbolDesk,
  order: WorkingOrder,
  price: number,
  kind: EntryKind,
  isLimit: boolean,
  isMaker: boolean,
  wasStop: boolean,
): boolean {
  const execution = { price, bar: desk.bar, kind, isLimit, isMaker };
  desk.mark = price;
  if (order.role !== ENTRY) {
    fillExit(desk, order, execution);
    return false;
  }
  const trade = fillEntry(desk, order, execution);
  if (trade === null || (trade.stopOrder === null && trade.targetOrder === null)) return false;
  if (!isLimit && (!wasStop || reachesTargetOnly(desk, trade))) return true;
  // What came after the entry is not known: its exits are watched from the next bar on.
  if (trade.stopOrder !== null) trade.stopOrder.spentBar = desk.bar;
  if (trade.targetOrder !== null) trade.targetOrder.spentBar = desk.bar;
  return false;
}

/** After a stop entry the price went on in the same direction: a target in the bar was hit, unless the stop loss may have been too. */
function reachesTargetOnly(desk: SymbolDesk, trade: OpenTrade): boolean {
  const target = trade.targetOrder?.limit ?? Number.NaN;
  const stop = trade.stopOrder?.stop ?? Number.NaN;
  const high = desk.candles.high[desk.bar]!;
  const low = desk.candles.low[desk.bar]!;
  return trade.side > 0 ? target <= high && !(stop >= low) : target >= low && !(stop <= high);
}
