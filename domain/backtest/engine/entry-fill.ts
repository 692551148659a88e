import { type ExitTerms, closeUnits, volumeLimit } from './exit-fill.ts';
import type { Execution } from './execution.ts';
import { openTrade } from './open-position.ts';
import { AT_CLOSE, type OpenTrade } from './open-trade.ts';
import { commissionPerUnit, type EntryPrices, sizeUnits } from './sizing.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import type { WorkingOrder } from './working-order.ts';

/** Fractional units may differ from what the money buys by the rounding of the quotient. */
const FRACTION_TOLERANCE = 1e-12;

/**
 * Fills an order of the strategy: sizes it, closes trades of the other side with it, the oldest first, and opens a trade with the
 * rest. Gives back that trade, or `null` when none was opened.
 */
export function fillEntry(desk: SymbolDesk, order: WorkingOrder, execution: Execution): OpenTrade | null {
  const { terms, steps } = desk;
  const prices = entryPrices(desk, order.side, execution, 0);
  const basis = sizingBasis(order);
  if (!giveUnits(desk, order, prices)) return null;
  const volume = desk.candles.volume[execution.bar]!;
  let total = Math.min(order.units, volumeLimit(desk, volume));
  if (!(total > 0)) {
    order.spentBar = desk.bar;
    return null;
  }
  const opposite = order.side * desk.size < 0 ? Math.abs(desk.size) : 0;
  if (order.reduceOnly) {
    if (opposite === 0) {
      desk.refuse(order, 'NOTHING_TO_REDUCE', 'there is no position of the other side to reduce');
      return null;
    }
    order.units = Math.min(order.units, opposite);
    total = Math.min(total, opposite);
  }
  const moved = execution.isLimit ? 0 : terms.impactOf(total, volume);
  const paid = moved === 0 ? prices : entryPrices(desk, order.side, execution, moved);
  const rest = opposite === 0 ? total : closeOpposite(desk, order, total, paid, execution);
  if (rest > 0 && !mayOpen(desk, order, rest, basis, prices)) return null;
  const trade = rest > 0 ? openTrade(desk, order, rest, paid, execution) : null;
  const isWhole = total >= order.units;
  order.units -= total;
  order.isPartlyFilled = true;
  desk.cancelGroup(order);
  if (isWhole || order.units < steps.lot) desk.settle(order);
  else order.spentBar = desk.bar;
  return trade;
}

function entryPrices(desk: SymbolDesk, side: 1 | -1, execution: Execution, impact: number): EntryPrices {
  const { terms } = desk;
  const slipped = execution.isLimit ? execution.price : terms.slipped(side, execution.price);
  const price = impact === 0 ? slipped : slipped * (1 + side * impact);
  return {
    price,
    adjusted: terms.withSpread(side, price),
    rate: execution.isMaker ? terms.maker : terms.taker,
    lastClosed: execution.kind === AT_CLOSE ? execution.bar : desk.bar - 1,
  };
}

/** What the commission for each unit is reckoned from: the share of the cash that was asked for; NaN where it is the units. */
export function sizingBasis({ units, sizing }: WorkingOrder): number {
  return Number.isNaN(units) && sizing?.kind === 'cashShare' ? sizing.value : Number.NaN;
}

/** Sizes an order, unless it is. `false` when it was refused. */
export function giveUnits(desk: SymbolDesk, order: WorkingOrder, prices: EntryPrices): boolean {
  if (!Number.isNaN(order.units)) return true;
  const units = sizeUnits(desk, order, order.sizing!, prices);
  if (units === null) {
    const detail = `the stop loss lies on the wrong side of the entry price ${prices.adjusted}: there is no risk to size by`;
    desk.refuse(order, 'INVALID_EXITS', detail);
    return false;
  }
  if (units > 0) {
    order.units = units;
    return true;
  }
  const available = desk.account.available();
  if (available > 0) desk.refuse(order, 'BELOW_LOT', `the size rounds to nothing in lots of ${desk.steps.lot}`);
  else desk.refuse(order, 'NOT_ENOUGH_MARGIN', 'nothing is available as margin');
  return false;
}

/** Closes trades of the other side, at the price without the spread: it was in their entry. Gives back what is left to open. */
function closeOpposite(
  desk: SymbolDesk,
  order: WorkingOrder,
  total: number,
  { price, rate }: EntryPrices,
  { bar, kind }: Execution,
): number {
  const exit: ExitTerms = { price, rate, bar, kind, reason: 'signal' };
  let rest = total;
  for (const trade of desk.trades.slice()) {
    const held = Math.abs(trade.size);
    const units = Math.min(held, rest);
    closeUnits(desk, trade, units, exit);
    rest -= units;
    // What the subtraction of fractions leaves over is no position.
    if (!(rest > total * FRACTION_TOLERANCE)) rest = 0;
    if (rest === 0) break;
  }
  order.isPartlyFilled = true;
  desk.cancelGroup(order);
  return rest;
}

/**
 * Whether the broker lets an order open a trade of `units`; else the order is refused.
 *
 * @param basis `sizingBasis` of the order before it was sized.
 */
export function mayOpen(
  desk: SymbolDesk,
  order: WorkingOrder,
  units: number,
  basis: number,
  prices: EntryPrices,
): boolean {
  const { account, steps, terms } = desk;
  const isLong = order.side > 0;
  if (isLong ? !terms.allowsLong : !terms.allowsShort) {
    desk.refuse(order, 'DIRECTION', `the broker opens no ${isLong ? 'long' : 'short'} positions`);
    return false;
  }
  const perUnit = prices.adjusted + commissionPerUnit(desk, Number.isNaN(basis) ? order.units : basis, prices);
  const needed = units * perUnit;
  const power = account.available() * account.leverage;
  if (needed > (steps.lot === 0 ? power * (1 + FRACTION_TOLERANCE) : power)) {
    desk.refuse(order, 'NOT_ENOUGH_MARGIN', `${units} units need ${needed}, the margin carries ${power}`);
    return false;
  }
  if (units * prices.price < steps.minNotional) {
    const detail = `${units} units are worth ${units * prices.price}, less than ${steps.minNotional}`;
    desk.refuse(order, 'BELOW_MIN_NOTIONAL', detail);
    return false;
  }
  return true;
}
