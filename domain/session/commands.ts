import type { EpochMs } from '../market/decimal.ts';
import type { SessionStatus, StopMode } from './status.ts';

/** What a person may ask of a session. Answered once it is on record. */
export type SessionCommand =
  | { readonly kind: 'pause'; readonly mode: 'keep' | 'flatten'; readonly by: string }
  | { readonly kind: 'resume'; readonly by: string; readonly reason: string }
  | { readonly kind: 'stop'; readonly mode: StopMode; readonly by: string }
  /** New parameters, complete and checked; they hold from the next bar on. */
  | { readonly kind: 'amend'; readonly params: Readonly<Record<string, number>>; readonly by: string };

/** How a session stands after a command, or after a bar: small, for its workflow. */
export interface SessionGlance {
  readonly status: SessionStatus;
  /** Opening time of the last bar that was handled; `null` before the first. */
  readonly lastBar: EpochMs | null;
  /** Bars handled so far. */
  readonly bars: number;
  /** What a person reads in the Temporal UI: name and text, in order. */
  readonly facts: readonly (readonly [string, string])[];
  /** What a person has to know of it now. */
  readonly problem: string | null;
  /** The version of its record that this is of: of two, the higher one is later. Absent in histories from before it was told. */
  readonly version?: number;
}

/** What runs sessions, on a queue of its own: each call keeps its place for as long as it waits for a bar. */
export interface SessionActivities {
  /**
   * Handles whatever comes until the next bar is handled, the status changes, or `withinMs` are over: takes in trades, decides bars, starts and cancels
   * orders, watches prices. Safe to run again at any point.
   */
  runSession(command: { readonly sessionId: string; readonly withinMs: number }): Promise<SessionGlance>;
}

/** What puts commands to sessions on record: on the queue of the workflows, so that none waits for a place behind those that wait for bars. */
export interface SessionRecords {
  /** Throws a non-retryable failure with a code when the session cannot have that now. */
  commandSession(command: { readonly sessionId: string; readonly command: SessionCommand }): Promise<SessionGlance>;
}

/** The queue of the activity that runs sessions. */
export const SESSIONS_QUEUE = 'sessions';
