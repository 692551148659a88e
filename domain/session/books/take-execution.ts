import Big from 'big.js';
import { AT_LIMIT, AT_OPEN, AT_STOP, type EntryKind, OpenTrade } from '../../backtest/engine/open-trade.ts';
import { takeTrade } from '../../backtest/engine/open-position.ts';
import type { WorkingOrder } from '../../backtest/engine/working-order.ts';
import { STOP_EXIT } from '../../backtest/engine/working-order.ts';
import type { ClosedTrade } from '../../backtest/engine/trade-ledger.ts';
import type { ExitReason } from '../../backtest/trade.ts';
import type { SessionEvent } from '../journal.ts';
import type { BookLedger } from './book-ledger.ts';
import { amend, isDust, isUnsellable, leave, writeOff } from './leave-units.ts';
import { leaveByHand } from './by-hand.ts';
import type { OrderSlot } from './order-slot.ts';
import type { Holding, SessionDesk } from './session-desk.ts';

type Execution = SessionEvent & { readonly kind: 'execution' };

/** Takes in that an order has traded: in the bar after the last that was handled, at the price and for the fees that it truly had. */
export function takeExecution(slot: OrderSlot, execution: Execution, ledger: BookLedger): void {
  const { steps } = slot.desk;
  if (execution.version === slot.version) slot.filled += Number(new Big(execution.quantity).div(steps.lot));
  slot.traded.set(execution.version, (slot.traded.get(execution.version) ?? new Big(0)).plus(execution.quantity));
  // The newest price that is known: it says whether a stop still waits.
  slot.desk.desk.mark = Number(execution.price);
  if (slot.order.side > 0) buy(slot, execution);
  else sell(slot, execution, ledger);
}

/** Where the engine would have filled an order of that kind. */
function fillKind({ isMarket, stop }: WorkingOrder): EntryKind {
  if (isMarket) return AT_OPEN;
  return Number.isNaN(stop) ? AT_LIMIT : AT_STOP;
}

function buy(slot: OrderSlot, execution: Execution): void {
  const { desk, order } = slot;
  const bought = new Big(execution.quantity);
  const price = new Big(execution.price);
  const units = bought.minus(execution.feeBase);
  const commission = Number(price.times(execution.feeBase).plus(execution.feeQuote));
  // Of one order in one bar there is one trade, in however many pieces it filled.
  const known = [...desk.holdings.values()].find(
    ({ entry, trade }) => entry === slot && trade.isOpen && trade.entryBar === desk.barInProgress,
  );
  const holding = known ?? open(slot, units, Number(price), commission);
  if (known !== undefined) add(known, units, price, commission, slot);
  order.units -= Number(bought);
  order.isPartlyFilled = true;
  desk.desk.cancelGroup(order);
  if (desk.steps.lotsOf(order.units) <= 0) desk.desk.settle(order);
  if (slot.isFlattened) leaveAtMarket(slot, holding);
}

function open(slot: OrderSlot, units: Big, price: number, commission: number): Holding {
  const { desk, order } = slot;
  const trade = new OpenTrade(Number(units), price, desk.barInProgress, fillKind(order), 0, commission);
  const holding: Holding = { trade, units, lots: 0, entry: slot, stop: null, target: null, row: null };
  desk.holdings.set(trade, holding);
  takeTrade(desk.desk, order, trade, commission, price);
  return holding;
}

function add(holding: Holding, units: Big, price: Big, commission: number, { desk }: OrderSlot): void {
  const { trade } = holding;
  const { account } = desk.desk;
  const total = holding.units.plus(units);
  const value = holding.units.times(trade.entryPrice).plus(units.times(price));
  trade.entryPrice = Number(value.div(total));
  trade.entryFixed += commission;
  account.cash -= commission;
  account.commission += commission;
  desk.setUnits(holding, total);
}

/** Writes off the trades that are too little to be one, once no more will be bought for them. To be called after each event. */
export function sweepDust(desk: SessionDesk, ledger: BookLedger): void {
  for (const trade of desk.desk.trades.slice()) {
    const holding = desk.holdingOf(trade);
    if ((holding.entry === null || holding.entry.isDone) && isDust(desk, holding))
      writeOff(desk, holding, ledger, null);
  }
}

/** What was bought by an order that a flattening had cancelled does not stay. */
function leaveAtMarket({ desk }: OrderSlot, { trade }: Holding): void {
  if (trade.isOpen) leaveByHand(desk, trade);
}

function sell(slot: OrderSlot, execution: Execution, ledger: BookLedger): void {
  const { desk, order } = slot;
  const sold = new Big(execution.quantity);
  const price = new Big(execution.price);
  const out = sold.plus(execution.feeBase);
  const fee = price.times(execution.feeBase).plus(execution.feeQuote);
  const kind = fillKind(order);
  const own = slot.trade;
  let rest = out;
  let row: ClosedTrade | null = null;
  order.isPartlyFilled = true;
  // A fill that comes when its own trade is gone already takes what is there: sold it is.
  const trades = own === null ? desk.desk.trades.slice() : [own, ...desk.desk.trades.filter((trade) => trade !== own)];
  for (const trade of trades) {
    if (!trade.isOpen || !rest.gt(0)) continue;
    const holding = desk.holdingOf(trade);
    const units = rest.lt(holding.units) ? rest : holding.units;
    const commission = Number(fee.times(units).div(out));
    leave(
      desk,
      holding,
      units,
      { price: Number(price), commission, kind, reason: reasonOf(order, trade) },
      ledger,
      slot,
    );
    rest = rest.minus(units);
    row = holding.row;
  }
  if (rest.gt(0)) takeFromDust(slot, rest, price, Number(fee.times(rest).div(out)), row, ledger);
  if (!order.isContingent) {
    order.units -= Number(sold);
    desk.desk.cancelGroup(order);
    if (desk.steps.lotsOf(order.units) <= 0) desk.desk.settle(order);
  }
  if (slot.isFilled) sweep(slot, Number(price), false, ledger);
}

function reasonOf(order: WorkingOrder, trade: OpenTrade): ExitReason {
  return order.role === STOP_EXIT && trade.isStoppedByTrail ? 'trailing-stop' : order.reason;
}

/**
 * Writes off what an exit that has ended has left of its trade, where no order could sell it.
 *
 * @param isRefused whether the venue would not take the exit: then also where nothing of the trade has been left yet.
 */
export function sweep(slot: OrderSlot, price: number, isRefused: boolean, ledger: BookLedger): void {
  const { desk } = slot;
  for (const trade of desk.desk.trades.slice()) {
    const holding = desk.holdingOf(trade);
    const isLeft = (isRefused || holding.row !== null) && (slot.trade === null || slot.trade === trade);
    if (isLeft && isUnsellable(desk, holding, price)) writeOff(desk, holding, ledger, slot);
  }
}

/** Units that no trade has: of what rounding had left, else of what the account holds beside the session. */
function takeFromDust(
  slot: OrderSlot,
  units: Big,
  price: Big,
  commission: number,
  row: ClosedTrade | null,
  ledger: BookLedger,
): void {
  const { desk } = slot;
  const { account } = desk.desk;
  const gain = Number(units.times(price)) - commission;
  account.cash += gain;
  account.commission += commission;
  ledger.writtenOff -= gain;
  if (row !== null) amend(row, -gain);
  const isThere = units.lte(desk.dust);
  desk.dust = isThere ? desk.dust.minus(units) : new Big(0);
  if (!isThere) {
    const detail = `order ${slot.number} has sold ${units.toFixed()} more than the books held`;
    ledger.note(desk, slot.number, 'OVERSOLD', detail);
  }
}
