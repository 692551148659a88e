import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { VenueLimits } from '../../config.ts';
import { refuse } from './errors.ts';

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;

/** A counter that starts anew with each whole interval of the clock, as Binance counts. */
class IntervalCounter {
  readonly #lengthMs: number;
  #interval = -1;
  #count = 0;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  add(amount: number, now: EpochMs): number {
    this.#count = this.count(now) + amount;
    return this.#count;
  }

  count(now: EpochMs): number {
    const interval = Math.floor(now / this.#lengthMs);
    if (interval !== this.#interval) {
      this.#interval = interval;
      this.#count = 0;
    }
    return this.#count;
  }

  secondsLeft(now: EpochMs): number {
    return Math.max(1, Math.ceil((this.#lengthMs - (now % this.#lengthMs)) / 1_000));
  }
}

/** Counts request weight and orders of one venue and writes the headers that tell them. */
export class RateCounters {
  readonly #weight = new IntervalCounter(MINUTE_MS);
  readonly #orders10s = new IntervalCounter(TEN_SECONDS_MS);
  readonly #ordersDay = new IntervalCounter(DAY_MS);
  readonly #limits: VenueLimits;

  constructor(limits: VenueLimits) {
    this.#limits = limits;
  }

  /** Counts a request. Throws -1003 with `Retry-After` when the minute's weight is used up. */
  useWeight(weight: number, now: EpochMs): void {
    if (this.#weight.add(weight, now) > this.#limits.weightPerMinute) {
      throw refuse.tooMuchWeight(this.#limits.weightPerMinute, this.#weight.secondsLeft(now));
    }
  }

  /** Throws -1015 when no further order may be placed in the running interval. */
  checkOrders(now: EpochMs): void {
    if (this.#orders10s.count(now) >= this.#limits.ordersPer10s) {
      throw refuse.tooManyOrders(this.#limits.ordersPer10s, '10 SECOND');
    }
    if (this.#ordersDay.count(now) >= this.#limits.ordersPerDay) {
      throw refuse.tooManyOrders(this.#limits.ordersPerDay, '1 DAY');
    }
  }

  countOrder(now: EpochMs): void {
    this.#orders10s.add(1, now);
    this.#ordersDay.add(1, now);
  }

  /** The request weight of the running minute: what may be used and what has been. */
  weight(now: EpochMs): { readonly limit: number; readonly used: number } {
    return { limit: this.#limits.weightPerMinute, used: this.#weight.count(now) };
  }

  weightHeaders(now: EpochMs): Record<string, string> {
    const used = String(this.#weight.count(now));
    return { 'X-MBX-USED-WEIGHT': used, 'X-MBX-USED-WEIGHT-1M': used };
  }

  orderHeaders(now: EpochMs): Record<string, string> {
    return {
      'X-MBX-ORDER-COUNT-10S': String(this.#orders10s.count(now)),
      'X-MBX-ORDER-COUNT-1D': String(this.#ordersDay.count(now)),
    };
  }
}
