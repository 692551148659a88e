import Big from 'big.js';
import { takeTrade } from '../../backtest/engine/open-position.ts';
import { AT_OPEN, OpenTrade } from '../../backtest/engine/open-trade.ts';
import { closeOrder } from '../../backtest/engine/submit-close.ts';
import { ENTRY, WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { SessionEvent } from '../journal.ts';
import type { BookLedger } from './book-ledger.ts';
import { leave } from './leave-units.ts';
import type { OrderRegistry } from './order-registry.ts';
import type { SessionDesk } from './session-desk.ts';

/** Cancels the entries that wait. Exits of the strategy stay. */
export function cancelEntries(desk: SessionDesk): void {
  for (const order of desk.desk.book.orders.slice()) {
    if (order.role === ENTRY && order.side > 0) desk.desk.cancel(order);
  }
}

/** Cancels the entries and leaves all that is held at market, also what an entry buys before its cancel comes, or of one that has ended is found later. */
export function flatten(desk: SessionDesk, registry: OrderRegistry): void {
  for (const slot of registry.slots) {
    if (slot.desk === desk && slot.purpose === 'entry') slot.isFlattened = true;
  }
  desk.desk.cancelWorking();
  for (const trade of desk.desk.trades) leaveByHand(desk, trade);
}

/** Orders the exit of all of a trade, in the place of what was ordered of it before. */
export function leaveByHand(desk: SessionDesk, trade: OpenTrade): void {
  const { book } = desk.desk;
  for (const order of book.orders.slice()) {
    if (order.parent === trade && !order.isContingent) desk.desk.cancel(order);
  }
  closeOrder(desk.desk, trade, trade.size, 'signal');
  desk.personal.add(book.orders[0]!);
}

/** Takes in that a person found more, or less, of a symbol to be held. Less is taken from the oldest trades first. */
export function adjust(
  desk: SessionDesk,
  { quantity, price, reason }: SessionEvent & { readonly kind: 'adjusted' },
  ledger: BookLedger,
): void {
  const change = new Big(quantity);
  if (change.gt(0)) {
    const order = new WorkingOrder(ENTRY, 1, { limit: Number.NaN, stop: Number.NaN }, Number(change), null, 'signal');
    order.tag = 'adjusted';
    const trade = new OpenTrade(Number(change), Number(price), desk.barInProgress, AT_OPEN, 0, 0);
    desk.holdings.set(trade, { trade, units: change, lots: 0, entry: null, stop: null, target: null, row: null });
    takeTrade(desk.desk, order, trade, 0, Number(price));
  }
  let rest = change.lt(0) ? change.abs() : new Big(0);
  for (const trade of desk.desk.trades.slice()) {
    if (!rest.gt(0)) break;
    const holding = desk.holdingOf(trade);
    const units = rest.lt(holding.units) ? rest : holding.units;
    const leaving = { price: Number(price), commission: 0, kind: AT_OPEN, reason: 'signal' } as const;
    leave(desk, holding, units, leaving, ledger, null);
    rest = rest.minus(units);
  }
  // Dust has been written off already: what of it is gone costs nothing more.
  const ofDust = rest.lt(desk.dust) ? rest : desk.dust;
  desk.dust = desk.dust.minus(ofDust);
  rest = rest.minus(ofDust);
  const missing = rest.gt(0) ? ` (${quantity} was asked for; ${rest.toFixed()} of it was not held any more)` : '';
  ledger.note(desk, null, 'ADJUSTED', `${change.plus(rest).toFixed()} at ${price}: ${reason}${missing}`);
}
