import Big from 'big.js';
import { giveUnits, mayOpen, sizingBasis } from '../../backtest/engine/entry-fill.ts';
import type { EntryPrices } from '../../backtest/engine/sizing.ts';
import { ENTRY, type WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { Commission } from '../../backtest/settings.ts';
import type { Decimal } from '../../market/decimal.ts';
import type { OrderTerms } from '../spec.ts';
import type { SessionDesk } from './session-desk.ts';
import type { SpotAccount } from './spot-account.ts';

const BPS = 10_000;

export type EntryTerms = Pick<OrderTerms, 'aggressionBps' | 'stopSlippageBps'>;

/** What entries are sized with, so that the risk gate, which holds that fee back on top of each buy, lets them pass. */
export function entryCommission(feeRate: Decimal): Commission {
  const rate = Number(feeRate);
  return { maker: rate, taker: rate, fixed: 0 };
}

/**
 * Sizes an order at the close that has decided it, by the most that it may pay: its limit, the worst price of its stop, else the close and what it
 * may pay on top. Money that other entries will need is not available. `false` when the order was refused; the tally says why.
 */
export function sizeEntry(
  desk: SessionDesk,
  desks: readonly SessionDesk[],
  order: WorkingOrder,
  account: SpotAccount,
  terms: EntryTerms,
): boolean {
  const { desk: books, steps } = desk;
  const prices = estimate(desk, order, terms);
  const basis = sizingBasis(order);
  account.reserved = reservedFor(desks, order, terms);
  try {
    if (!giveUnits(books, order, prices)) return false;
    if (order.side < 0) return mayReduce(desk, order);
    desk.worst.set(order, prices.price);
    if (steps.lotsOf(order.units) < steps.leastLots) {
      const least = steps.quantity(steps.leastLots);
      books.refuse(order, 'BELOW_LOT', `${order.units} units are less than the venue's least order of ${least}`);
      return false;
    }
    return mayOpen(books, order, order.units, basis, prices);
  } finally {
    account.reserved = 0;
  }
}

function estimate(desk: SessionDesk, order: WorkingOrder, terms: EntryTerms): EntryPrices {
  const { maker, taker } = desk.desk.terms;
  const waits = !Number.isNaN(order.limit) && Number.isNaN(order.stop);
  const price = worstOf(desk, order, terms);
  return { price, adjusted: price, rate: waits ? maker : taker, lastClosed: desk.desk.bar };
}

function worstOf({ desk: { mark }, steps, worst }: SessionDesk, order: WorkingOrder, terms: EntryTerms): number {
  const { side, limit, stop } = order;
  const { aggressionBps, stopSlippageBps } = terms;
  if (!Number.isNaN(limit)) return limit;
  if (side < 0) return Number.isNaN(stop) ? mark * (1 - aggressionBps / BPS) : stop;
  const known = worst.get(order);
  if (known !== undefined) return known;
  // A buy goes one tick beyond the close at least: nobody sells at the last price of a market that has a spread.
  const market = Math.max(steps.dearest(mark, aggressionBps), Number(new Big(mark).plus(steps.tick)));
  if (Number.isNaN(stop)) return market;
  const triggered = steps.dearest(stop, stopSlippageBps);
  // One that the close has passed already is an order at the market.
  return mark >= stop ? Math.max(triggered, market) : triggered;
}

/** A spot account sells what it has. A sell with a price may wait for something to sell. */
function mayReduce({ desk }: SessionDesk, order: WorkingOrder): boolean {
  if (desk.size > 0 || (!order.isMarket && !order.reduceOnly)) return true;
  if (order.reduceOnly) desk.refuse(order, 'NOTHING_TO_REDUCE', 'there is no position of the other side to reduce');
  else desk.refuse(order, 'DIRECTION', 'a session is long only: there is nothing to sell');
  return false;
}

/** Quote currency that the entries before will take. */
function reservedFor(desks: readonly SessionDesk[], order: WorkingOrder, terms: EntryTerms): number {
  let reserved = 0;
  for (const desk of desks) {
    for (const other of desk.desk.book.orders) {
      if (other === order || other.role !== ENTRY || other.side < 0) continue;
      const { adjusted, rate } = estimate(desk, other, terms);
      reserved += other.units * adjusted * (1 + rate);
    }
  }
  return reserved;
}
