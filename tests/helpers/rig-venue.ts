import { until } from './rig-until.ts';

/** The ledger document of a simulated venue, as far as tests read it. */
export interface VenueLedger {
  readonly requests: readonly {
    readonly endpoint: string;
    readonly clientOrderId: string | null;
    readonly outcome: string;
  }[];
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string;
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly status: 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected';
    readonly quantity: string;
    readonly filled: string;
  }[];
  readonly fills: readonly {
    readonly tradeId: string;
    readonly orderId: string;
    readonly symbol: string;
    readonly price: string;
    readonly quantity: string;
  }[];
}

interface Held {
  readonly endpoint: string;
  readonly clientOrderId: string | null;
  readonly phase: 'before' | 'after';
}

/** The operator's side of a simulated venue, over its admin address. */
export class RigVenue {
  readonly #admin: string;

  constructor(admin: string) {
    this.#admin = admin;
  }

  async setFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('POST', '/faults', { count: 1, ...fault });
  }

  /** Holds the next request to `endpoint` until the faults are cleared. */
  hold(endpoint: string, phase: 'before' | 'after'): Promise<void> {
    return this.setFault({ endpoint, kind: 'delay', phase, delayMs: 600_000 });
  }

  /** Takes all faults back and lets go what they hold. */
  async clearFaults(): Promise<void> {
    await this.#call('DELETE', '/faults');
  }

  async untilHeld(endpoint: string): Promise<void> {
    await until(`the venue to hold a request to ${endpoint}`, async () => {
      const { held } = (await this.#call('GET', '/faults')) as { held: readonly Held[] };
      return held.some((each) => each.endpoint === endpoint);
    });
  }

  /** The last price that the market has printed. */
  async lastPrice(symbol: string): Promise<number> {
    const { markets } = (await this.#call('GET', '/state')) as {
      markets: readonly { readonly symbol: string; readonly lastPrice: string | null }[];
    };
    const price = markets.find((market) => market.symbol === symbol)?.lastPrice;
    if (price === undefined || price === null) throw new Error(`${symbol} has no price yet`);
    return Number(price);
  }

  async ledger(): Promise<VenueLedger> {
    return (await this.#call('GET', '/ledger')) as VenueLedger;
  }

  /** Waits until the venue has dealt with such a request about the order. */
  async untilRequest(clientOrderId: string, endpoint: string, outcome: string): Promise<void> {
    await until(`${endpoint} of ${clientOrderId} to end with "${outcome}"`, async () => {
      const { requests } = await this.ledger();
      return requests.some(
        (each) => each.clientOrderId === clientOrderId && each.endpoint === endpoint && each.outcome === outcome,
      );
    });
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#admin}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  }
}
