import type { EpochMs } from '../../domain/market/decimal.ts';
import type { TimeMap } from './time-map.ts';

/** Brings the events of an outside market to a listed one. */
export interface MarketDriver {
  /** How the feed's own time runs in venue time; `null` where there is no such time. */
  readonly map: TimeMap | null;
  /** How many events have been handed on. */
  readonly applied: number;
  /** Whether the last event has been handed on. */
  readonly ended: boolean;
  /** Hands on every event that is due at `now`. One call at a time. Rejects when the feed can go on no longer. */
  advanceTo(now: EpochMs): Promise<void>;
  stop(): Promise<void>;
}
