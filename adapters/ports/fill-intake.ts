import type { Fill } from '../../domain/orders/fill.ts';

/**
 * What became of a trade that a stream showed:
 * `counted`: new, of an order that has not ended; `late`: new, of an order that had ended, which is an alarm; `known`: stored before,
 * whoever showed it first; `foreign`: of no order of ours, kept as such and never counted.
 */
export type FillIntakeOutcome = 'counted' | 'late' | 'known' | 'foreign';

/** Takes trades of an account as streams show them. A trade is counted once, whether a stream or a look-up shows it first. */
export interface FillIntake {
  /**
   * Stores one trade of the account at `venue`. The order is known by its client order id, or, where the stream gives none, by
   * the venue's own id. Safe to call again with the same trade, from any process, before or after the order's answer has come:
   * an order that has traded exists, so from now on it can never become "not placed".
   */
  acceptStreamFill(
    venue: string,
    fill: Fill,
    clientOrderId: string | null,
    venueOrderId: string,
  ): Promise<FillIntakeOutcome>;
}
