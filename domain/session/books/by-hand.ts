import Big from 'big.js';
import { setStopLoss, takeTrade } from '../../backtest/engine/open-position.ts';
import { AT_OPEN, OpenTrade } from '../../backtest/engine/open-trade.ts';
import { closeOrder } from '../../backtest/engine/submit-close.ts';
import { ENTRY, WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { SessionEvent } from '../journal.ts';
import { addUnits } from './add-units.ts';
import type { BookLedger } from './book-ledger.ts';
import { isUnsellable, leave, noteDust, writeOff } from './leave-units.ts';
import type { OrderRegistry } from './order-registry.ts';
import type { SessionDesk } from './session-desk.ts';
import type { EntryTerms } from './size-entry.ts';

/** Cancels the entries that wait. Exits of the strategy stay. */
export function cancelEntries(desk: SessionDesk): void {
  for (const order of desk.desk.book.orders.slice()) {
    if (order.role === ENTRY && order.side > 0) desk.desk.cancel(order);
  }
}

const BPS = 10_000;

/**
 * Cancels the entries and leaves all that is held at market, also what an entry buys before its cancel comes, or of one that has ended is found later.
 * Trades that no venue would take an order for by themselves are sold along with the oldest that is left, as dust is; where all of them
 * together are too little, they stay as dust.
 *
 * @param aggressionBps how far below the mark an exit may sell: the venue holds its minimum against that price
 */
export function flatten(desk: SessionDesk, registry: OrderRegistry, ledger: BookLedger, aggressionBps: number): void {
  for (const slot of registry.slots) {
    if (slot.desk === desk && slot.purpose === 'entry') slot.isFlattened = true;
  }
  desk.desk.cancelWorking();
  gatherSmall(desk, ledger, desk.desk.mark * (1 - aggressionBps / BPS));
  for (const trade of desk.desk.trades) leaveByHand(desk, trade);
}

/** Makes dust of the trades that cannot be sold by themselves, the newest first: those that are left take it, until they can be sold or are none. */
function gatherSmall(desk: SessionDesk, ledger: BookLedger, price: number): void {
  for (const trade of desk.desk.trades.toReversed()) {
    const holding = desk.holdingOf(trade);
    if (!isUnsellable(desk, holding, Number.isFinite(price) ? price : trade.entryPrice)) continue;
    noteDust(desk, holding, ledger);
    writeOff(desk, holding, ledger, null);
  }
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

/**
 * Takes in that a person found more, or less, of a symbol to be held. More is a trade with the stop and the target of the newest one that has any;
 * what is too little for orders of its own becomes part of that trade. Less is taken from the oldest trades first.
 */
export function adjust(
  desk: SessionDesk,
  { quantity, price, reason }: SessionEvent & { readonly kind: 'adjusted' },
  ledger: BookLedger,
  terms: EntryTerms,
): void {
  const change = new Big(quantity);
  // Before the first bar it is the only price there is.
  if (Number.isNaN(desk.desk.mark)) desk.desk.mark = Number(price);
  if (change.gt(0)) takeMore(desk, change, new Big(price), terms);
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

function takeMore(desk: SessionDesk, units: Big, price: Big, terms: EntryTerms): void {
  const { trades } = desk.desk;
  const model = trades.findLast(({ stopOrder, targetOrder }) => stopOrder !== null || targetOrder !== null);
  const joined = model ?? trades.at(-1);
  if (joined !== undefined && isTooLittle(desk, units, leastPrice(joined, Number(price), terms))) {
    addUnits(desk, desk.holdingOf(joined), units, price, 0);
    return;
  }
  const order = new WorkingOrder(ENTRY, 1, { limit: Number.NaN, stop: Number.NaN }, Number(units), null, 'signal');
  order.tag = 'adjusted';
  if (model?.targetOrder) order.takeProfit = model.targetOrder.limit;
  const trade = new OpenTrade(Number(units), Number(price), desk.barInProgress, AT_OPEN, 0, 0);
  desk.holdings.set(trade, { trade, units, lots: 0, entry: null, stop: null, target: null, row: null });
  takeTrade(desk.desk, order, trade, 0, Number(price));
  if (!model?.stopOrder) return;
  // As far as that one has followed, it follows from here on.
  trade.trail = model.trail;
  trade.bestPrice = model.bestPrice;
  trade.trailsFrom = model.trailsFrom;
  setStopLoss(desk.desk, trade, model.stopLoss);
}

/** The lowest price at which its exits would sell, as far as these are known. */
function leastPrice({ stopOrder }: OpenTrade, price: number, { aggressionBps, stopSlippageBps }: EntryTerms): number {
  const market = price * (1 - aggressionBps / BPS);
  return stopOrder === null || Number.isNaN(stopOrder.stop)
    ? market
    : Math.min(market, stopOrder.stop * (1 - stopSlippageBps / BPS));
}

function isTooLittle({ steps }: SessionDesk, units: Big, price: number): boolean {
  return steps.lotsIn(units) < steps.leastLots || units.times(price).lt(steps.minNotional);
}
