import { CLOSE, ENTRY, type WorkingOrder } from '../../backtest/engine/working-order.ts';
import { leavesAll } from './leaves-all.ts';
import type { OrderRegistry } from './order-registry.ts';
import type { OrderSlot, Terms } from './order-slot.ts';
import type { Holding, SessionDesk } from './session-desk.ts';

/** Ends without success of one order in one bar after which the next bar is waited for. */
export const MOST_FAILURES = 3;

/**
 * Looks what the books of one symbol want at the venue now, gives numbers to orders that are new and versions to those whose terms have
 * changed. To be called after each event and each bar, and only then: numbers and versions depend on it.
 *
 * All that is held can be sold once. Market exits take theirs first, then stops, then targets, then resting sells of the strategy; what
 * finds too little left waits with the session, which watches its price. A trade that is left at market has no stop: both could fill.
 */
export function lookOver(desk: SessionDesk, registry: OrderRegistry): void {
  const { orders } = desk.desk.book;
  const before = desk.wanted;
  if (orders.length === 0 && before.length === 0) return;
  numberNew(desk, registry);
  const look = new Look(desk);
  look.exits();
  look.brackets();
  look.entries();
  for (const slot of before) if (!look.wanted.includes(slot)) slot.unwant();
  desk.wanted = look.wanted;
}

/** In the order of their making: exits are put first into the book, entries last. */
function numberNew(desk: SessionDesk, registry: OrderRegistry): void {
  const { orders } = desk.desk.book;
  for (let k = orders.length - 1; k >= 0; k--) {
    const order = orders[k]!;
    if (order.role === CLOSE && !desk.slots.has(order)) {
      const slot = registry.add(desk, order);
      slot.isPersonal = desk.personal.has(order);
      desk.slots.set(order, slot);
    }
  }
  for (const order of orders) {
    if (order.role === ENTRY && !desk.slots.has(order)) desk.slots.set(order, registry.add(desk, order));
  }
  for (const trade of desk.desk.trades) {
    const holding = desk.holdingOf(trade);
    holding.stop = contingent(desk, registry, holding.stop, trade.stopOrder);
    holding.target = contingent(desk, registry, holding.target, trade.targetOrder);
  }
}

function contingent(
  desk: SessionDesk,
  registry: OrderRegistry,
  slot: OrderSlot | null,
  order: WorkingOrder | null,
): OrderSlot | null {
  if (order === null) return slot;
  if (slot === null) return registry.add(desk, order);
  if (slot.order !== order) {
    slot.order = order;
    slot.isTriggered = false;
    slot.isReached = false;
  }
  return slot;
}

/** One look at a desk. */
class Look {
  readonly wanted: OrderSlot[] = [];
  readonly #desk: SessionDesk;
  readonly #holdings: readonly Holding[];
  /** Lots of each trade that are spoken for. */
  readonly #taken: number[];

  constructor(desk: SessionDesk) {
    this.#desk = desk;
    this.#holdings = desk.desk.trades.map((trade) => desk.holdingOf(trade));
    this.#taken = this.#holdings.map(() => 0);
  }

  /** Exits that go to market now. */
  exits(): void {
    for (const order of this.#desk.desk.book.orders.slice().reverse()) {
      if (order.role !== CLOSE) continue;
      const slot = this.#desk.slots.get(order)!;
      const index = this.#holdings.findIndex(({ trade }) => trade === order.parent);
      if (index < 0 || this.#rests(slot)) continue;
      const lots = this.#lotsOfClose(order, index);
      this.#market(slot, lots, Number.NaN);
      this.#taken[index]! += lots;
    }
    for (const order of this.#desk.desk.book.orders.slice()) {
      if (order.role !== ENTRY || order.side > 0) continue;
      const slot = this.#desk.slots.get(order)!;
      if (!this.#isAtMarket(slot) || this.#rests(slot)) continue;
      if (this.#holdings.length === 0) {
        this.#desk.desk.refuse(order, 'NOTHING_TO_REDUCE', 'what it was to sell has been sold');
        continue;
      }
      const lots = Math.min(this.#desk.steps.lotsOf(order.units), this.#leftOfAll());
      this.#market(slot, lots, order.limit);
      this.#takeOldest(lots);
    }
  }

  /** Of an exit of all of a trade all lots that can be sold for it, with the dust. */
  #lotsOfClose(order: WorkingOrder, index: number): number {
    const left = this.#left(index);
    return leavesAll(order) ? left : Math.min(this.#desk.steps.lotsOf(order.units), left);
  }

  /** Stops and targets of the trades, as far as these are not left already. */
  brackets(): void {
    this.#holdings.forEach(({ trade, stop, target }, index) => {
      const lots = this.#left(index);
      const hasStop = stop !== null && trade.stopOrder !== null;
      // One whose price was reached goes to market now, however often the venue has refused it.
      if (hasStop && this.#isAtMarket(stop) && (stop.isReached || !this.#rests(stop))) {
        this.#market(stop, lots, Number.NaN);
        this.#taken[index]! += lots;
        return;
      }
      if (target !== null && trade.targetOrder !== null && target.isReached && !this.#rests(target)) {
        this.#market(target, lots, target.order.limit);
        // The target may trade nothing: the stop, which had to leave the venue for it, is watched meanwhile, and wins.
        if (hasStop) this.#watch(stop, lots, true);
        this.#taken[index]! += lots;
        return;
      }
      let stopTakes = 0;
      if (hasStop) {
        // One that the venue does not take is watched at least.
        if (!this.#desk.steps.restsStops || this.#rests(stop)) this.#watch(stop, lots, false);
        else {
          this.#want(stop, { kind: 'stop', held: 'venue', lots, limit: Number.NaN, stop: stop.order.stop });
          stopTakes = lots;
        }
      }
      if (target !== null && trade.targetOrder !== null && !this.#rests(target)) {
        const held = stopTakes > 0 ? 'session' : 'venue';
        this.#want(target, { kind: 'limit', held, lots, limit: target.order.limit, stop: Number.NaN });
        if (held === 'venue') stopTakes = lots;
      }
      this.#taken[index]! += stopTakes;
    });
  }

  /** Orders of the strategy with a price, and entries at market. */
  entries(): void {
    const { steps } = this.#desk;
    for (const order of this.#desk.desk.book.orders) {
      if (order.role !== ENTRY) continue;
      const slot = this.#desk.slots.get(order)!;
      const isAtMarket = this.#isAtMarket(slot);
      if (order.side > 0) {
        const lots = steps.lotsOf(order.units);
        // Never beyond what it was sized with: the money is not there, or is that of others.
        if (isAtMarket && Number.isNaN(order.limit))
          this.#market(slot, lots, this.#desk.worst.get(order) ?? Number.NaN);
        else this.#want(slot, this.#resting(order, lots, isAtMarket, true));
        continue;
      }
      if (this.#holdings.length === 0 || isAtMarket || this.#rests(slot)) continue;
      const held = this.#holdings.reduce((sum, { lots }) => sum + lots, 0);
      const lots = Math.min(steps.lotsOf(order.units), held);
      const fits = lots <= this.#leftOfAll();
      const terms = this.#resting(order, lots, false, fits);
      this.#want(slot, terms);
      if (terms.held === 'venue') this.#takeOldest(lots);
    }
  }

  #resting({ limit, stop }: WorkingOrder, lots: number, isTriggered: boolean, fits: boolean): Terms {
    const isStop = !Number.isNaN(stop) && !isTriggered;
    const held = fits && (!isStop || this.#desk.steps.restsStops) ? 'venue' : 'session';
    return { kind: isStop ? 'stop' : 'limit', held, lots, limit, stop: isStop ? stop : Number.NaN };
  }

  #market(slot: OrderSlot, lots: number, limit: number): void {
    this.#want(slot, { kind: 'marketable', held: 'venue', lots, limit, stop: Number.NaN });
  }

  #watch(stop: OrderSlot, lots: number, isSpare: boolean): void {
    stop.isSpare = isSpare;
    this.#want(stop, { kind: 'stop', held: 'session', lots, limit: Number.NaN, stop: stop.order.stop });
  }

  #want(slot: OrderSlot, terms: Terms): void {
    if (terms.lots <= 0) return;
    slot.want(terms);
    this.wanted.push(slot);
  }

  /** Whether an order is to trade now: given so, watched and reached, or a stop that the last close has passed, which no venue would take. */
  #isAtMarket(slot: OrderSlot): boolean {
    const { order } = slot;
    if (order.isMarket || slot.isReached || slot.isTriggered) return true;
    const { mark } = this.#desk.desk;
    slot.isTriggered = order.side > 0 ? mark >= order.stop : mark <= order.stop;
    return slot.isTriggered;
  }

  /** Whether an order has failed too often to be tried again in this bar. */
  #rests(slot: OrderSlot): boolean {
    return slot.failures >= MOST_FAILURES && slot.failedBar === this.#desk.desk.bar;
  }

  #left(index: number): number {
    return this.#holdings[index]!.lots - this.#taken[index]!;
  }

  #leftOfAll(): number {
    return this.#holdings.reduce((sum, { lots }, index) => sum + lots - this.#taken[index]!, 0);
  }

  #takeOldest(lots: number): void {
    let rest = lots;
    for (let index = 0; index < this.#holdings.length && rest > 0; index++) {
      const takes = Math.min(rest, this.#left(index));
      this.#taken[index]! += takes;
      rest -= takes;
    }
  }
}
