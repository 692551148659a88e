import Big from 'big.js';
import { compare, type EpochMs, sumOf, toText } from '../../../../domain/market/decimal.ts';
import type { Ledger, LedgerFill, LedgerOrder } from '../../../exchange/ledger.ts';
import type { LedgerRecord, ReleaseRecord } from '../../../exchange/records.ts';
import { amount, wireStatus, wireSymbol, wireType } from '../format.ts';
import type { Tell } from './publisher.ts';

const NO_ORDER_LIST = -1;
const NO_TRADE = -1;

/** What a report tells of an order beyond what the order is. */
interface Happening {
  readonly kind: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED';
  /** The order as this left it. */
  readonly order: LedgerOrder;
  readonly fill: LedgerFill | null;
  /** The client id of the cancel. */
  readonly cancelId: string | null;
  readonly at: EpochMs;
}

/** Numbers the reports of one venue. */
export class ExecutionReports {
  readonly #ledger: Ledger;
  readonly #tell: Tell;
  #lastId = 0;

  constructor(ledger: Ledger, tell: Tell) {
    this.#ledger = ledger;
    this.#tell = tell;
  }

  /** The reports of everything that a record did to orders, in order; the ledger must stand as the record left it. */
  of(record: LedgerRecord, now: EpochMs): readonly unknown[] {
    return this.#happenings(record).map((happening) => this.#report(happening, now));
  }

  #happenings(record: LedgerRecord): readonly Happening[] {
    switch (record.kind) {
      case 'order': {
        const order = this.#order(record.order.orderId);
        const { acceptedAt: at } = record.order;
        const workingAt = order.stopPrice === null ? at : null;
        return this.#onMarket({ ...order, workingAt }, at, record);
      }
      case 'triggered':
        return this.#onMarket(this.#order(record.orderId), record.at, record);
      case 'released':
        return this.#released(record);
      case 'fills':
        return record.fills.map((fill) => this.#trade(fill));
      case 'cancelled': {
        const order = this.#order(record.orderId);
        return [{ kind: 'CANCELED', order, fill: null, cancelId: record.cancelClientOrderId, at: record.at }];
      }
      case 'transferred':
        return [];
    }
  }

  #released({ at, triggered, fills, expired }: ReleaseRecord): readonly Happening[] {
    const nothing = { fills: [], expired: false };
    return [
      ...triggered.flatMap((orderId) => this.#onMarket(this.#order(orderId), at, nothing)),
      ...fills.map((fill) => this.#trade(fill)),
      ...expired.map((id) => ({ kind: 'EXPIRED', order: this.#order(id), fill: null, cancelId: null, at }) as const),
    ];
  }

  /** An order that has come to the exchange, or as a triggered stop to the market: both are told as new. What it did at once follows. */
  #onMarket(
    order: LedgerOrder,
    at: EpochMs,
    did: { readonly fills: readonly LedgerFill[]; readonly expired: boolean },
  ): readonly Happening[] {
    const untouched: LedgerOrder = { ...order, status: 'open', filled: '0', quoteFilled: '0', updatedAt: at };
    const entered: Happening = { kind: 'NEW', order: untouched, fill: null, cancelId: null, at };
    const fills = did.fills.map((fill) => this.#trade(fill));
    if (!did.expired) return [entered, ...fills];
    return [entered, ...fills, { kind: 'EXPIRED', order, fill: null, cancelId: null, at }];
  }

  /** An order as it stood after one of its fills: later ones may be in the ledger already. */
  #trade(fill: LedgerFill): Happening {
    const order = this.#order(fill.orderId);
    const fills = this.#ledger.fillsOf(fill.orderId);
    const soFar = fills.slice(0, fills.findIndex(({ tradeId }) => tradeId === fill.tradeId) + 1);
    const filled = sumOf(soFar.map(({ quantity }) => quantity));
    const quoteFilled = sumOf(soFar.map(({ quantity, price }) => toText(new Big(quantity).times(price))));
    const status = compare(filled, order.quantity) === 0 ? 'filled' : 'open';
    const then = { ...order, status, filled, quoteFilled } as const;
    return { kind: 'TRADE', order: then, fill, cancelId: null, at: fill.at };
  }

  #report(happening: Happening, now: EpochMs): unknown {
    const { kind, order, fill, cancelId, at } = happening;
    this.#lastId += 1;
    const lastQuote = fill === null ? new Big(0) : new Big(fill.quantity).times(fill.price);
    const accepted = this.#tell(order.acceptedAt);
    return {
      e: 'executionReport',
      E: this.#tell(now),
      s: wireSymbol(order.symbol),
      c: cancelId ?? order.clientOrderId,
      S: order.side === 'buy' ? 'BUY' : 'SELL',
      o: wireType(order),
      f: order.timeInForce,
      q: amount(order.quantity),
      p: amount(order.price ?? '0'),
      P: amount(order.stopPrice ?? '0'),
      F: amount('0'),
      g: NO_ORDER_LIST,
      C: cancelId === null ? '' : order.clientOrderId,
      x: kind,
      X: wireStatus(order),
      r: 'NONE',
      i: order.orderId,
      l: amount(fill?.quantity ?? '0'),
      z: amount(order.filled),
      L: amount(fill?.price ?? '0'),
      n: fill === null ? '0' : amount(fill.fee),
      N: fill?.feeAsset ?? null,
      T: this.#tell(at),
      t: fill?.tradeId ?? NO_TRADE,
      I: this.#lastId,
      w: order.status === 'open' && order.workingAt !== null,
      m: fill?.maker ?? false,
      M: fill !== null,
      O: accepted,
      Z: amount(order.quoteFilled),
      Y: amount(lastQuote),
      Q: amount('0'),
      ...(order.workingAt === null ? {} : { W: this.#tell(order.workingAt) }),
      V: 'NONE',
      ...(kind === 'EXPIRED' ? { eR: 'INSUFFICIENT_LIQUIDITY' } : {}),
    };
  }

  #order(orderId: number): LedgerOrder {
    const order = this.#ledger.order(orderId);
    if (order === undefined) throw new Error(`order ${orderId} is on record and not in the ledger`);
    return order;
  }
}

/** The assets whose balances a record may have moved, by name. */
export function assetsOf(record: LedgerRecord, ledger: Ledger): readonly string[] {
  if (record.kind === 'transferred') return [record.asset];
  const orderIds =
    record.kind === 'cancelled'
      ? [record.orderId]
      : [...(record.kind === 'order' ? [record.order.orderId] : []), ...record.fills.map(({ orderId }) => orderId)];
  if (record.kind === 'triggered') orderIds.push(record.orderId);
  if (record.kind === 'released') orderIds.push(...record.expired);
  const assets = new Set<string>();
  for (const orderId of orderIds) {
    const order = ledger.order(orderId);
    if (order !== undefined) assets.add(order.base).add(order.quote);
  }
  return [...assets].toSorted();
}
