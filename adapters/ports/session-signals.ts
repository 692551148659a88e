import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleStream } from './closed-candles.ts';
import type { RunningCandle } from './running-candles.ts';

/** A price that a session waits for. */
export interface WatchedPrice {
  readonly venue: string;
  readonly symbol: string;
  /** Told once the last price is at or above it. */
  readonly above: Decimal | null;
  /** Told once the last price is at or below it. */
  readonly below: Decimal | null;
}

/** What a session waits for. */
export interface SessionInterest {
  readonly sessionId: string;
  /** Streams of candles of the session's own timeframe. */
  readonly streams: readonly CandleStream[];
  /**
   * Opening time of the newest bar that it has handled, before the first of the one before its first: told once a later one has closed in all streams.
   * `null`: once there is any.
   */
  readonly afterBar: EpochMs | null;
  /** Executions whose events concern it. */
  readonly executionIds: readonly string[];
  readonly watched: readonly WatchedPrice[];
  /** Streams of its timeframe whose open candle it looks in, with what it has seen: told once one shows anything else. */
  readonly running?: readonly { readonly stream: CandleStream; readonly seen: RunningCandle | null }[];
}

/** `order`: something has happened to one of its executions; `record`: to the session itself. */
export type SessionSignal = 'bar' | 'order' | 'record' | 'price' | 'timeout';

/**
 * Tells sessions when there is something to do. One look at the database serves all that wait in a process. A signal may come for something that
 * the session has seen by itself; none is lost between two waits of a session, so its first wait in a process ends at once with `record`.
 */
export interface SessionSignals {
  /** Resolves with the first that happens; with `timeout` when the time is over or `signal` aborts. Never rejects. */
  wait(interest: SessionInterest, withinMs: DurationMs, signal: AbortSignal): Promise<SessionSignal>;
  close(): Promise<void>;
}
