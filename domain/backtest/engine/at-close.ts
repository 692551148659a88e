import { fillEntry } from './entry-fill.ts';
import { fillExit } from './exit-fill.ts';
import { AT_CLOSE } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { CLOSE, ENTRY, type OrderRole, type WorkingOrder } from './working-order.ts';

/**
 * Fills at the closes of the bars of `desks` the market orders that wait for a close: first the exits of all symbols, so that what one
 * sells pays for what another buys, then the entries, each desk's in the order in which they were given.
 *
 * @returns whether any order waited that may have been filled.
 */
export function fillAtCloses(desks: readonly SymbolDesk[]): boolean {
  let waited = false;
  for (let d = 0; d < desks.length; d++) if (!desks[d]!.book.isEmpty) waited = true;
  if (!waited) return false;
  for (let d = 0; d < desks.length; d++) fillRole(desks[d]!, CLOSE);
  for (let d = 0; d < desks.length; d++) fillRole(desks[d]!, ENTRY);
  return true;
}

/**
 * Whether an order keeps away from the prices of a bar because closes are what it fills at. One that was given for a symbol without a bar
 * at that time has missed its close and fills at the next open.
 */
export function waitsForClose(desk: SymbolDesk, order: WorkingOrder): boolean {
  return desk.terms.fillAtClose && order.isMarket && !order.isContingent && order.spentBar >= 0;
}

function fillRole(desk: SymbolDesk, role: OrderRole): void {
  const { bar, book, candles } = desk;
  if (book.isEmpty) return;
  const execution = { price: candles.close[bar]!, bar, kind: AT_CLOSE, isLimit: false, isMaker: false } as const;
  for (const order of book.orders.slice()) {
    if (!order.isLive || order.role !== role || !order.isMarket || order.spentBar === bar) continue;
    if (role === ENTRY) fillEntry(desk, order, execution);
    else fillExit(desk, order, execution);
  }
}
