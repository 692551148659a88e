import type { Sizing } from '../settings.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import type { WorkingOrder } from './working-order.ts';

/** Prices that an entry is sized by, per unit. */
export interface EntryPrices {
  /** With slippage, before the spread: what the commission in the sizing is reckoned from. */
  readonly price: number;
  /** With the spread as well: what is paid. */
  readonly adjusted: number;
  readonly rate: number;
  /** Last bar that has closed by the time of the fill. */
  readonly lastClosed: number;
}

/** Digits to which a share that comes out of logarithms is rounded, so that no machine's last bits get into a trade. */
const SHARE_DIGITS = 12;

/** Closes that a sizing reads before that of the bar. */
export function barsForSizing(sizing: Sizing): number {
  return sizing.kind === 'volatilityTarget' ? sizing.window - 1 : 0;
}

/** Commission for each unit of an order of `size` units (or of that share of the cash: it is reckoned like units, as the reference does). */
export function commissionPerUnit(desk: SymbolDesk, size: number, { price, rate }: EntryPrices): number {
  return (desk.terms.fixed + size * price * rate) / size;
}

/**
 * Units of an entry at the moment of its fill, in whole lots, 0 when they round to nothing. `null` where the rule has no answer: a
 * stop loss on the wrong side of the price.
 */
export function sizeUnits(desk: SymbolDesk, order: WorkingOrder, sizing: Sizing, prices: EntryPrices): number | null {
  const { account, steps } = desk;
  const { adjusted } = prices;
  switch (sizing.kind) {
    case 'cashShare':
      return steps.affordable(
        account.available() * account.leverage * sizing.value,
        adjusted + commissionPerUnit(desk, sizing.value, prices),
      );
    case 'cash':
      return steps.affordable(sizing.value, adjusted);
    case 'units':
      return steps.floor(sizing.value);
    case 'equityShare':
      return payable(desk, steps.affordable(account.equity() * sizing.value, adjusted), prices);
    case 'riskPerTrade': {
      const distance = order.side * (adjusted - firstStopLevel(order));
      return distance > 0 ? payable(desk, steps.affordable(account.equity() * sizing.value, distance), prices) : null;
    }
    case 'volatilityTarget': {
      const share = Math.min(sizing.maxShare, volatilityShare(desk, sizing, prices.lastClosed));
      return payable(desk, steps.affordable(account.equity() * share, adjusted), prices);
    }
  }
}

/** Where the stop of the trade will stand at first: stop loss or trailing stop, whichever is nearer; NaN for none. */
function firstStopLevel({ side, stopLoss, trailingStop, givenClose }: WorkingOrder): number {
  const trailing = givenClose * (1 - side * trailingStop);
  if (Number.isNaN(trailing)) return stopLoss;
  if (Number.isNaN(stopLoss)) return trailing;
  return side > 0 ? Math.max(stopLoss, trailing) : Math.min(stopLoss, trailing);
}

/** A position that the margin carries is not refused for its commission: it becomes as much smaller. */
function payable(desk: SymbolDesk, units: number, prices: EntryPrices): number {
  const { account, steps } = desk;
  const { adjusted } = prices;
  const buyingPower = account.available() * account.leverage;
  if (!(units > 0) || units * adjusted > buyingPower * (1 + 1e-12)) return units;
  const perUnit = adjusted + commissionPerUnit(desk, units, prices);
  return units * perUnit <= buyingPower ? units : steps.affordable(buyingPower, perUnit);
}

/** Share of equity at which a position has the wanted volatility. Infinity for a price that has not moved. */
function volatilityShare(
  desk: SymbolDesk,
  sizing: Sizing & { readonly kind: 'volatilityTarget' },
  lastClosed: number,
): number {
  const { close } = desk.candles;
  const first = lastClosed - sizing.window + 1;
  const returns = sizing.window - 1;
  let mean = 0;
  for (let i = first + 1; i <= lastClosed; i++) mean += Math.log(close[i]! / close[i - 1]!);
  mean /= returns;
  let squares = 0;
  for (let i = first + 1; i <= lastClosed; i++) squares += (Math.log(close[i]! / close[i - 1]!) - mean) ** 2;
  const deviation = Math.sqrt(squares / (returns - 1));
  // Equal returns leave a deviation of rounding errors.
  if (!(deviation > 1e-12)) return Number.POSITIVE_INFINITY;
  return Number((sizing.value / (deviation * Math.sqrt(sizing.barsPerYear))).toPrecision(SHARE_DIGITS));
}
