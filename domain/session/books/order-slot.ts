import Big from 'big.js';
import type { OpenTrade } from '../../backtest/engine/open-trade.ts';
import { ENTRY, STOP_EXIT, type WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { EpochMs } from '../../market/decimal.ts';
import type { OrderPurpose, WantedOrder } from '../order.ts';
import type { SessionDesk } from './session-desk.ts';

/** Terms of an order as it is wanted: quantity in lots, prices NaN for none. */
export interface Terms {
  readonly kind: WantedOrder['kind'];
  readonly held: WantedOrder['held'];
  /** What is left to trade. */
  readonly lots: number;
  readonly limit: number;
  readonly stop: number;
}

/**
 * An order of the books under the number by which the venue side knows it. A stop or a target keeps its number for as long as its trade lives,
 * whatever moves it; its version rises.
 */
export class OrderSlot {
  readonly number: number;
  readonly desk: SessionDesk;
  /** The one that is in force. */
  order: WorkingOrder;
  /** 0 until it is first wanted. */
  version = 0;
  /** Terms of the version, with all of its quantity. */
  terms: Terms | null = null;
  /** Opening time of the bar that was the last to have closed when the version was made, and its close. */
  bar: EpochMs | null = null;
  close = Number.NaN;
  /** Lots that the version has traded. */
  filled = 0;
  /** What versions have traded that the venue is not done with, in base. */
  readonly traded = new Map<number, Big>();
  isWanted = false;
  /** The market has passed its stop: it is an order at the market now. */
  isTriggered = false;
  /** The price that the session watches was reached. */
  isReached = false;
  /** A stop that is watched, which its target has driven from the venue. */
  isSpare = false;
  /** The venue is done with the version, although more is wanted. */
  isOver = false;
  /** Ends without success in the bar `failedBar`, and that bar: after some, the next bar is waited for. */
  failures = 0;
  failedBar = -1;
  /** A person asked for it: no bar has decided it. */
  isPersonal = false;
  /** What it opens is left at once: it was cancelled by a flattening, and traded before the cancel came. */
  isFlattened = false;

  constructor(number: number, desk: SessionDesk, order: WorkingOrder) {
    this.number = number;
    this.desk = desk;
    this.order = order;
  }

  /** The trade that it is an exit of. */
  get trade(): OpenTrade | null {
    return this.order.parent;
  }

  /** Whether its version has traded in whole. */
  get isFilled(): boolean {
    return this.terms !== null && this.filled >= this.terms.lots;
  }

  /** Whether the venue will trade no more of it. */
  get isDone(): boolean {
    return this.isOver || this.isFilled;
  }

  get purpose(): OrderPurpose {
    if (this.order.role === ENTRY) return this.order.side > 0 ? 'entry' : 'exit';
    if (this.order.isContingent) return this.order.role === STOP_EXIT ? 'stop-loss' : 'take-profit';
    return 'exit';
  }

  /** Wants it on these terms: a new version where they differ from those that hold. */
  want(terms: Terms): void {
    const known = this.terms;
    const holds =
      known !== null &&
      this.isWanted &&
      !this.isOver &&
      known.kind === terms.kind &&
      known.held === terms.held &&
      known.lots === terms.lots + this.filled &&
      Object.is(known.limit, terms.limit) &&
      Object.is(known.stop, terms.stop);
    if (holds) return;
    const { desk } = this.desk;
    this.version += 1;
    this.terms = terms;
    this.filled = 0;
    this.isWanted = true;
    this.isOver = false;
    this.bar = this.isPersonal ? null : (desk.candles.time[desk.bar] ?? null);
    this.close = desk.mark;
  }

  unwant(): void {
    this.isWanted = false;
  }

  /** The order as the venue side gets it. */
  wanted(stopSlippageBps: number): WantedOrder {
    const { kind, held, lots, limit, stop } = this.terms!;
    const { steps, symbol } = this.desk;
    // What an entry at market may pay at most is nobody's price: it was decided on the close.
    const isAtMarket = kind === 'marketable' && Number.isNaN(this.order.limit);
    const level = isAtMarket ? Number.NaN : Number.isNaN(stop) ? limit : stop;
    const worst = Number.isNaN(limit) && kind === 'stop' ? this.#worst(stop, stopSlippageBps) : null;
    return {
      order: this.number,
      version: this.version,
      symbol,
      side: this.order.side > 0 ? 'buy' : 'sell',
      kind,
      purpose: this.purpose,
      held,
      ...(this.isSpare && held === 'session' ? { isSpare: true } : {}),
      quantity: steps.quantity(lots),
      limit: worst ?? (Number.isNaN(limit) ? null : steps.price(limit)),
      stop: Number.isNaN(stop) ? null : steps.price(stop),
      bar: this.bar,
      intended: Number.isNaN(level) ? new Big(this.close).toFixed() : steps.price(level),
    };
  }

  /** Price beyond which a triggered stop does not trade, rounded such that rounding lets it trade rather more. */
  #worst(stop: number, slippageBps: number): string {
    const { steps } = this.desk;
    const ratio = new Big(slippageBps).div(10_000).times(this.order.side).plus(1);
    const ticks = new Big(steps.price(stop)).times(ratio).div(steps.tick);
    const whole = ticks.round(0, this.order.side > 0 ? Big.roundUp : Big.roundDown);
    return steps.tick.times(whole.lt(1) ? 1 : whole).toFixed();
  }
}
