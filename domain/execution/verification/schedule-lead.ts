import Big from 'big.js';
import { type Decimal, decimal, toText } from '../../market/decimal.ts';

/** A slice of the report with what it was to reach and the orders that worked it. */
export interface ReportedSlice {
  readonly n: number;
  /** Cumulative, in base. */
  readonly target: Decimal;
  readonly clientOrderIds: readonly string[];
}

/** A slice up to which more was bought or sold than the schedule had reached. */
export interface ScheduleLead {
  readonly n: number;
  readonly target: Decimal;
  readonly filled: Decimal;
}

/**
 * Slices by whose orders, and those of all slices before, more has filled than their cumulative target. A quantity that was sent once more
 * shows here although later slices were cut down to make up for it, where filled and ordered agree again at the end. What would be left after a
 * slice and is too small for an order of its own is merged into that slice: an end that comes early by so little is no lead.
 *
 * @param filledUnder what the venue has filled under a client order id, in base
 * @param isTooSmall whether the venue takes no order of that quantity, in base
 */
export function scheduleLeads(
  slices: readonly ReportedSlice[],
  filledUnder: (clientOrderId: string) => Big,
  isTooSmall: (quantity: Big) => boolean,
): readonly ScheduleLead[] {
  let filled = new Big(0);
  const last = slices.reduce((most, { target }) => (most.gt(target) ? most : decimal(target)), new Big(0));
  return slices
    .toSorted((a, b) => a.n - b.n)
    .flatMap(({ n, target, clientOrderIds }) => {
      const own = clientOrderIds.reduce((sum, id) => sum.plus(filledUnder(id)), new Big(0));
      filled = filled.plus(own);
      // One that filled nothing itself is not what went wrong.
      if (own.eq(0) || filled.lte(decimal(target))) return [];
      if (filled.eq(last) && isTooSmall(filled.minus(target))) return [];
      return [{ n, target: toText(decimal(target)), filled: toText(filled) }];
    });
}
