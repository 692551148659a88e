import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

export const STREAM_KINDS = ['order-book', 'trades', 'bids-asks', 'candles', 'orders', 'my-trades', 'balance'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

export const STREAM_STATES = ['connecting', 'live', 'stale', 'down'] as const;
/**
 * `connecting`: no message yet. `live`: messages come, or the venue itself has confirmed that there was nothing to send. `stale`: silent for
 * longer than its kind allows and not explained. `down`: the connection failed and is being tried again.
 */
export type StreamState = (typeof STREAM_STATES)[number];

export interface StreamName {
  readonly venue: string;
  readonly kind: StreamKind;
  /** `null` for the streams of the whole account. */
  readonly symbol: string | null;
  /** Of candles only. */
  readonly timeframe: Timeframe | null;
}

/** How one stream stands. Counters begin anew with the process that keeps the stream. */
export interface StreamHealth extends StreamName {
  readonly status: StreamState;
  /** The venue's own time of the last message that bore one; `null` before that. */
  readonly exchangeAt: EpochMs | null;
  /** Our clock when the last message came; `null` before that. Never compared with `exchangeAt`: the two clocks differ. */
  readonly receivedAt: EpochMs | null;
  readonly messages: number;
  /** How often something was missing in the sequence and had to be read again. */
  readonly gaps: number;
  /** How often the connection had to be made again. */
  readonly reconnects: number;
  /** How often it was silent for longer than its kind allows. */
  readonly stale: number;
  readonly lastError: string | null;
}

/** As read back: with the age of the row, since a worker that is gone writes none. */
export interface StreamHealthEntry extends StreamHealth {
  readonly ageMs: DurationMs;
}

/** Another process has taken over the streams of a venue: whoever gets this stops writing. */
export class StreamsSuperseded extends Error {
  constructor(venue: string, session: number) {
    super(`session ${session} of the streams of "${venue}" has been followed by another`);
    this.name = 'StreamsSuperseded';
  }
}

/** A session is one process keeping the streams of one venue account; a newer one ends the right to write of all older ones. */
export interface StreamSessions {
  /** Begins a session and gives its number, which is above all earlier ones of that venue. */
  begin(venue: string): Promise<number>;
  /**
   * The account's own streams have a connection, the first of a session or another one: what happened before is not known from them. It is told as
   * an event, so that whoever keeps books of the account compares them.
   * @throws {StreamsSuperseded} when a newer session has begun
   */
  accountConnected(venue: string, session: number, connection: number): Promise<void>;
}

export interface StreamHealthStore {
  /**
   * Replaces the rows of a venue: streams that are not among `streams` are no longer kept.
   * @throws {StreamsSuperseded} when a newer session has begun
   */
  save(venue: string, session: number, streams: readonly StreamHealth[]): Promise<void>;
  list(): Promise<readonly StreamHealthEntry[]>;
}
