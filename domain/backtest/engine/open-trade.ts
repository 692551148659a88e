import type { WorkingOrder } from './working-order.ts';

/** How a trade was entered: it decides which extremes of the entry bar it has lived through. */
export const AT_OPEN = 0;
export const AT_CLOSE = 1;
export const AT_LIMIT = 2;
export const AT_STOP = 3;

export type EntryKind = typeof AT_OPEN | typeof AT_CLOSE | typeof AT_LIMIT | typeof AT_STOP;

/** A trade that is held. */
export class OpenTrade {
  /** Units, negative when short. */
  size: number;
  /** Mean price of its units. */
  entryPrice: number;
  readonly entryBar: number;
  readonly entryKind: EntryKind;
  /** Rate of the entry's commission, and what is left of its fixed part. */
  readonly entryRate: number;
  entryFixed: number;

  /** Price of the stop loss without the trailing stop, NaN for none. */
  stopLoss = Number.NaN;
  /** Distance of the trailing stop, NaN for none, and the best price that it follows. */
  trail = Number.NaN;
  bestPrice = Number.NaN;
  /** First bar whose extreme moves the trailing stop. */
  trailsFrom = 0;
  stopOrder: WorkingOrder | null = null;
  targetOrder: WorkingOrder | null = null;
  /** 0 for any. */
  maxBars = 0;
  tag: string | null = null;
  entryValues: Readonly<Record<string, number | null>> | null = null;
  isOpen = true;

  constructor(size: number, entryPrice: number, entryBar: number, entryKind: EntryKind, rate: number, fixed: number) {
    this.size = size;
    this.entryPrice = entryPrice;
    this.entryBar = entryBar;
    this.entryKind = entryKind;
    this.entryRate = rate;
    this.entryFixed = fixed;
  }

  get side(): 1 | -1 {
    return this.size > 0 ? 1 : -1;
  }

  /** Price of the trailing stop where it stands now, NaN for none. */
  get trailingLevel(): number {
    return this.bestPrice * (1 - this.side * this.trail);
  }

  /** The nearer of stop loss and trailing stop, NaN for none. */
  get stopLevel(): number {
    const trailing = this.trailingLevel;
    if (Number.isNaN(trailing)) return this.stopLoss;
    if (Number.isNaN(this.stopLoss)) return trailing;
    return this.side > 0 ? Math.max(this.stopLoss, trailing) : Math.min(this.stopLoss, trailing);
  }

  get isStoppedByTrail(): boolean {
    return this.stopLevel !== this.stopLoss;
  }
}
