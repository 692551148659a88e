import type { Execution } from './execution.ts';
import { AT_CLOSE, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import type { Exit } from './trade-ledger.ts';
import type { ExitReason } from '../trade.ts';
import { STOP_EXIT, type WorkingOrder } from './working-order.ts';

/** Where and for what price units are sold or bought back. */
export interface ExitTerms {
  /** With slippage and impact. */
  readonly price: number;
  readonly rate: number;
  readonly bar: number;
  readonly kind: EntryKind;
  readonly reason: ExitReason;
}

/** Fills an exit of a trade as far as the bar's volume goes. A stop that was hit and not wholly filled goes on as a market order. */
export function fillExit(desk: SymbolDesk, order: WorkingOrder, execution: Execution): void {
  const trade = order.parent!;
  if (!trade.isOpen) {
    desk.cancel(order);
    return;
  }
  const { terms } = desk;
  const held = Math.abs(trade.size);
  const wanted = order.isContingent ? held : Math.min(held, order.units);
  const volume = desk.candles.volume[execution.bar]!;
  const units = Math.min(wanted, volumeLimit(desk, volume));
  if (order.role === STOP_EXIT) order.stop = Number.NaN;
  if (!(units > 0)) {
    order.spentBar = desk.bar;
    return;
  }
  const isPart = units < wanted;
  const bare = execution.isLimit ? execution.price : terms.slipped(order.side, execution.price);
  const price = execution.isLimit ? bare : bare * (1 + order.side * terms.impactOf(units, volume));
  order.isPartlyFilled = true;
  closeUnits(desk, trade, units, {
    price,
    rate: execution.isMaker ? terms.maker : terms.taker,
    bar: execution.bar,
    kind: execution.kind,
    reason: order.role === STOP_EXIT && trade.isStoppedByTrail ? 'trailing-stop' : order.reason,
  });
  if (isPart) {
    if (!order.isContingent) order.units -= units;
    order.spentBar = desk.bar;
  } else desk.settle(order);
}

/** Most units that one order may fill of a bar with that volume. */
export function volumeLimit(desk: SymbolDesk, volume: number): number {
  const { volumeShare } = desk.terms;
  return volumeShare === Number.POSITIVE_INFINITY ? volumeShare : desk.steps.floor(volumeShare * volume);
}

/** Closes `units` of a trade for the commission of the broker. */
export function closeUnits(desk: SymbolDesk, trade: OpenTrade, units: number, terms: ExitTerms): void {
  const { price, rate, bar, kind, reason } = terms;
  leaveUnits(desk, trade, units, { bar, kind, price, commission: desk.terms.fixed + units * price * rate, reason });
}

/** Closes `units` of a trade: cash, ledger, and once nothing is left of it the exits of its bracket. */
export function leaveUnits(desk: SymbolDesk, trade: OpenTrade, units: number, exit: Exit): void {
  const { account, candles } = desk;
  const { price, commission, bar, kind, reason } = exit;
  const held = Math.abs(trade.size);
  const size = trade.side * units;
  account.cash += size * (price - trade.entryPrice) - commission;
  account.commission += commission;
  const isAll = units >= held;
  const entryFixed = isAll ? trade.entryFixed : trade.entryFixed * (units / held);
  const entryCommission = entryFixed + units * trade.entryPrice * trade.entryRate;
  desk.ledger.add(desk, trade, units, entryCommission, exit);
  trade.entryFixed -= entryFixed;
  if (isAll) dropTrade(desk, trade);
  else trade.size -= size;
  desk.sumTrades();
  // The curve has valued these units at a close that is past; now it is known that they were left there, and for what.
  if (kind === AT_CLOSE && reason === 'end-of-data')
    account.curve.amend(candles.time[bar]!, size * (price - candles.close[bar]!) - commission);
}

function dropTrade(desk: SymbolDesk, trade: OpenTrade): void {
  trade.isOpen = false;
  desk.trades.splice(desk.trades.indexOf(trade), 1);
  if (trade.stopOrder !== null) desk.book.remove(trade.stopOrder);
  if (trade.targetOrder !== null) desk.book.remove(trade.targetOrder);
}
