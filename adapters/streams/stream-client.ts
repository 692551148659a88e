import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { StreamKind } from '../ports/stream-health.ts';
import type { VenueOrder } from '../../domain/orders/order.ts';

/** What came of one message, with the venue's own time where the message bears one. */
export interface Streamed<T> {
  readonly value: T;
  /** The venue's clock; never ours. */
  readonly exchangeAt: EpochMs | null;
}

/** Best bid and ask with their quantities; a side is `null` while it is empty. */
export interface Touch {
  readonly bid: readonly [price: Decimal, quantity: Decimal] | null;
  readonly ask: readonly [price: Decimal, quantity: Decimal] | null;
}

/** Open time, open, high, low, close and volume. */
export type StreamedBar = readonly [EpochMs, number, number, number, number, number];

/** Candles as a stream shows them, oldest first: the newest is still open unless it is among the closed. */
export interface StreamedCandles {
  readonly bars: readonly StreamedBar[];
  /** Opening times of those of them that the venue itself calls closed; none where it says nothing of that. */
  readonly closed: readonly EpochMs[];
}

export interface StreamedFill {
  readonly fill: Fill;
  /** Our id of its order; `null` where the venue's message bears none. */
  readonly clientOrderId: string | null;
}

/** The stream has left something out: what is known of it must be read anew, which the next call does. */
export class StreamGap extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StreamGap';
  }
}

/**
 * The streams of a venue over one client. Each method resolves with what is new since its last call, as soon as there is something; it
 * rejects with `StreamGap` when the sequence is broken and with any other error when the connection is. The next call subscribes again.
 */
export interface StreamClient {
  /** Whether the venue has streams of that kind at all. */
  supports(kind: StreamKind): boolean;
  orderBook(symbol: string): Promise<Streamed<Touch>>;
  trades(symbol: string): Promise<Streamed<readonly PublicTrade[]>>;
  bidsAsks(symbol: string): Promise<Streamed<Touch>>;
  candles(symbol: string, timeframe: Timeframe): Promise<Streamed<StreamedCandles>>;
  orders(): Promise<Streamed<readonly VenueOrder[]>>;
  myTrades(): Promise<Streamed<readonly StreamedFill[]>>;
  /** Assets whose balance has changed are not told apart: the event itself is what is new. */
  balance(): Promise<Streamed<void>>;
  /** Resolves once the venue has promised to send the account's events. */
  subscribeAccount(): Promise<void>;
  /** Ends all sockets at once, also those whose other end has gone silent. Calls in flight may stay without an answer. */
  close(): void;
}
