import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';

export type OrderPurpose = 'entry' | 'exit' | 'stop-loss' | 'take-profit';

/** An order that a session wants to be at the venue, or, `held: 'session'`, that it watches the price for. */
export interface WantedOrder {
  /** Rises through the orders of a session in the order in which its books make them: the same in every fold. */
  readonly order: number;
  /** Rises when its terms change: a stop that follows. */
  readonly version: number;
  readonly symbol: string;
  readonly side: Side;
  readonly kind: 'marketable' | 'limit' | 'stop';
  readonly purpose: OrderPurpose;
  /** `venue`: it shall be there; `session`: its price is watched, and it is sent when that is reached. */
  readonly held: 'venue' | 'session';
  /** Of a stop: it is watched only while the target of its trade is tried. */
  readonly isSpare?: true;
  /** In base, whole lots. */
  readonly quantity: Decimal;
  /** Whole ticks. Of a `limit` its price, of a `stop` the worst price once triggered; `null` of a `marketable`. */
  readonly limit: Decimal | null;
  /** Trigger of a `stop`. */
  readonly stop: Decimal | null;
  /** Opening time of the bar at whose close it was decided; `null` for a person's. */
  readonly bar: EpochMs | null;
  /** The price that it was decided on: the bar's close, or the level of a stop. */
  readonly intended: Decimal;
}

/** One that the session watches the price for. */
export type WatchedOrder = WantedOrder & {
  /** Our clock when that began: what the market did before says nothing. */
  readonly since?: EpochMs;
};

/** An order that was given to the execution path. */
export interface PlacedOrder {
  readonly order: number;
  readonly version: number;
  readonly symbol: string;
  readonly side: Side;
  readonly kind: WantedOrder['kind'];
  readonly purpose: OrderPurpose;
  readonly quantity: Decimal;
  readonly executionId: string;
  /** `open`: not known to be at the venue yet; `working`: the venue has it; `ended`: it is in the journal as ended. */
  readonly state: 'open' | 'working' | 'ended';
  readonly cancelRequested: boolean;
}

/** What has to be done so that the venue has what is wanted. */
export interface OrderPlan {
  readonly start: readonly WantedOrder[];
  /** Execution ids. */
  readonly cancel: readonly string[];
  /** All that is wanted is working at the venue, and nothing else is on its way. */
  readonly settled: boolean;
}
