import type { Decimal, EpochMs } from '../../market/decimal.ts';
import type { Quote } from '../../market/quote.ts';
import type { Side } from '../../orders/order.ts';
import type { BookWatch } from '../book-watch.ts';
import type { ExchangeMarket } from '../exchange-market.ts';
import type { BookUpdate, DepthView, MarketChange, MarketOrder, StopOrder, Submission } from '../market-types.ts';
import { type MarketScales, marketScales, wholeLots } from '../scale.ts';
import { Step } from '../step.ts';
import { Tape } from '../tape.ts';
import { allows, atOpen, type BarVerdict, onPath, reaches } from './bar-fills.ts';
import type { Candles } from '../../market/candles.ts';
import { PriceBook } from './price-book.ts';
import { ReplayBars, type UnitBar } from './replay-bars.ts';

/** Parts of a bar in their order: its open, what happens inside it, its close. */
export const BAR_PHASES = ['open', 'path', 'close'] as const;
export type BarPhase = (typeof BAR_PHASES)[number];

/** What was released last: a phase of bar `index`. */
export interface BarPosition {
  readonly index: number;
  readonly phase: BarPhase;
}

/** What a phase did. Orders in `triggered` have left their stops behind, those in `expired` have ended with nothing traded. */
export interface BarChange extends MarketChange {
  readonly triggered: readonly number[];
  readonly expired: readonly number[];
}

/** A bar as far as it is known, prices and volume as decimal text. */
export interface ShownBar {
  readonly time: EpochMs;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
}

/** An order that waits for a phase, as it must be put back after a restart. */
export interface BarOrder {
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: Decimal;
  /** `null` of a market order. */
  readonly price: Decimal | null;
  /** `null` for none, and once it was reached. */
  readonly stop: Decimal | null;
  readonly timeInForce: MarketOrder['timeInForce'];
  /** Whether no open has come since it was accepted while a bar was closed. */
  readonly isNew: boolean;
}

/** Whether the account can pay for a market order at that price, after the fills of the same phase so far. */
export type CanPay = (
  order: { readonly side: Side; readonly quantity: Decimal; readonly price: Decimal },
  earlier: MarketChange['fills'],
) => boolean;

interface Waiting {
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: bigint;
  readonly limit: number | null;
  stop: number | null;
  /** Whether what its first chance does not fill expires: market, IOC and FOK orders. */
  readonly isOnce: boolean;
  isNew: boolean;
}

/** In quantity units. */
const MOST_PRINTED = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A market that replays candles, for trading what a backtest would: no book and no impact, orders fill whole. Somebody outside releases the
 * phases of one bar after another; in between the market stands still at its last price, one tick inside bid and ask. While a bar is closed
 * every order waits for the next open. Pure; `at` is the venue's wall time (ms), which must not go back.
 */
export class BarMarket implements ExchangeMarket {
  readonly bars: ReplayBars;
  readonly extraPrints = 0;
  readonly quoteCheck = null;
  readonly #scales: MarketScales;
  readonly #tape: Tape;
  readonly #book: PriceBook;
  #orders: Waiting[] = [];
  #position: BarPosition;

  /**
   * Stands where `position` was released. `last` is the last price then, by default the close of that bar.
   * @throws {RangeError} when a price is no whole tick, or there is no such bar
   */
  constructor(
    config: { readonly tick: Decimal; readonly lot: Decimal },
    candles: Candles,
    from: { readonly position: BarPosition; readonly nextTradeId: number; readonly last?: Decimal | undefined },
  ) {
    this.#scales = marketScales(config);
    this.bars = new ReplayBars(candles, this.#scales, config.tick);
    this.#tape = new Tape(this.#scales, from.nextTradeId);
    this.#position = from.position;
    const { index } = from.position;
    if (!(index >= 0 && index < this.bars.length))
      throw new RangeError(`there is no bar ${index} of ${candles.length}`);
    const { price } = this.#scales;
    const last = from.last === undefined ? this.bars.at(index).close : price.safeUnits(from.last, 'last price');
    this.#book = new PriceBook(this.#scales, price.safeUnits(config.tick, 'tick'), last);
  }

  get position(): BarPosition {
    return this.#position;
  }

  /** Bars whose close is still to come. */
  get left(): number {
    return this.bars.length - this.closed;
  }

  /** Bars that have closed: the index of the one that has begun. */
  get closed(): number {
    const { index, phase } = this.#position;
    return phase === 'close' ? index + 1 : index;
  }

  /** The phase that comes next; `null` when no bar is left. */
  get next(): BarPhase | null {
    if (this.left === 0) return null;
    const { phase } = this.#position;
    return phase === 'close' ? 'open' : phase === 'open' ? 'path' : 'close';
  }

  get lastPrice(): Decimal {
    return this.#scales.price.text(this.#book.last);
  }

  /** Bar `index`, closed, or the one that has begun: flat at the last close and without a volume before its open, then what is known of it. */
  shown(index: number): ShownBar {
    if (index < this.closed) return this.#text(this.bars.at(index));
    const time = this.bars.timeOf(index);
    const { phase } = this.#position;
    if (phase === 'close') return this.#flat(time, this.#book.last);
    const bar = this.bars.at(index);
    const volume = this.#scales.quantity.text(this.#printed(bar));
    if (phase === 'open') return { ...this.#flat(time, bar.open), volume };
    return this.#text({ ...bar, time, close: this.#book.last, volume });
  }

  /**
   * Releases the next phase. At the open sells fill before buys; on the path stops before limits; else in the order of acceptance. A market
   * order that `canPay` refuses expires.
   * @throws {RangeError} when another phase comes next
   */
  release(phase: BarPhase, at: EpochMs, canPay: CanPay): BarChange {
    if (phase !== this.next)
      throw new RangeError(`the next phase is ${this.next ?? 'none: no bar is left'}, not ${phase}`);
    const bar = this.bars.at(this.closed);
    const index = this.closed;
    const step = new Step(this.#tape, at);
    const ended = { triggered: [] as number[], expired: [] as number[] };
    this.#position = { index, phase };
    if (phase === 'open') this.#open(bar, step, ended.expired, ended.triggered, canPay);
    else if (phase === 'path') this.#path(bar, step, ended.expired, ended.triggered);
    else this.#print(bar, bar.close, step);
    return { fills: step.fills, prints: step.prints, ...ended };
  }

  settle(_at: EpochMs): MarketChange {
    return { fills: [], prints: [] };
  }

  /**
   * Takes a new order. While a bar is closed it waits for the next open. Between the open and the path what the open allows trades there at
   * once; between the path and the close an order that trades at once or never, and that an extreme of the bar allows and its open does not, trades at its limit.
   */
  submit(order: MarketOrder, at: EpochMs): Submission {
    const quantity = this.#scales.quantity.units(order.quantity, 'quantity');
    const limit = order.price === null ? null : this.#scales.price.safeUnits(order.price, 'price');
    const { side } = order;
    const step = new Step(this.#tape, at);
    const result = (outcome: Submission['outcome']): Submission => ({
      outcome,
      fills: step.fills,
      prints: step.prints,
      remaining: outcome === 'filled' ? '0' : order.quantity,
    });
    if (order.postOnly && allows({ side, limit }, this.#book.opposite(side))) return result('would-take');
    const isOnce = limit === null || order.timeInForce !== 'GTC';
    const price = order.postOnly ? null : this.#priceNow(side, limit, isOnce);
    const { phase } = this.#position;
    const waiting = { orderId: order.orderId, side, quantity, limit, stop: null, isOnce, isNew: phase === 'close' };
    if (price !== null) {
      this.#fill(waiting, price, false, step);
      return result('filled');
    }
    if (isOnce && phase === 'open') return result('expired');
    this.#orders.push(waiting);
    return result('rested');
  }

  waitForStop(order: StopOrder): boolean {
    const stop = this.#scales.price.safeUnits(order.stop, 'stop');
    if (reaches(order.side, stop, this.#book.last)) return false;
    this.putBack({ ...order, isNew: this.#position.phase === 'close' });
    return true;
  }

  /** A release says itself what it triggered. */
  triggerNext(): null {
    return null;
  }

  cancel(orderId: number, _at: EpochMs): Decimal | null {
    const order = this.#orders.find((each) => each.orderId === orderId);
    if (order === undefined) return null;
    this.#orders = this.#orders.filter((each) => each !== order);
    return this.#scales.quantity.text(order.quantity);
  }

  /** Puts an order back that waited before a restart, after those that are older. */
  putBack(order: BarOrder | (StopOrder & { readonly isNew: boolean })): void {
    const { price, stop } = order;
    this.#orders.push({
      orderId: order.orderId,
      side: order.side,
      quantity: this.#scales.quantity.units(order.quantity, 'quantity'),
      limit: price === null ? null : this.#scales.price.safeUnits(price, 'price'),
      stop: stop === null ? null : this.#scales.price.safeUnits(stop, 'stop'),
      isOnce: price === null || order.timeInForce !== 'GTC',
      isNew: order.isNew,
    });
  }

  depth(_limit: number, _at: EpochMs): DepthView {
    return this.#book.depth();
  }

  best(at: EpochMs): Quote | null {
    return this.#book.best(at);
  }

  watchBook(_at: EpochMs): BookWatch {
    return this.#book.watch();
  }

  bookChanges(watch: BookWatch, _at: EpochMs): BookUpdate | null {
    return this.#book.changes(watch);
  }

  unwatchBook(watch: BookWatch): void {
    this.#book.unwatch(watch);
  }

  #open(bar: UnitBar, step: Step, expired: number[], triggered: number[], canPay: CanPay): void {
    this.#print(bar, bar.open, step);
    const sells = this.#orders.filter(({ side }) => side === 'sell');
    const buys = this.#orders.filter(({ side }) => side === 'buy');
    for (const order of [...sells, ...buys]) {
      const verdict = atOpen(order, bar.open, order.isNew || order.isOnce);
      order.isNew = false;
      if (verdict.price !== null && order.limit === null && !this.#isPaid(order, verdict.price, step, canPay)) {
        this.#expire(order, expired);
        continue;
      }
      this.#apply(order, verdict, step, triggered);
      if (verdict.price === null && order.isOnce && order.stop === null) this.#expire(order, expired);
    }
  }

  #path(bar: UnitBar, step: Step, expired: number[], triggered: number[]): void {
    const stops = this.#orders.filter(({ stop }) => stop !== null);
    const limits = this.#orders.filter(({ stop }) => stop === null);
    for (const order of [...stops, ...limits]) {
      // What trades at once or never came after the open and waits for the next one.
      if (order.stop === null && order.isOnce) continue;
      const verdict = onPath(order, bar);
      this.#apply(order, verdict, step, triggered);
      if (verdict.isTriggered && order.isOnce && (verdict.price === null || verdict.isMaker))
        this.#expire(order, expired);
    }
  }

  #apply(order: Waiting, { isTriggered, price, isMaker }: BarVerdict, step: Step, triggered: number[]): void {
    if (isTriggered) {
      triggered.push(order.orderId);
      order.stop = null;
    }
    if (price === null || (order.isOnce && isMaker)) return;
    this.#orders = this.#orders.filter((each) => each !== order);
    this.#fill(order, price, isMaker, step);
  }

  #expire(order: Waiting, expired: number[]): void {
    this.#orders = this.#orders.filter((each) => each !== order);
    expired.push(order.orderId);
  }

  #isPaid(order: Waiting, price: number, step: Step, canPay: CanPay): boolean {
    const quantity = this.#scales.quantity.text(order.quantity);
    return canPay({ side: order.side, quantity, price: this.#scales.price.text(price) }, step.fills);
  }

  /** The price at which an order trades as soon as it comes; `null` when it waits. */
  #priceNow(side: Side, limit: number | null, isOnce: boolean): number | null {
    const { index, phase } = this.#position;
    if (phase === 'close') return null;
    if (phase === 'open') return allows({ side, limit }, this.#book.last) ? this.#book.last : null;
    const { open, high, low } = this.bars.at(index);
    if (!isOnce || limit === null || allows({ side, limit }, open)) return null;
    return allows({ side, limit }, side === 'buy' ? low : high) ? limit : null;
  }

  /** The market's own print of a phase: half of the bar's volume at its open and at its close each, at least one lot and at most what a tape can count. */
  #print(bar: UnitBar, price: number, step: Step): void {
    step.print(price, this.#printed(bar), price < this.#book.last, null, false);
    this.#book.moveTo(price);
  }

  #printed(bar: UnitBar): bigint {
    const half = this.#scales.quantity.units(bar.volume, 'volume') / 2n;
    const lots = wholeLots(this.#scales, half > MOST_PRINTED ? MOST_PRINTED : half);
    return lots > 0n ? lots : this.#scales.lot;
  }

  #fill(order: Waiting, price: number, isMaker: boolean, step: Step): void {
    const print = step.print(price, order.quantity, (order.side === 'buy') === isMaker, null, true);
    step.fill(order, print, isMaker);
    this.#book.moveTo(price);
  }

  #flat(time: EpochMs, price: number): ShownBar {
    return this.#text({ time, open: price, high: price, low: price, close: price, volume: '0' });
  }

  #text({ time, open, high, low, close, volume }: UnitBar): ShownBar {
    const text = (units: number) => this.#scales.price.text(units);
    return { time, open: text(open), high: text(high), low: text(low), close: text(close), volume };
  }
}
