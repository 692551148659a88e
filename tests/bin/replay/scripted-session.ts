import type { SessionApi, SessionView } from '../../../bin/replay/session-view.ts';
import { adminRequest, signedRequest } from '../../simulator/support/requests.ts';
import type { RunningVenue } from '../../simulator/support/running-venue.ts';

interface Order {
  readonly id: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: 'LIMIT' | 'STOP_LOSS_LIMIT';
  readonly price: string;
  readonly stopPrice?: string;
}

interface VenueOrder {
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly status: string;
}

/**
 * A session as the API shows it, which does one small thing each time it is asked for and is not settled in between: it handles the bar that has
 * closed, takes in a trade, or sends an order. At the closes that it is told it buys, and protects what it bought with a stop.
 */
export class ScriptedSession implements SessionApi {
  venue: RunningVenue;
  status: SessionView['status'] = 'running';
  /** Bars in the order in which it handled them, by their opening times. */
  readonly handled: number[] = [];
  /** Whether the API is there. */
  answers = true;
  readonly #buys: ReadonlyMap<number, { readonly limit: string; readonly stop: string }>;
  readonly #sent = new Map<string, Order>();
  readonly #taken = new Set<string>();
  readonly #waiting: Order[] = [];
  #stopFor = new Map<string, string>();

  constructor(venue: RunningVenue, buys: ReadonlyMap<number, { readonly limit: string; readonly stop: string }>) {
    this.venue = venue;
    this.#buys = buys;
  }

  async sessions(_venue: string, ids: readonly string[]): Promise<readonly SessionView[]> {
    const views: SessionView[] = [];
    for (const id of ids) views.push(await this.#view(id));
    return views;
  }

  async #view(id: string): Promise<SessionView> {
    if (!this.answers) throw Object.assign(new Error('nothing answers'), { exitCode: 5 });
    const acted = this.status === 'running' && (await this.#act());
    const { orders } = await this.#ledger();
    const open = orders.filter(({ clientOrderId, status }) => status === 'open' && this.#sent.has(clientOrderId));
    const last = this.handled.at(-1);
    return {
      id,
      name: 'scripted',
      status: this.status,
      venue: 'sim',
      timeframe: '15m',
      startBar: null,
      lastBar: last === undefined ? null : new Date(last).toISOString(),
      bars: this.handled.length,
      settled: !acted,
      fillsTaken: this.#taken.size,
      openOrders: open.length,
      equity: 1_000,
      problem: null,
    };
  }

  async sessionsOf(): Promise<readonly SessionView[]> {
    return [await this.#view('scripted')];
  }

  async clientOrderIds(): Promise<readonly string[]> {
    return [...this.#sent.keys()];
  }

  /** `false` when there was nothing to do. */
  async #act(): Promise<boolean> {
    const order = this.#waiting.shift();
    if (order !== undefined) {
      await this.#send(order);
      return true;
    }
    const { orders, fills } = await this.#ledger();
    for (const { orderId, tradeId } of fills) {
      const of = orders.find((each) => each.orderId === orderId)?.clientOrderId ?? '';
      if (!this.#sent.has(of) || this.#taken.has(tradeId)) continue;
      this.#taken.add(tradeId);
      const stop = this.#stopFor.get(of);
      if (stop !== undefined) {
        this.#waiting.push({
          id: `${of}-stop`,
          side: 'SELL',
          type: 'STOP_LOSS_LIMIT',
          price: '90.00',
          stopPrice: stop,
        });
      }
      return true;
    }
    const { closedAt } = (await adminRequest(this.venue.admin, 'GET', '/candles')).json;
    if (this.handled.at(-1) === closedAt) return false;
    this.handled.push(closedAt);
    const buy = this.#buys.get(closedAt);
    if (buy !== undefined) {
      const id = `buy-${closedAt}`;
      this.#waiting.push({ id, side: 'BUY', type: 'LIMIT', price: buy.limit });
      this.#stopFor.set(id, buy.stop);
    }
    return true;
  }

  async #send({ id, side, type, price, stopPrice }: Order): Promise<void> {
    const isStop = type === 'STOP_LOSS_LIMIT';
    this.#sent.set(id, { id, side, type, price });
    const { status, text } = await signedRequest(this.venue.rest, 'POST', '/api/v3/order', {
      symbol: 'BTCUSDT',
      side,
      type,
      quantity: '1',
      price,
      newClientOrderId: id,
      timeInForce: isStop ? 'GTC' : 'IOC',
      ...(stopPrice === undefined ? {} : { stopPrice }),
    });
    if (status !== 200) throw new Error(text);
  }

  async #ledger(): Promise<{
    readonly orders: readonly VenueOrder[];
    readonly fills: readonly { readonly orderId: string; readonly tradeId: string }[];
  }> {
    return (await adminRequest(this.venue.admin, 'GET', '/ledger')).json;
  }
}
