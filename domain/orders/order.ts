import type { Decimal, EpochMs } from '../market/decimal.ts';

export type Side = 'buy' | 'sell';

/** +1 for a buy, -1 for a sell: the sign that turns a price difference into a cost. */
export function signOf(side: Side): 1 | -1 {
  return side === 'buy' ? 1 : -1;
}

/**
 * How an order comes to trade. `take`: at once, and what it cannot fill expires; `post-only`: by waiting alone, and the venue refuses it rather than let
 * it take; `rest`: it takes what it can and waits with what is left; `stop`: it sleeps until the market trades at its trigger, and rests from then on.
 */
export type OrderMode = 'take' | 'post-only' | 'rest' | 'stop';

/** Whether an order of that mode stays at the venue until it fills or somebody takes it back. */
export function waits({ mode }: { readonly mode: OrderMode }): boolean {
  return mode !== 'take';
}

/** An order that can be sent: a limit order must carry a price, a market order cannot. */
export type OrderRequest = {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  /** 32 hex characters; see `client-order-id.ts`. */
  readonly clientOrderId: string;
} & (
  | { readonly type: 'limit'; readonly price: Decimal; readonly timeInForce: 'IOC' }
  | {
      readonly type: 'limit';
      readonly price: Decimal;
      readonly timeInForce: 'GTC';
      /** The venue refuses it rather than let it take. */
      readonly postOnly?: boolean;
      /** Trigger: the venue keeps it out of the book until the market trades there. Not together with `postOnly`. */
      readonly stopPrice?: Decimal;
    }
  | { readonly type: 'market' }
);

/** How an order stands at its venue. The last four are final. */
export type VenueOrderStatus = 'open' | 'filled' | 'cancelled' | 'expired' | 'rejected';

/** An order as its venue reports it. */
export interface VenueOrder {
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly status: VenueOrderStatus;
  readonly price: Decimal | null;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  /** Venue time of acceptance; `null` where the answer has none. */
  readonly acceptedAt: EpochMs | null;
}

/** Whether an order can still trade. */
export function isWorking(order: Pick<VenueOrder, 'status'>): boolean {
  return order.status === 'open';
}
