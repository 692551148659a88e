import type { Sizing } from '../settings.ts';
import type { ExitReason } from '../trade.ts';
import type { OpenTrade } from './open-trade.ts';

/** What an order is for. */
export const ENTRY = 0;
/** A market exit of one trade. */
export const CLOSE = 1;
/** The stop of a bracket. */
export const STOP_EXIT = 2;
/** The take profit of a bracket. */
export const TARGET_EXIT = 3;

export type OrderRole = typeof ENTRY | typeof CLOSE | typeof STOP_EXIT | typeof TARGET_EXIT;

/** Prices that an order names: NaN where it names none. */
export interface OrderPrices {
  readonly limit: number;
  readonly stop: number;
}

/** An order that waits. One class for all roles, so that the loops over them stay monomorphic. */
export class WorkingOrder {
  readonly role: OrderRole;
  readonly side: 1 | -1;
  /** Given without a price. */
  readonly isMarket: boolean;
  limit: number;
  /** NaN for none, and once it was hit. */
  stop: number;
  /** Units still to be filled; NaN until `sizing` says at the first fill. */
  units: number;
  readonly sizing: Sizing | null;
  /** The trade that an exit belongs to. */
  readonly parent: OpenTrade | null;
  readonly reason: ExitReason;

  /** Bar of the symbol at whose close it was given, and that close. */
  givenBar = -1;
  givenClose = Number.NaN;
  /** Last bar in which it may fill. */
  lastBar = Number.POSITIVE_INFINITY;
  /** Distance at which the stop follows, NaN for none. */
  trail = Number.NaN;
  /** Exits for the trade that it opens, NaN for none. */
  stopLoss = Number.NaN;
  takeProfit = Number.NaN;
  trailingStop = Number.NaN;
  maxBars = 0;
  oco: string | null = null;
  reduceOnly = false;
  tag: string | null = null;
  entryValues: Readonly<Record<string, number | null>> | null = null;

  /** In the book. */
  isLive = false;
  isPartlyFilled = false;
  /** Bar in which it last filled in part or found no volume: it gets no more of that bar. */
  spentBar = -1;

  constructor(
    role: OrderRole,
    side: 1 | -1,
    prices: OrderPrices,
    size: number | Sizing,
    parent: OpenTrade | null,
    reason: ExitReason,
  ) {
    this.role = role;
    this.side = side;
    this.limit = prices.limit;
    this.stop = prices.stop;
    this.isMarket = Number.isNaN(prices.limit) && Number.isNaN(prices.stop);
    this.units = typeof size === 'number' ? size : Number.NaN;
    this.sizing = typeof size === 'number' ? null : size;
    this.parent = parent;
    this.reason = reason;
  }

  /** A stop or target of a bracket: it lives and dies with its trade. */
  get isContingent(): boolean {
    return this.role >= STOP_EXIT;
  }
}
