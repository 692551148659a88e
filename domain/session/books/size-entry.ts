import { giveUnits, mayOpen, sizingBasis } from '../../backtest/engine/entry-fill.ts';
import type { EntryPrices } from '../../backtest/engine/sizing.ts';
import { ENTRY, type WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { SessionDesk } from './session-desk.ts';
import type { SpotAccount } from './spot-account.ts';

const BPS = 10_000;

/**
 * Sizes an order at the close that has decided it, by the price that it is thought to trade at: its stop or limit, else the close and what it
 * may pay on top. Money that other entries will need is not available. `false` when the order was refused; the tally says why.
 */
export function sizeEntry(
  desk: SessionDesk,
  desks: readonly SessionDesk[],
  order: WorkingOrder,
  account: SpotAccount,
  aggressionBps: number,
): boolean {
  const { desk: books, steps } = desk;
  const prices = estimate(desk, order, aggressionBps);
  const basis = sizingBasis(order);
  account.reserved = reservedFor(desks, order, aggressionBps);
  try {
    if (!giveUnits(books, order, prices)) return false;
    if (order.side < 0) return mayReduce(desk, order);
    if (steps.lotsOf(order.units) >= steps.leastLots) return mayOpen(books, order, order.units, basis, prices);
    const least = steps.quantity(steps.leastLots);
    books.refuse(order, 'BELOW_LOT', `${order.units} units are less than the venue's least order of ${least}`);
    return false;
  } finally {
    account.reserved = 0;
  }
}

function estimate({ desk }: SessionDesk, { side, limit, stop }: WorkingOrder, aggressionBps: number): EntryPrices {
  const { maker, taker } = desk.terms;
  const waits = !Number.isNaN(limit) && Number.isNaN(stop);
  const market = desk.mark * (1 + (side * aggressionBps) / BPS);
  const price = !Number.isNaN(limit) ? limit : Number.isNaN(stop) ? market : stop;
  return { price, adjusted: price, rate: waits ? maker : taker, lastClosed: desk.bar };
}

/** A spot account sells what it has. A sell with a price may wait for something to sell. */
function mayReduce({ desk }: SessionDesk, order: WorkingOrder): boolean {
  if (desk.size > 0 || (!order.isMarket && !order.reduceOnly)) return true;
  if (order.reduceOnly) desk.refuse(order, 'NOTHING_TO_REDUCE', 'there is no position of the other side to reduce');
  else desk.refuse(order, 'DIRECTION', 'a session is long only: there is nothing to sell');
  return false;
}

/** Quote currency that the entries before will take. */
function reservedFor(desks: readonly SessionDesk[], order: WorkingOrder, aggressionBps: number): number {
  let reserved = 0;
  for (const desk of desks) {
    for (const other of desk.desk.book.orders) {
      if (other === order || other.role !== ENTRY || other.side < 0) continue;
      const { adjusted, rate } = estimate(desk, other, aggressionBps);
      reserved += other.units * adjusted * (1 + rate);
    }
  }
  return reserved;
}
