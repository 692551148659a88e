import {
  type Balance,
  type ConsistencyTimes,
  type RecentBalances,
  type SendOutcome,
  type TapeReading,
  type VenueAccount,
  type VenueHealth,
  VenueReadError,
} from '../../../adapters/ports/venue.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import type { Quote } from '../../../domain/market/quote.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { OrderRequest, VenueOrder } from '../../../domain/orders/order.ts';
import type { FakeClock } from './fake-clock.ts';

export const btc: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '9000',
  minNotional: '5',
};

export type Read =
  | 'quote'
  | 'balances'
  | 'findByClientOrderId'
  | 'findByOrderId'
  | 'openOrders'
  | 'ordersSince'
  | 'fillsOfOrder'
  | 'fillsSince'
  | 'tape'
  | 'cancel';

interface Sent {
  readonly order: OrderRequest;
  readonly timestamp: number;
  /** Our clock when the bytes left. */
  readonly at: number;
}

/** What a look-up shows, and from which venue time on. */
interface Shown<T> {
  value: T;
  from: number;
}

/**
 * A venue account whose answers a test writes. It holds what the venue holds (orders and trades) and from when on look-ups show
 * it; a read is answered from what is shown when it is asked and then takes its time on the fake clock.
 */
export class ScriptedVenue implements VenueAccount {
  readonly venueId = 'sim';
  candleTimeframes = (): readonly string[] => ['1m'];
  consistency: ConsistencyTimes = { recvWindowMs: 1_000, apiTimeoutMs: 1_000, marginMs: 2_000 };
  hasOrderDeadline = true;
  hasPostOnly = true;
  hasStopOrders = true;
  stopOrderLimit = async (): Promise<number | null> => 5;
  /** Venue clock minus ours. */
  offsetMs = 0;
  bid = '59999';
  ask = '60001';
  free: readonly Balance[] = [
    { asset: 'USDT', free: '1000000', locked: '0' },
    { asset: 'BTC', free: '10', locked: '0' },
  ];
  tapeReading: TapeReading = { complete: true, trades: [], before: null };
  /** The interval that the tape was last asked for, in venue time. */
  tapeAsked: readonly [number, number] | null = null;
  /** How long a read takes. */
  readonly readMs: Partial<Record<Read, number>> = {};
  readonly sent: Sent[] = [];
  readonly reads: Read[] = [];
  /** Takes an order and fills it whole. */
  readonly fillWhole = (order: OrderRequest): SendOutcome => ({
    kind: 'acknowledged',
    order: this.fill(this.place(order), order.quantity),
  });
  /** What becomes of an order that is sent. */
  onSend: (order: OrderRequest, timestamp: number) => SendOutcome = this.fillWhole;
  /** Called before each read is answered. */
  onRead: (read: Read, nth: number) => void = () => undefined;
  private readonly orders: Shown<VenueOrder>[] = [];
  private readonly trades: Shown<Fill>[] = [];
  private readonly failures = new Map<Read, number>();
  private readonly clock: FakeClock;
  private lastTrade = 100;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  /** Puts an order on the venue's book; look-ups show it from `shownFrom` (venue time) on. */
  place(order: OrderRequest, shownFrom = this.venueNow()): VenueOrder {
    const value: VenueOrder = {
      orderId: String(this.orders.length + 1),
      clientOrderId: order.clientOrderId,
      symbol: order.symbol,
      side: order.side,
      status: 'open',
      price: order.type === 'limit' ? order.price : null,
      quantity: order.quantity,
      filled: '0',
      acceptedAt: this.venueNow(),
    };
    this.orders.push({ value, from: shownFrom });
    return value;
  }

  /** Ends an order: filled when `quantity` is all of it, else `status`. Its trade is shown from `shownFrom` on. */
  fill(
    order: VenueOrder,
    quantity: string,
    { status = 'expired', shownFrom = this.venueNow() }: { status?: VenueOrder['status']; shownFrom?: number } = {},
  ): VenueOrder {
    const kept = this.orders.find(({ value }) => value.orderId === order.orderId);
    if (kept === undefined) throw new Error(`the venue holds no order ${order.orderId}`);
    kept.value = { ...order, filled: quantity, status: quantity === order.quantity ? 'filled' : status };
    if (quantity !== '0') this.trade(kept.value, quantity, shownFrom);
    return kept.value;
  }

  /** Adds a trade to an order without a word about it in the order itself. */
  trade(
    order: Pick<VenueOrder, 'orderId' | 'symbol' | 'side' | 'price'>,
    quantity: string,
    shownFrom = this.venueNow(),
  ): Fill {
    this.lastTrade += 1;
    const value: Fill = {
      tradeId: String(this.lastTrade),
      orderId: order.orderId,
      symbol: order.symbol,
      side: order.side,
      price: order.price ?? this.ask,
      quantity,
      fee: '0',
      feeAsset: 'USDT',
      maker: false,
      at: this.venueNow(),
    };
    this.trades.push({ value, from: shownFrom });
    return value;
  }

  /** Changes what the venue holds of an order. */
  amend(orderId: string, change: Partial<VenueOrder>): void {
    const kept = this.orders.find(({ value }) => value.orderId === orderId);
    if (kept === undefined) throw new Error(`the venue holds no order ${orderId}`);
    kept.value = { ...kept.value, ...change };
  }

  /** Look-ups show nothing of the orders until `until` (venue time). */
  forget(until: number): void {
    for (const kept of this.orders) kept.from = until;
  }

  /** The next `times` reads of that kind fail. */
  fail(read: Read, times: number): void {
    this.failures.set(read, times);
  }

  /** All that was ever traded for a client order id, in the venue's own books. */
  traded(clientOrderId: string): readonly Fill[] {
    const ids = this.orders
      .filter(({ value }) => value.clientOrderId === clientOrderId)
      .map(({ value }) => value.orderId);
    return this.trades.map(({ value }) => value).filter((trade) => ids.includes(trade.orderId));
  }

  holds(clientOrderId: string): boolean {
    return this.orders.some(({ value }) => value.clientOrderId === clientOrderId);
  }

  send(order: OrderRequest, timestamp: number): Promise<SendOutcome> {
    this.sent.push({ order, timestamp, at: this.clock.now() });
    return Promise.resolve(this.onSend(order, timestamp));
  }

  venueNow(): number {
    return this.clock.now() + this.offsetMs;
  }

  quote(): Promise<Quote> {
    return this.answer('quote', () => ({
      bid: this.bid,
      bidQuantity: '1',
      ask: this.ask,
      askQuantity: '1',
      at: this.venueNow(),
    }));
  }

  balances(): Promise<readonly Balance[]> {
    return this.answer('balances', () => this.free);
  }

  async recentBalances(): Promise<RecentBalances> {
    const askedAt = this.clock.now();
    return { balances: await this.balances(), shared: false, ageMs: () => this.clock.now() - askedAt };
  }

  cancel(_symbol: string, clientOrderId: string): Promise<void> {
    return this.answer('cancel', () => {
      for (const { value } of this.shownOrders())
        if (value.clientOrderId === clientOrderId && value.status === 'open')
          this.amend(value.orderId, { status: 'cancelled' });
    });
  }

  findByClientOrderId(_symbol: string, clientOrderId: string): Promise<VenueOrder | null> {
    return this.answer(
      'findByClientOrderId',
      () => this.shownOrders().find(({ value }) => value.clientOrderId === clientOrderId)?.value ?? null,
    );
  }

  findByOrderId(_symbol: string, orderId: string): Promise<VenueOrder | null> {
    return this.answer(
      'findByOrderId',
      () => this.shownOrders().find(({ value }) => value.orderId === orderId)?.value ?? null,
    );
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.answer('openOrders', () =>
      this.shownOrders()
        .map(({ value }) => value)
        .filter(({ status }) => status === 'open'),
    );
  }

  ordersSince(_symbol: string, sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.answer('ordersSince', () =>
      this.shownOrders()
        .map(({ value }) => value)
        .filter(({ acceptedAt }) => (acceptedAt ?? 0) >= sinceMs),
    );
  }

  fillsOfOrder(_symbol: string, orderId: string): Promise<readonly Fill[]> {
    return this.answer('fillsOfOrder', () => this.shownTrades().filter((trade) => trade.orderId === orderId));
  }

  fillsSince(_symbol: string, sinceMs: number): Promise<readonly Fill[]> {
    return this.answer('fillsSince', () => this.shownTrades().filter(({ at }) => at >= sinceMs));
  }

  tape(_symbol: string, from: number, to: number): Promise<TapeReading> {
    this.tapeAsked = [from, to];
    return this.answer('tape', () => this.tapeReading);
  }

  instruments(): Promise<readonly Instrument[]> {
    return Promise.resolve([btc]);
  }

  measureClock(): Promise<number> {
    return Promise.resolve(this.offsetMs);
  }

  health(): VenueHealth {
    return {
      status: 'up',
      clockOffsetMs: this.offsetMs,
      lastOkAt: null,
      lastErrorAt: null,
      lastError: null,
      usedWeight: null,
      weightLimit: null,
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private shownOrders(): readonly Shown<VenueOrder>[] {
    return this.orders.filter(({ from }) => from <= this.venueNow());
  }

  private shownTrades(): readonly Fill[] {
    return this.trades.filter(({ from }) => from <= this.venueNow()).map(({ value }) => value);
  }

  private answer<T>(read: Read, value: () => T): Promise<T> {
    this.reads.push(read);
    this.onRead(read, this.reads.filter((each) => each === read).length);
    const left = this.failures.get(read) ?? 0;
    if (left > 0) {
      this.failures.set(read, left - 1);
      return Promise.reject(new VenueReadError(`${read} gave no answer`));
    }
    const answered = value();
    this.clock.advance(this.readMs[read] ?? 0);
    return Promise.resolve(answered);
  }
}
