import Big from 'big.js';
import { type Decimal, type EpochMs, toText } from '../../domain/market/decimal.ts';
import type { BarMarket, BarPhase } from '../../domain/matching/bar-market/bar-market.ts';
import type { FeedEvent } from '../../domain/matching/feed.ts';
import type { Market } from '../../domain/matching/market.ts';
import type { MarketFill, Submission } from '../../domain/matching/market-types.ts';
import type { VenueConfig } from '../config.ts';
import { type AcceptedOrder, type Ledger, type LedgerFill, type LedgerOrder, paidAsset } from './ledger.ts';
import { canPay } from './can-pay.ts';
import type { ListedMarket } from './listed-market.ts';
import { applyToLedger, type LedgerRecord } from './records.ts';

/** An order as a client asks for it, already inside the filters of its market. */
export type NewOrder = Pick<
  AcceptedOrder,
  'clientOrderId' | 'side' | 'type' | 'timeInForce' | 'price' | 'stopPrice' | 'quantity'
>;

export type RefusalReason =
  | 'market-closed'
  | 'market-paused'
  | 'duplicate-client-id'
  | 'insufficient-balance'
  | 'would-take'
  | 'would-trigger'
  | 'unknown-order';

/** The exchange's own no to an order or a cancel: nothing was accepted, nothing has changed. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason) {
    super(reason);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/** Fees are cut, not rounded, to the eight decimals that balances have. */
const FEE_DECIMALS = 8;
const BPS = 10_000;

/**
 * The exchange behind the wire: matches accepted orders in the listed markets and books what happens. Everything that moves the
 * ledger goes to `journal` as one record before the call returns; whoever answers a client waits until that record is on disk.
 */
export class Exchange {
  readonly ledger: Ledger;
  readonly markets: ReadonlyMap<string, ListedMarket>;
  readonly #journal: (record: LedgerRecord) => void;
  readonly #feeRates: { readonly maker: Big; readonly taker: Big };
  readonly #replaysRecording: boolean;
  #lastOrderId: number;

  /** `ledger` may already hold what an earlier run left. */
  constructor(options: {
    readonly config: Pick<VenueConfig, 'makerBps' | 'takerBps' | 'feed'>;
    readonly ledger: Ledger;
    readonly markets: ReadonlyMap<string, ListedMarket>;
    readonly journal: (record: LedgerRecord) => void;
  }) {
    this.ledger = options.ledger;
    this.markets = options.markets;
    this.#journal = options.journal;
    this.#feeRates = {
      maker: new Big(options.config.makerBps).div(BPS),
      taker: new Big(options.config.takerBps).div(BPS),
    };
    const { kind } = options.config.feed;
    this.#replaysRecording = kind === 'recorded' || kind === 'candles';
    this.#lastOrderId = options.ledger.lastOrderId();
  }

  /** Takes one event of the outside market and books the fills of resting orders that it brings. */
  applyFeed(listed: ListedMarket<Market>, event: FeedEvent, at: EpochMs): void {
    listed.feedAt = event.t;
    const change = listed.market.apply(event, at);
    listed.record(change.prints);
    this.#bookFills(listed, change.fills);
    this.#trigger(listed, at);
  }

  /** Releases the next phase of the bars that a market replays and books what it brings. Throws a `RangeError` when another phase comes next. */
  release(listed: ListedMarket<BarMarket>, phase: BarPhase, at: EpochMs): void {
    const { market } = listed;
    listed.feedAt = market.bars.timeOf(market.closed);
    const { prints, fills, triggered, expired } = market.release(phase, at, (order, earlier) => {
      const booked = earlier.map((fill) => this.#booked(listed, fill));
      return canPay(this.ledger, { ...listed.listing, ...order }, booked);
    });
    listed.record(prints);
    this.#commit({
      kind: 'released',
      symbol: listed.listing.symbol,
      ...market.position,
      at,
      print: prints.find(({ ours }) => !ours) ?? null,
      triggered,
      fills: fills.map((fill) => this.#booked(listed, fill)),
      expired,
    });
    listed.feedAt = market.bars.timeOf(market.closed);
  }

  /**
   * Accepts and matches an order. With a `fillShare` only that share of it, in whole lots, may trade, and the rest expires at once. Throws
   * `Refusal` when the exchange does not take it.
   */
  place(listed: ListedMarket, order: NewOrder, at: EpochMs, fillShare: number | null = null): LedgerOrder {
    this.#check(listed, order);
    const settled = listed.market.settle(at);
    listed.record(settled.prints);
    this.#bookFills(listed, settled.fills);
    this.#trigger(listed, at);
    this.#checkBalance(listed, order, at);
    const orderId = this.#lastOrderId + 1;
    const submission =
      fillShare === null ? submit(listed, orderId, order, at) : submitShare(listed, orderId, order, at, fillShare);
    if (submission.outcome === 'would-take' || submission.outcome === 'would-trigger')
      throw new Refusal(submission.outcome);
    this.#lastOrderId = orderId;
    listed.record(submission.prints);
    const { symbol, base, quote } = listed.listing;
    this.#commit({
      kind: 'order',
      order: { orderId, ...order, symbol, base, quote, acceptedAt: at, recordedAt: this.#recordedAt(listed) },
      fills: submission.fills.map((fill) => this.#booked(listed, fill)),
      expired: submission.outcome === 'expired',
      tape: { symbol, surplus: listed.surplus },
    });
    this.#trigger(listed, at);
    return this.#orderNow(orderId);
  }

  /** Checks an order as `place` would and changes nothing. Throws `Refusal`. */
  test(listed: ListedMarket, order: NewOrder, at: EpochMs): void {
    this.#check(listed, order);
    this.#checkBalance(listed, order, at);
  }

  /** Takes an open order out of the market; `cancelId` is the cancel's own client id. Throws `Refusal` when the order is not open. */
  cancel(listed: ListedMarket, order: LedgerOrder, at: EpochMs, cancelId: string): LedgerOrder {
    if (order.status !== 'open') throw new Refusal('unknown-order');
    if (listed.market.cancel(order.orderId, at) === null) {
      throw new Error(`order ${order.orderId} is open in the ledger and does not rest in the market`);
    }
    this.#commit({ kind: 'cancelled', orderId: order.orderId, cancelClientOrderId: cancelId, at });
    return this.#orderNow(order.orderId);
  }

  /** Brings `amount` of an asset into the account from outside it, or takes it out when negative. Throws `Refusal` when there is less free. */
  transfer(asset: string, amount: Decimal, at: EpochMs): void {
    if (this.ledger.balances.free(asset).plus(amount).lt(0)) throw new Refusal('insufficient-balance');
    this.#commit({ kind: 'transferred', asset, amount, at });
  }

  /** The maker's and the taker's fee rate, as shares of what is received. */
  feeRates(): { readonly maker: Decimal; readonly taker: Decimal } {
    return { maker: toText(this.#feeRates.maker), taker: toText(this.#feeRates.taker) };
  }

  #check(listed: ListedMarket, order: NewOrder): void {
    if (listed.closed !== null) throw new Refusal('market-closed');
    if (listed.paused !== null) throw new Refusal('market-paused');
    if (this.ledger.hasOpenClientId(listed.listing.symbol, order.clientOrderId))
      throw new Refusal('duplicate-client-id');
  }

  #checkBalance(listed: ListedMarket, order: NewOrder, at: EpochMs): void {
    const asset = paidAsset({ side: order.side, ...listed.listing });
    if (this.#cost(listed, order, at).gt(this.ledger.balances.free(asset))) throw new Refusal('insufficient-balance');
  }

  /** The most that an order can cost in its paid asset: a market buy costs what the book asks now. */
  #cost(listed: ListedMarket, order: NewOrder, at: EpochMs): Big {
    const quantity = new Big(order.quantity);
    if (order.side === 'sell') return quantity;
    if (order.price !== null) return quantity.times(order.price);
    let open = quantity;
    let cost = new Big(0);
    for (const [price, available] of listed.market.depth(Number.POSITIVE_INFINITY, at).asks) {
      if (open.eq(0)) break;
      const taken = open.lt(available) ? open : new Big(available);
      cost = cost.plus(taken.times(price));
      open = open.minus(taken);
    }
    return cost;
  }

  /** Brings every stop order to the market that the tape has reached, one record for each. */
  #trigger(listed: ListedMarket, at: EpochMs): void {
    for (let hit = listed.market.triggerNext(at); hit !== null; hit = listed.market.triggerNext(at)) {
      listed.record(hit.prints);
      this.#commit({
        kind: 'triggered',
        orderId: hit.orderId,
        at,
        fills: hit.fills.map((fill) => this.#booked(listed, fill)),
        expired: hit.outcome === 'expired',
        tape: { symbol: listed.listing.symbol, surplus: listed.surplus },
      });
    }
  }

  #bookFills(listed: ListedMarket, fills: readonly MarketFill[]): void {
    if (fills.length === 0) return;
    this.#commit({
      kind: 'fills',
      fills: fills.map((fill) => this.#booked(listed, fill)),
      tape: { symbol: listed.listing.symbol, surplus: listed.surplus },
    });
  }

  /** A fill with its fee, which is taken from the received asset. */
  #booked(listed: ListedMarket, fill: MarketFill): LedgerFill {
    const { base, quote, symbol } = listed.listing;
    const received = fill.side === 'buy' ? new Big(fill.quantity) : new Big(fill.quantity).times(fill.price);
    const rate = fill.maker ? this.#feeRates.maker : this.#feeRates.taker;
    return {
      tradeId: fill.tradeId,
      orderId: fill.orderId,
      symbol,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      fee: toText(received.times(rate).round(FEE_DECIMALS, Big.roundDown)),
      feeAsset: fill.side === 'buy' ? base : quote,
      maker: fill.maker,
      at: fill.at,
      recordedAt: this.#recordedAt(listed),
      sourceId: fill.sourceId,
    };
  }

  #recordedAt(listed: ListedMarket): EpochMs | null {
    return this.#replaysRecording ? listed.feedAt : null;
  }

  #commit(record: LedgerRecord): void {
    applyToLedger(this.ledger, record);
    this.#journal(record);
  }

  #orderNow(orderId: number): LedgerOrder {
    const order = this.ledger.order(orderId);
    if (order === undefined) throw new Error(`order ${orderId} is not in the ledger`);
    return order;
  }
}

/** What a new order does at once; `would-trigger` is a stop order whose price the tape has reached already. */
type Placement = Omit<Submission, 'outcome'> & { readonly outcome: Submission['outcome'] | 'waits' | 'would-trigger' };

function submit(listed: ListedMarket, orderId: number, order: NewOrder, at: EpochMs): Placement {
  const { side, quantity, price, stopPrice, timeInForce, type } = order;
  if (stopPrice !== null) {
    if (price === null) throw new Error(`stop order ${order.clientOrderId} has no price to trade at`);
    const waits = listed.market.waitForStop({ orderId, side, quantity, price, stop: stopPrice, timeInForce });
    return { outcome: waits ? 'waits' : 'would-trigger', remaining: quantity, fills: [], prints: [] };
  }
  return listed.market.submit({ orderId, side, quantity, price, timeInForce, postOnly: type === 'limit-maker' }, at);
}

/**
 * Submits a share of an order, of which nothing rests. What may trade in whole or not at all, only as maker, or not before its stop price, does not
 * trade.
 */
function submitShare(listed: ListedMarket, orderId: number, order: NewOrder, at: EpochMs, share: number): Placement {
  const { lot } = listed.listing;
  const part = new Big(order.quantity).times(share).div(lot).round(0, Big.roundDown).times(lot);
  if (part.eq(0) || order.timeInForce === 'FOK' || order.type === 'limit-maker' || order.stopPrice !== null) {
    return { outcome: 'expired', remaining: order.quantity, fills: [], prints: [] };
  }
  const submission = submit(listed, orderId, { ...order, quantity: toText(part), timeInForce: 'IOC' }, at);
  // Where prices come bar by bar an order waits for the next: this one has no time.
  if (submission.outcome === 'rested') listed.market.cancel(orderId, at);
  return { ...submission, outcome: 'expired' };
}
