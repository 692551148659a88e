import { fillEntry } from './entry-fill.ts';
import { fillExit } from './exit-fill.ts';
import { AT_CLOSE, AT_LIMIT, AT_OPEN, AT_STOP, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { ENTRY, type WorkingOrder } from './working-order.ts';

/** Which orders of a book a pass fills. */
export type Pass = 'all' | 'exits' | 'entries';

/**
 * Fills what the current bar of a desk fills when nobody knows its path and whatever hurts is thought to come first: exits of the
 * strategy, then stops, then the rest in the order in which it was given. Held positions are valued at the bar's close.
 */
export function fillWorstFirst(desk: SymbolDesk, pass: Pass): void {
  const { orders } = desk.book;
  while (orders.length > 0 && canAnyFill(desk)) {
    let again = false;
    for (const order of orders.slice()) {
      if (order.isLive && order.spentBar !== desk.bar && isOfPass(order, pass)) again = visit(desk, order) || again;
    }
    // The exits of a trade that was opened at the open have to be looked at in the same bar.
    if (!again) return;
    if (pass === 'exits') return;
    pass = 'all';
  }
}

function isOfPass(order: WorkingOrder, pass: Pass): boolean {
  return pass === 'all' || (order.role === ENTRY) === (pass === 'entries');
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
    if (hadStop && (isBuy ? limit <= stop : limit >= stop)) return false;
    const isMarketable = isBuy ? trigger <= limit : trigger >= limit;
    const isTaker = isMarketable && order.role === ENTRY && (hadStop || order.givenBar === bar - 1);
    const price = isMarketable ? trigger : limit;
    return fill(desk, order, price, bar, hadStop ? AT_STOP : AT_LIMIT, true, !isTaker, hadStop);
  }
  if (hadStop || order.isContingent) {
    return fill(desk, order, trigger, bar, hadStop ? AT_STOP : AT_OPEN, false, false, hadStop);
  }
  if (desk.terms.fillAtClose && bar > 0) {
    return fill(desk, order, desk.candles.close[bar - 1]!, bar - 1, AT_CLOSE, false, false, false);
  }
  return fill(desk, order, open, bar, AT_OPEN, false, false, false);
}

function fill(
  desk: SymbolDesk,
  order: WorkingOrder,
  price: number,
  bar: number,
  kind: EntryKind,
  isLimit: boolean,
  isMaker: boolean,
  wasStop: boolean,
): boolean {
  const execution = { price, bar, kind, isLimit, isMaker };
  if (order.role !== ENTRY) {
    fillExit(desk, order, execution);
    return false;
  }
  const trade = fillEntry(desk, order, execution);
  if (trade === null || (trade.stopOrder === null && trade.targetOrder === null)) return false;
  if (!isLimit && !wasStop) return true;
  return wasStop && !isLimit && reachesTargetOnly(desk, trade);
}

/** After a stop entry the price went on in the same direction: a target in the bar was hit, unless the stop loss may have been too. */
function reachesTargetOnly(desk: SymbolDesk, trade: OpenTrade): boolean {
  const target = trade.targetOrder?.limit ?? Number.NaN;
  const stop = trade.stopOrder?.stop ?? Number.NaN;
  const high = desk.candles.high[desk.bar]!;
  const low = desk.candles.low[desk.bar]!;
  return trade.side > 0 ? target <= high && !(stop >= low) : target >= low && !(stop <= high);
}
