import Big from 'big.js';
import { AT_LIMIT, AT_OPEN, AT_STOP, type EntryKind, OpenTrade } from '../../backtest/engine/open-trade.ts';
import { takeTrade } from '../../backtest/engine/open-position.ts';
import type { WorkingOrder } from '../../backtest/engine/working-order.ts';
import { STOP_EXIT } from '../../backtest/engine/working-order.ts';
import type { ClosedTrade } from '../../backtest/engine/trade-ledger.ts';
import type { ExitReason } from '../../backtest/trade.ts';
import { maxOf, minOf } from '../../market/decimal.ts';
import type { SessionEvent } from '../journal.ts';
import { addUnits } from './add-units.ts';
import type { BookLedger } from './book-ledger.ts';
import { amend, isDust, isUnsellable, leave, writeOff } from './leave-units.ts';
import { leaveByHand } from './by-hand.ts';
import { leavesAll } from './leaves-all.ts';
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
  for (const [asset, fee] of Object.entries(execution.otherFees ?? {}))
    ledger.takeOtherFee(slot.desk, slot.number, asset, fee);
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
  if (known !== undefined) addUnits(desk, known, units, price, commission);
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
  const sale = new Sale(slot, execution, ledger);
  const own = slot.trade;
  order.isPartlyFilled = true;
  if (own !== null) {
    sale.takeFrom(own);
    sale.takeDust(desk.dust);
  }
  // A fill that comes when its own trade is gone already takes what is there: sold it is.
  for (const trade of desk.desk.trades.slice()) sale.takeFrom(trade);
  sale.takeDust(desk.dust);
  sale.takeMissing();
  if (!order.isContingent) {
    order.units -= Number(execution.quantity);
    desk.desk.cancelGroup(order);
    if (desk.steps.lotsOf(order.units) <= 0 && !leavesAll(order)) desk.desk.settle(order);
  }
  if (slot.isFilled) sweep(slot, Number(execution.price), false, ledger);
}

/** What an execution has sold, as it is taken from trades and dust. */
class Sale {
  readonly #slot: OrderSlot;
  readonly #ledger: BookLedger;
  readonly #price: Big;
  readonly #out: Big;
  readonly #fee: Big;
  #rest: Big;
  /** Of the trade that was taken from last; before that, of the one that the dust which is sold has come from. */
  #row: ClosedTrade | null;

  constructor(slot: OrderSlot, execution: Execution, ledger: BookLedger) {
    this.#slot = slot;
    this.#ledger = ledger;
    this.#price = new Big(execution.price);
    this.#out = new Big(execution.quantity).plus(execution.feeBase);
    this.#fee = this.#price.times(execution.feeBase).plus(execution.feeQuote);
    this.#rest = this.#out;
    const { desk, trade } = slot;
    this.#row = (trade === null ? undefined : desk.rows.get(trade)) ?? desk.newestRow;
  }

  takeFrom(trade: OpenTrade): void {
    if (!trade.isOpen || !this.#rest.gt(0)) return;
    const { desk, order } = this.#slot;
    const holding = desk.holdingOf(trade);
    const units = minOf(this.#rest, holding.units);
    const how = { commission: this.#feeOf(units), kind: fillKind(order), reason: reasonOf(order, trade) };
    leave(desk, holding, units, { price: Number(this.#price), ...how }, this.#ledger, this.#slot);
    this.#rest = this.#rest.minus(units);
    this.#row = holding.row;
  }

  /** Dust has been paid for by the trades that left it: what it brings is a gain of the trade that it is sold with. */
  takeDust(dust: Big): void {
    const { desk } = this.#slot;
    const { account } = desk.desk;
    const units = minOf(this.#rest, dust);
    if (!units.gt(0)) return;
    const fee = this.#feeOf(units);
    const gain = Number(units.times(this.#price)) - fee;
    account.cash += gain;
    account.commission += fee;
    this.#ledger.writtenOff -= gain;
    if (this.#row !== null) amend(this.#row, -gain);
    desk.dust = maxOf(new Big(0), desk.dust.minus(units));
    this.#rest = this.#rest.minus(units);
  }

  /** What the books do not have was sold out of what the account holds beside the session. */
  takeMissing(): void {
    if (!this.#rest.gt(0)) return;
    const { desk, number } = this.#slot;
    const detail = `order ${number} has sold ${this.#rest.toFixed()} more than the books held`;
    this.#ledger.note(desk, number, 'OVERSOLD', detail);
    this.takeDust(this.#rest);
  }

  #feeOf(units: Big): number {
    return Number(this.#fee.times(units).div(this.#out));
  }
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
