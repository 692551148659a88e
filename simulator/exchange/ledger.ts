import Big from 'big.js';
import { type Decimal, type EpochMs, toText } from '../../domain/market/decimal.ts';
import type { Side, VenueOrderStatus } from '../../domain/orders/order.ts';
import { Balances } from '../accounts/balances.ts';

export type OrderType = 'limit' | 'limit-maker' | 'market' | 'stop-limit';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';

/** An order as it was accepted; nothing in here ever changes. */
export interface AcceptedOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** `null` for a market order. */
  readonly price: Decimal | null;
  /** The price of the tape that brings a stop order to the market; `null` for every other order. */
  readonly stopPrice: Decimal | null;
  readonly quantity: Decimal;
  readonly acceptedAt: EpochMs;
  /** Feed time of the acceptance in a replay; `null` on a synthetic market. */
  readonly recordedAt: EpochMs | null;
}

/** An accepted order and what has become of it. */
export interface LedgerOrder extends AcceptedOrder {
  readonly status: Exclude<VenueOrderStatus, 'rejected'>;
  readonly filled: Decimal;
  /** Sum of price times quantity over its fills, in quote. */
  readonly quoteFilled: Decimal;
  readonly updatedAt: EpochMs;
  /** When it came to the market; `null` while it waits for its stop price. */
  readonly workingAt: EpochMs | null;
}

/** One trade of the account. */
export interface LedgerFill {
  readonly tradeId: number;
  readonly orderId: number;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** In `feeAsset`, which is the received one: base for a buy, quote for a sell. */
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly at: EpochMs;
  readonly recordedAt: EpochMs | null;
  /** Id of the recorded print behind the fill; `null` where there is none. */
  readonly sourceId: number | null;
}

/**
 * Orders, fills and balances of a venue's account. It changes only by the methods below that take a time, with the same values when a
 * thing happens and when the journal is read again, so a restarted venue stands exactly where it stood.
 */
export class Ledger {
  readonly balances: Balances;
  readonly #orders = new Map<number, LedgerOrder>();
  readonly #byClientId = new Map<string, number[]>();
  readonly #fills: LedgerFill[] = [];
  readonly #fillsByOrder = new Map<number, LedgerFill[]>();
  readonly #open = new Map<number, LedgerOrder>();
  #updatedAt: EpochMs;

  /** An account that holds `initial` since `openedAt`. */
  constructor(initial: Readonly<Record<string, Decimal>>, openedAt: EpochMs) {
    this.balances = new Balances(initial);
    this.#updatedAt = openedAt;
  }

  /** Enters an order and locks what a limit order can cost; a market order is paid from what is free. */
  accept(order: AcceptedOrder): void {
    if (this.#orders.has(order.orderId)) throw new Error(`order ${order.orderId} is already in the ledger`);
    const entered: LedgerOrder = {
      ...order,
      status: 'open',
      filled: '0',
      quoteFilled: '0',
      updatedAt: order.acceptedAt,
      workingAt: order.stopPrice === null ? order.acceptedAt : null,
    };
    this.balances.lock(paidAsset(order), lockedFor(order, new Big(order.quantity)));
    this.#store(entered);
    const key = clientKey(order.symbol, order.clientOrderId);
    this.#byClientId.set(key, [...(this.#byClientId.get(key) ?? []), order.orderId]);
  }

  /** The tape has reached the stop price of an open order, which is a limit order from now on. */
  trigger(orderId: number, at: EpochMs): void {
    const order = this.#openOrder(orderId);
    if (order.workingAt !== null) throw new Error(`order ${orderId} is on the market already`);
    this.#store({ ...order, workingAt: at, updatedAt: at });
  }

  /** Books one fill of an open order: what is paid, what is received net of the fee. */
  fill(fill: LedgerFill): void {
    const order = this.#openOrder(fill.orderId);
    if (order.workingAt === null) throw new Error(`order ${order.orderId} would trade before its stop price`);
    const quantity = new Big(fill.quantity);
    const filled = new Big(order.filled).plus(quantity);
    if (filled.gt(order.quantity)) throw new Error(`order ${order.orderId} would be filled beyond its quantity`);
    const notional = quantity.times(fill.price);
    const paid = order.side === 'buy' ? notional : quantity;
    const received = order.side === 'buy' ? quantity : notional;
    const unlocked = lockedFor(order, quantity);
    this.balances.lock(paidAsset(order), unlocked.neg());
    this.balances.credit(paidAsset(order), paid.neg());
    this.balances.credit(fill.feeAsset, received.minus(fill.fee));
    this.#fills.push(fill);
    this.#fillsByOrder.set(fill.orderId, [...this.fillsOf(fill.orderId), fill]);
    this.#store({
      ...order,
      filled: toText(filled),
      quoteFilled: toText(notional.plus(order.quoteFilled)),
      status: filled.eq(order.quantity) ? 'filled' : 'open',
      updatedAt: fill.at,
    });
  }

  /** Ends an open order that is not filled and gives back what it still locks. */
  close(orderId: number, status: 'cancelled' | 'expired', at: EpochMs): void {
    const order = this.#openOrder(orderId);
    const remaining = new Big(order.quantity).minus(order.filled);
    this.balances.lock(paidAsset(order), lockedFor(order, remaining).neg());
    this.#store({ ...order, status, updatedAt: at });
  }

  /** Adds `amount` of an asset to what is free, or takes it away when negative. */
  transfer(asset: string, amount: Decimal, at: EpochMs): void {
    this.balances.credit(asset, new Big(amount));
    this.#updatedAt = at;
  }

  order(orderId: number): LedgerOrder | undefined {
    return this.#orders.get(orderId);
  }

  /** The latest order that carries the client id: client ids are unique among open orders only. */
  byClientOrderId(symbol: string, clientOrderId: string): LedgerOrder | undefined {
    const ids = this.#byClientId.get(clientKey(symbol, clientOrderId)) ?? [];
    const open = ids.findLast((id) => this.#open.has(id));
    const latest = open ?? ids.at(-1);
    return latest === undefined ? undefined : this.#orders.get(latest);
  }

  hasOpenClientId(symbol: string, clientOrderId: string): boolean {
    return this.byClientOrderId(symbol, clientOrderId)?.status === 'open';
  }

  /** When the account last changed. */
  get updatedAt(): EpochMs {
    return this.#updatedAt;
  }

  /** In order of acceptance. */
  orders(): readonly LedgerOrder[] {
    return [...this.#orders.values()];
  }

  openOrders(): readonly LedgerOrder[] {
    return [...this.#open.values()].toSorted((a, b) => a.orderId - b.orderId);
  }

  /** In order of their happening. */
  fills(): readonly LedgerFill[] {
    return this.#fills;
  }

  fillsOf(orderId: number): readonly LedgerFill[] {
    return this.#fillsByOrder.get(orderId) ?? [];
  }

  lastOrderId(): number {
    return [...this.#orders.keys()].at(-1) ?? 0;
  }

  #openOrder(orderId: number): LedgerOrder {
    const order = this.#open.get(orderId);
    if (order === undefined) throw new Error(`order ${orderId} is not open`);
    return order;
  }

  #store(order: LedgerOrder): void {
    this.#orders.set(order.orderId, order);
    this.#updatedAt = order.updatedAt;
    if (order.status === 'open') this.#open.set(order.orderId, order);
    else this.#open.delete(order.orderId);
  }
}

/** The asset that an order pays with. */
export function paidAsset(order: Pick<AcceptedOrder, 'side' | 'base' | 'quote'>): string {
  return order.side === 'buy' ? order.quote : order.base;
}

/** What `quantity` of an order keeps locked, in its paid asset. */
function lockedFor(order: AcceptedOrder, quantity: Big): Big {
  if (order.price === null) return new Big(0);
  return order.side === 'buy' ? quantity.times(order.price) : quantity;
}

function clientKey(symbol: string, clientOrderId: string): string {
  return `${symbol} ${clientOrderId}`;
}
