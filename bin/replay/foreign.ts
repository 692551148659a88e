import type { CandleVenue } from './candle-venue.ts';
import type { SessionApi } from './session-view.ts';

/** What the venue's account has beside the sessions of a replay: trades and open orders of others. */
export class Foreign {
  readonly #venue: CandleVenue;
  readonly #api: SessionApi;
  readonly #sessions: readonly string[];
  #trades = 0;
  #openOrders = 0;

  constructor(venue: CandleVenue, api: SessionApi, sessions: readonly string[]) {
    this.#venue = venue;
    this.#api = api;
    this.#sessions = sessions;
  }

  get trades(): number {
    return this.#trades;
  }

  get openOrders(): number {
    return this.#openOrders;
  }

  /** Counts anew. The ledger comes first: an order that is in it is known to the API, which named it before it was sent. */
  async count(): Promise<void> {
    if (this.#sessions.length === 0) return;
    const { orders, fills } = await this.#venue.ledger();
    const ids = await Promise.all(this.#sessions.map((id) => this.#api.clientOrderIds(id)));
    const own = new Set(ids.flat());
    const foreign = orders.filter(({ clientOrderId }) => !own.has(clientOrderId));
    const foreignIds = new Set(foreign.map(({ orderId }) => orderId));
    this.#openOrders = foreign.filter(({ status }) => status === 'open').length;
    this.#trades = fills.filter(({ orderId }) => foreignIds.has(orderId)).length;
  }
}
