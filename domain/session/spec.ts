import type { BrokerSettings, Sizing } from '../backtest/settings.ts';
import type { FileStrategy, NamedStrategy } from '../backtest/spec/spec.ts';
import type { CalendarName } from '../market/calendar.ts';
import type { Decimal, DurationMs } from '../market/decimal.ts';
import type { Timeframe } from '../market/timeframe.ts';

/** When a session may open positions. */
export type TradingHours =
  | { readonly kind: 'always' }
  | { readonly kind: 'calendar'; readonly calendar: Exclude<CalendarName, '24/7'> }
  | {
      readonly kind: 'windows';
      /** IANA name, such as `America/New_York`: windows are of its clocks, and follow daylight saving. */
      readonly zone: string;
      readonly windows: readonly TradingWindow[];
      /** Local dates, `2026-12-25`, on which no window begins. */
      readonly closedOn: readonly string[];
    };

/** Open from `from` on the named days; a window whose `to` is not after its `from` reaches over midnight. */
export interface TradingWindow {
  /** 1 = Monday to 7 = Sunday. */
  readonly days: readonly number[];
  /** Local time of day, `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, not included; `24:00` is the end of the day. */
  readonly to: string;
}

/**
 * What is done with bars that closed while nobody could decide on them. `skip`: indicators see them, and trading goes on with the next bar;
 * `latest`: the newest of them is decided, unless it is older than `maxBarAgeMs`; `replay`: each is decided, in order.
 */
export const CATCH_UP = ['skip', 'latest', 'replay'] as const;
export type CatchUp = (typeof CATCH_UP)[number];

/** How orders of a session trade. */
export interface OrderTerms {
  /** How far beyond the best opposite price a marketable order may trade, in basis points. */
  readonly aggressionBps: number;
  /** How far beyond its trigger a stop may trade, in basis points. */
  readonly stopSlippageBps: number;
  /** How long a marketable order is tried. */
  readonly timeoutMs: DurationMs;
}

/** What a session was asked to do, complete with defaults; plain data. */
export interface SessionSpec {
  /** What people call it. */
  readonly name: string;
  /** The venue account. */
  readonly venue: string;
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  readonly strategy: NamedStrategy | FileStrategy;
  readonly sizing: Sizing;
  /** Quote currency that it works with: its cash at the start. All symbols have that quote. */
  readonly capital: Decimal;
  readonly hours: TradingHours;
  /** What becomes of positions when trading hours end. */
  readonly atClose: 'keep' | 'flatten';
  readonly catchUp: CatchUp;
  /** A bar that closed longer ago is not traded on under `latest`. */
  readonly maxBarAgeMs: DurationMs;
  readonly orders: OrderTerms;
}

/** The broker of the backtest that a session is compared with, and of the books that it keeps: spot, long only. */
export type SessionBroker = Pick<BrokerSettings, 'cash' | 'commission' | 'instruments'>;
