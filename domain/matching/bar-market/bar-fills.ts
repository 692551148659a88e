import type { Side } from '../../orders/order.ts';
import type { UnitBar } from './replay-bars.ts';

/** An order as the bars look at it, in price units. */
export interface BarTerms {
  readonly side: Side;
  /** `null` of a market order. */
  readonly limit: number | null;
  /** `null` for none, and once the price has reached it. */
  readonly stop: number | null;
}

/** What a part of a bar does to an order. */
export interface BarVerdict {
  /** Whether its stop was reached. */
  readonly isTriggered: boolean;
  /** The price at which it fills in whole, in price units; `null` when it does not. */
  readonly price: number | null;
  /** Whether the price came to the order, and not the order to the price. */
  readonly isMaker: boolean;
}

const NOTHING: BarVerdict = { isTriggered: false, price: null, isMaker: false };

/** Whether an order with that limit may trade at `price`. */
export function allows({ side, limit }: Pick<BarTerms, 'side' | 'limit'>, price: number): boolean {
  return limit === null || (side === 'buy' ? price <= limit : price >= limit);
}

/** Whether `price` reaches the stop: this price or a lower one for a sell, this or a higher one for a buy. */
export function reaches(side: Side, stop: number, price: number): boolean {
  return side === 'buy' ? price >= stop : price <= stop;
}

/**
 * What the open does. Market orders, and what a gap has passed, fill at the open. An order is a taker there unless it was waiting in the
 * book when the bar before closed (`isNew` false).
 */
export function atOpen(terms: BarTerms, open: number, isNew: boolean): BarVerdict {
  const { side, limit, stop } = terms;
  if (stop !== null && (!reaches(side, stop, open) || isNearSide(terms))) return NOTHING;
  if (!allows(terms, open)) return NOTHING;
  return { isTriggered: stop !== null, price: open, isMaker: limit !== null && stop === null && !isNew };
}

/**
 * What the rest of the bar does when nobody knows its path and whatever hurts is thought to come first: stops fill at their trigger, limits
 * at their price. A limit on the near side of its own stop is thought to have been passed before the stop was reached: it waits for a
 * later bar.
 */
export function onPath(terms: BarTerms, bar: Pick<UnitBar, 'open' | 'high' | 'low'>): BarVerdict {
  const { side, limit, stop } = terms;
  const isBuy = side === 'buy';
  if (stop === null) {
    if (limit === null || !allows(terms, isBuy ? bar.low : bar.high)) return NOTHING;
    return { isTriggered: false, price: limit, isMaker: true };
  }
  if (!reaches(side, stop, isBuy ? bar.high : bar.low)) return NOTHING;
  const waits: BarVerdict = { isTriggered: true, price: null, isMaker: false };
  if (isNearSide(terms)) return waits;
  const trigger = isBuy ? Math.max(stop, bar.open) : Math.min(stop, bar.open);
  if (allows(terms, trigger)) return { isTriggered: true, price: trigger, isMaker: false };
  // A gap has passed the limit too: it is met if the bar comes back to it.
  return allows(terms, isBuy ? bar.low : bar.high) ? { isTriggered: true, price: limit, isMaker: true } : waits;
}

/** Whether the limit lies on that side of the stop from which the price comes. */
function isNearSide({ side, limit, stop }: BarTerms): boolean {
  if (limit === null || stop === null) return false;
  return side === 'buy' ? limit <= stop : limit >= stop;
}
