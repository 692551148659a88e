import type { GateConfig } from '../../domain/risk/gate-input.ts';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';

/** The settings that the gate of one account works with. */
export interface VenueLimits extends GateConfig {
  /** Fee that is held back on top of a buy, as a ratio of its notional. */
  readonly feeRate: Decimal;
}

export interface VenueLimitsEntry {
  readonly venue: string;
  /** `null` before the account's owner has published them. */
  readonly limits: VenueLimits | null;
  /** What its unsettled orders may still trade, by quote currency. */
  readonly openNotional: Readonly<Record<string, Decimal>>;
  readonly ordersLast10s: number;
  readonly ordersLastMinute: number;
  readonly at: EpochMs;
}

/** The gate's settings of each account, published by its owner for people to see, and how much of them is used. */
export interface VenueLimitsBoard {
  publishLimits(venue: string, limits: VenueLimits): Promise<void>;
  /** `now` is our clock. */
  listLimits(now: EpochMs): Promise<readonly VenueLimitsEntry[]>;
}
