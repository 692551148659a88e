import type { IntrabarPath } from '../settings.ts';
import { waitsForClose } from './at-close.ts';
import { fillEntry } from './entry-fill.ts';
import { fillExit } from './exit-fill.ts';
import { AT_LIMIT, AT_OPEN, AT_STOP, type EntryKind } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { ENTRY, type WorkingOrder } from './working-order.ts';

/** Legs of the way from the open over both extremes to the close. */
export const LEGS = 3;

/** Whether the high of a bar is thought to have come before its low. */
export function isHighFirst(path: IntrabarPath, open: number, high: number, low: number): boolean {
  if (path === 'open-high-low-close') return true;
  if (path === 'open-low-high-close') return false;
  return high - open < open - low;
}

/**
 * Fills what the open of the current bar fills: market orders, stops and limits that a gap has passed, and what these open. Positions are
 * valued at the price of the moment.
 */
export function fillAtOpen(desk: SymbolDesk): void {
  const { bar, book, candles } = desk;
  const open = candles.open[bar]!;
  let again = true;
  while (again) {
    again = false;
    for (const order of book.orders.slice()) {
      if (!order.isLive || order.spentBar === bar || !isReached(order, open) || waitsForClose(desk, order)) continue;
      if (passTrigger(order, open)) again = fill(desk, order, open, AT_OPEN) || again;
    }
  }
}

/** Walks leg `leg` (0 to 2) of the current bar's path and fills what lies on it, one after another. */
export function walkLeg(desk: SymbolDesk, path: IntrabarPath, leg: number): void {
  const { bar, book, candles } = desk;
  const high = candles.high[bar]!;
  const low = candles.low[bar]!;
  const highFirst = isHighFirst(path, candles.open[bar]!, high, low);
  const end = leg === 2 ? candles.close[bar]! : highFirst === (leg === 0) ? high : low;
  while (!book.isEmpty) {
    const order = nextOnLeg(desk, end);
    if (order === null) break;
    const price = isReached(order, desk.mark) ? desk.mark : levelOf(order);
    const kind = Number.isNaN(order.stop) ? AT_LIMIT : AT_STOP;
    desk.mark = price;
    if (passTrigger(order, price)) fill(desk, order, price, kind);
  }
  desk.mark = end;
}

/** The order that the price meets first on its way from the mark to `end`. */
function nextOnLeg(desk: SymbolDesk, end: number): WorkingOrder | null {
  const { bar, book, mark } = desk;
  let next: WorkingOrder | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (const order of book.orders) {
    if (order.spentBar === bar || isMarket(order)) continue;
    if (!isReached(order, mark) && !isReached(order, end)) continue;
    const distance = isReached(order, mark) ? 0 : Math.abs(levelOf(order) - mark);
    if (distance < nearest) {
      nearest = distance;
      next = order;
    }
  }
  return next;
}

function isMarket({ stop, limit }: WorkingOrder): boolean {
  return Number.isNaN(stop) && Number.isNaN(limit);
}

function levelOf({ stop, limit }: WorkingOrder): number {
  return Number.isNaN(stop) ? limit : stop;
}

/** Whether the order's stop, or without one its limit, is met at that price. Market orders always are. */
function isReached({ side, stop, limit }: WorkingOrder, price: number): boolean {
  if (!Number.isNaN(stop)) return side > 0 ? price >= stop : price <= stop;
  if (!Number.isNaN(limit)) return side > 0 ? price <= limit : price >= limit;
  return true;
}

/** Triggers the stop of an order. `false` when its limit then has to wait. */
function passTrigger(order: WorkingOrder, price: number): boolean {
  order.stop = Number.NaN;
  return isReached(order, price);
}

/** `true` when it opened a trade with exits of its own. */
function fill(desk: SymbolDesk, order: WorkingOrder, price: number, kind: EntryKind): boolean {
  const { bar } = desk;
  const isLimit = !Number.isNaN(order.limit);
  // A limit that is met at the open of its first bar, or by its own stop, never waited in the book.
  const isPrompt = kind === AT_STOP || (kind === AT_OPEN && order.givenBar === bar - 1);
  const isMaker = isLimit && !(order.role === ENTRY && isPrompt);
  const execution = { price, bar, kind, isLimit, isMaker };
  if (order.role !== ENTRY) {
    fillExit(desk, order, execution);
    return false;
  }
  const trade = fillEntry(desk, order, execution);
  return trade !== null && (trade.stopOrder !== null || trade.targetOrder !== null);
}
