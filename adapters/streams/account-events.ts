import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import { isWorking, type VenueOrder } from '../../domain/orders/order.ts';

/** Trades that are remembered as seen. */
const SEEN_KEPT = 5_000;
/** What the venue has done within so long may still be under way on the stream. */
const UNDER_WAY_MS: DurationMs = 3_000;

/** What REST shows of one symbol of the account. */
export interface AccountView {
  readonly symbol: string;
  readonly fills: readonly Fill[];
  readonly openOrders: readonly VenueOrder[];
  /** Venue time at which it was asked for. */
  readonly askedAt: EpochMs;
}

/** What an account's streams have shown, to be compared with what the venue says when it is asked. */
export class AccountEvents {
  readonly #seen = new Set<string>();
  readonly #open = new Map<string, { readonly order: VenueOrder; readonly at: EpochMs }>();
  #since: EpochMs = Number.POSITIVE_INFINITY;

  /** Events come from that venue time on; what was shown before counts no more as a picture of the orders. */
  begin(at: EpochMs): void {
    this.#since = at;
    this.#open.clear();
  }

  /** @param at venue time at which the events were received */
  orders(orders: readonly VenueOrder[], at: EpochMs): void {
    for (const order of orders) {
      const key = `${order.symbol} ${order.orderId}`;
      if (isWorking(order)) this.#open.set(key, { order, at });
      else this.#open.delete(key);
    }
  }

  fill(fill: Fill): void {
    this.#seen.add(keyOf(fill));
    if (this.#seen.size <= SEEN_KEPT) return;
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      break;
    }
  }

  hasSeen(fill: Fill): boolean {
    return this.#seen.has(keyOf(fill));
  }

  /** What the venue shows and the streams should have shown and did not, each in words. */
  missing({ symbol, fills, openOrders, askedAt }: AccountView): readonly string[] {
    const settled = askedAt - UNDER_WAY_MS;
    const isDue = (at: EpochMs): boolean => at > this.#since && at < settled;
    const missed = fills
      .filter((fill) => isDue(fill.at) && !this.hasSeen(fill))
      .map(({ tradeId }) => `trade ${tradeId} of ${symbol}`);
    const atVenue = new Set(openOrders.map(({ orderId }) => `${symbol} ${orderId}`));
    for (const { orderId, acceptedAt } of openOrders) {
      const isUnseen = !this.#open.has(`${symbol} ${orderId}`);
      if (isUnseen && acceptedAt !== null && isDue(acceptedAt)) missed.push(`order ${orderId} of ${symbol}`);
    }
    for (const [key, { order, at }] of this.#open) {
      if (order.symbol === symbol && at < settled && !atVenue.has(key))
        missed.push(`the end of order ${order.orderId}`);
    }
    return missed;
  }
}

/** Two orders of ours that trade with each other share the trade's id. */
function keyOf({ symbol, tradeId, orderId }: Fill): string {
  return `${symbol} ${tradeId} ${orderId}`;
}
