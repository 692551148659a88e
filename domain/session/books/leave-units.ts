import type Big from 'big.js';
import { leaveUnits } from '../../backtest/engine/exit-fill.ts';
import { AT_OPEN, type EntryKind } from '../../backtest/engine/open-trade.ts';
import type { ExitReason } from '../../backtest/trade.ts';
import type { ClosedTrade } from '../../backtest/engine/trade-ledger.ts';
import type { BookLedger } from './book-ledger.ts';
import type { OrderSlot } from './order-slot.ts';
import type { Holding, SessionDesk } from './session-desk.ts';

/** How units were left. */
export interface Leaving {
  readonly price: number;
  readonly commission: number;
  readonly kind: EntryKind;
  readonly reason: ExitReason;
}

/** Leaves `units` of a trade, exact; `by` is `null` where a person has taken them out of the books. */
export function leave(
  desk: SessionDesk,
  holding: Holding,
  units: Big,
  leaving: Leaving,
  ledger: BookLedger,
  by: OrderSlot | null,
): void {
  const { trade } = holding;
  const rest = holding.units.minus(units);
  const isAll = !rest.gt(0);
  leaveUnits(desk.desk, trade, isAll ? trade.size : Number(units), { ...leaving, bar: desk.barInProgress });
  holding.row = ledger.takeRow(holding, by);
  if (!isAll && trade.isOpen) desk.setUnits(holding, rest);
  else {
    desk.dust = desk.dust.plus(rest);
    forget(desk, holding);
  }
}

/** Whether what is left of a trade is too little for any order, whatever the price. */
export function isDust(desk: SessionDesk, holding: Holding): boolean {
  return desk.steps.lotsIn(desk.sellable(holding)) < desk.steps.leastLots;
}

/** Whether no venue would take an order for what is left of a trade at that price. */
export function isUnsellable(desk: SessionDesk, holding: Holding, price: number): boolean {
  return isDust(desk, holding) || desk.sellable(holding).times(price).lt(desk.steps.minNotional);
}

/** Counts `cost` as a cost of the exit that a row of closed trades tells of; below 0 it is a gain. */
export function amend(row: ClosedTrade, cost: number): void {
  row.commission += cost;
  row.pnl -= cost;
  row.returnRatio = row.pnl / (Math.abs(row.size) * row.entryPrice);
}

/**
 * Ends a trade of which only dust is left. The dust stays in the account and is of no trade any more: what it has cost counts as a cost of the
 * exit, so that cash is what can be spent. Once it is sold along with another trade, what it brings is a gain of that one.
 */
export function writeOff(desk: SessionDesk, holding: Holding, ledger: BookLedger, by: OrderSlot | null): void {
  const { trade, units } = holding;
  const { account } = desk.desk;
  const cost = Number(units.times(trade.entryPrice));
  desk.dust = desk.dust.plus(units);
  ledger.writtenOff += cost;
  if (holding.row === null) {
    const exit = { price: trade.entryPrice, commission: cost, kind: AT_OPEN, reason: 'signal' } as const;
    leaveUnits(desk.desk, trade, trade.size, { ...exit, bar: desk.barInProgress });
    account.commission -= cost;
    holding.row = ledger.takeRow(holding, by);
  } else {
    amend(holding.row, cost + trade.entryFixed);
    account.cash -= cost;
    drop(desk, holding);
  }
  forget(desk, holding);
}

/** That a trade which was to be left at market is too little for the venue. */
export function noteDust(desk: SessionDesk, { units }: Holding, ledger: BookLedger): void {
  const detail = `${units.toFixed()} alone are below the venue's least order: they are dust now, which is sold along with the next exit that there is`;
  ledger.note(desk, null, 'LEFT_AS_DUST', detail);
}

/** Takes a trade away without a row of its own. */
function drop({ desk }: SessionDesk, { trade }: Holding): void {
  trade.isOpen = false;
  desk.trades.splice(desk.trades.indexOf(trade), 1);
  if (trade.stopOrder !== null) desk.book.remove(trade.stopOrder);
  if (trade.targetOrder !== null) desk.book.remove(trade.targetOrder);
  desk.sumTrades();
}

/** Once a trade is over, so are its exits at market. */
function forget(session: SessionDesk, { trade, row }: Holding): void {
  const { desk, holdings } = session;
  holdings.delete(trade);
  if (row !== null) session.rows.set(trade, row);
  session.newestRow = row ?? session.newestRow;
  for (const order of desk.book.orders.slice()) if (order.parent === trade) desk.cancel(order);
}
