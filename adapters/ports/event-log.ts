import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

/** A change of state as the outbox has it. */
export interface PlatformEvent {
  /** Rises, with holes: a transaction that rolls back leaves its ids unused. */
  readonly id: number;
  readonly kind: string;
  /** What it is about: the id of an execution, a halt, a venue … */
  readonly subject: string;
  readonly payload: unknown;
  readonly at: EpochMs;
}

/** Which events are wanted; a field that is left out leaves all. */
export interface EventFilter {
  readonly subject?: string | undefined;
  /** A kind such as `order.ended`, or all that begin alike: `order.*`. */
  readonly kind?: string | undefined;
}

export interface EventRange extends EventFilter {
  /** Only ids above. */
  readonly after: number;
  /** Only ids up to this one. */
  readonly upTo: number;
  readonly limit: number;
}

/** How far the outbox goes. */
export interface EventHead {
  /** The highest id that any transaction has been given so far, 0 before the first. */
  readonly drawn: number;
  /** The highest id of an event that is committed, be it forgotten since; 0 before the first. */
  readonly committed: number;
}

/** The outbox as it is read. */
export interface EventLog {
  head(): Promise<EventHead>;
  /** Names of the transactions that have written events, or are about to, and have not ended. A name is never used twice. */
  writers(): Promise<readonly string[]>;
  /** Events that are committed, in order of their ids. */
  read(range: EventRange): Promise<readonly PlatformEvent[]>;
  /** Events up to this id are forgotten; 0 when none is. */
  prunedThrough(): Promise<number>;
  /** Forgets events older than that, and says how many. */
  prune(olderThanMs: DurationMs): Promise<number>;
}

/** A piece of the events, and up to which id nothing is missing from it. */
export interface EventPiece {
  readonly events: readonly PlatformEvent[];
  readonly upTo: number;
}

/** Events in order of their ids, each exactly once, whatever order their transactions end in. */
export interface EventFeed {
  /** Up to this id no event can appear any more, as of now. Throws when the log cannot be read. */
  position(): Promise<number>;
  /** Ids handed out beyond `position`: events on their way. */
  lag(): number;
  prunedThrough(): Promise<number>;
  /** The next events after an id, at most `limit`. */
  read(after: number, filter: EventFilter, limit: number): Promise<EventPiece>;
  /** Resolves once `position` is beyond that id, or the signal aborts. */
  changed(after: number, signal: AbortSignal): Promise<void>;
}
