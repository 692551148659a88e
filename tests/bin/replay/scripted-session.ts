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

/** What it buys at a close: at most at `limit`, protected by a stop, and left at `target` where there is one. */
export interface ScriptedBuy {
  readonly limit: string;
  readonly stop: string;
  readonly target?: string;
}

/**
 * A session as the API shows it, which does one small thing each time it is asked for and is not settled in between: it handles the bar that has
 * closed, takes in a trade, looks in the open candle, or sends an order. At the closes that it is told it buys, and protects what it bought with a stop; its
 * target it watches itself, and looks for it in every second look only.
 */
export class ScriptedSession implements SessionApi {
  venue: RunningVenue;
  status: SessionView['status'] = 'running';
  /** Bars in the order in which it handled them, by their opening times. */
  readonly handled: number[] = [];
  /** Whether the API is there. */
  answers = true;
  /** Whether it looks in the open candle. */
  looks = true;
  readonly #buys: ReadonlyMap<number, ScriptedBuy>;
  readonly #sent = new Map<string, Order>();
  readonly #taken = new Set<string>();
  readonly #waiting: Order[] = [];
  readonly #buyOf = new Map<string, ScriptedBuy>();
  #target: { readonly price: string; readonly stopId: string } | null = null;
  #seen: SessionView['candleSeen'] = null;
  #looks = 0;

  constructor(venue: RunningVenue, buys: ReadonlyMap<number, ScriptedBuy>) {
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
      watched: this.#target === null ? [] : [{ kind: 'limit' }],
      candleSeen: this.#seen,
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
      const bought = this.#buyOf.get(of);
      if (bought === undefined) this.#target = null;
      else {
        const stopId = `${of}-stop`;
        this.#waiting.push({
          id: stopId,
          side: 'SELL',
          type: 'STOP_LOSS_LIMIT',
          price: '90.00',
          stopPrice: bought.stop,
        });
        this.#target = bought.target === undefined ? null : { price: bought.target, stopId };
      }
      return true;
    }
    const { closedAt, runningAt, running } = (await adminRequest(this.venue.admin, 'GET', '/candles')).json;
    if (running !== null) await this.#look({ time: runningAt, high: running.high, low: running.low });
    if (this.#waiting.length > 0) return true;
    if (this.handled.at(-1) === closedAt) return false;
    this.handled.push(closedAt);
    const buy = this.#buys.get(closedAt);
    if (buy !== undefined) {
      const id = `buy-${closedAt}`;
      this.#waiting.push({ id, side: 'BUY', type: 'LIMIT', price: buy.limit });
      this.#buyOf.set(id, buy);
    }
    return true;
  }

  async #look({
    time,
    high,
    low,
  }: {
    readonly time: number;
    readonly high: string;
    readonly low: string;
  }): Promise<void> {
    this.#looks += 1;
    if (this.#target === null || !this.looks || this.#looks % 2 === 1) return;
    this.#seen = { time: new Date(time).toISOString(), high: Number(high), low: Number(low) };
    const { price, stopId } = this.#target;
    if (Number(high) < Number(price)) return;
    this.#target = null;
    await signedRequest(this.venue.rest, 'DELETE', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: stopId });
    this.#waiting.push({ id: `${stopId}-target`, side: 'SELL', type: 'LIMIT', price });
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
