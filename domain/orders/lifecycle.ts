import { compare, type Decimal } from '../market/decimal.ts';
import type { VenueOrder } from './order.ts';

/**
 * The life of an order intent.
 *
 *     sending ─┬─> working ─┬─> filled | partially-filled | expired | cancelled
 *              ├─> refused  │
 *              └─> not-placed (closed for ever: a resend is a new attempt with a new id)
 *
 * `sending` means that the order may have been sent: whoever finds it looks the order up and never sends it.
 */
export type IntentState =
  | 'sending'
  | 'working'
  | 'filled'
  | 'partially-filled'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'not-placed';

const NEXT: Readonly<Record<IntentState, readonly IntentState[]>> = {
  sending: ['working', 'filled', 'partially-filled', 'expired', 'cancelled', 'refused', 'not-placed'],
  working: ['filled', 'partially-filled', 'expired', 'cancelled'],
  filled: [],
  'partially-filled': [],
  expired: [],
  cancelled: [],
  refused: [],
  'not-placed': [],
};

/** Whether an intent in that state can still trade or has an outcome that nobody knows yet. */
export function isUnsettled(state: IntentState): boolean {
  return NEXT[state].length > 0;
}

/** Whether the table allows that step. */
export function canFollow(from: IntentState, to: IntentState): boolean {
  return NEXT[from].includes(to);
}

/** Whether two ends of one intent can both be said: of an order that the venue held, any two, since its trades decide what it became. */
export function agree(a: IntentState, b: IntentState): boolean {
  return a === b || (NEXT.working.includes(a) && NEXT.working.includes(b));
}

/** The final state of an intent whose order has ended at the venue. */
export function endStateOf(order: Pick<VenueOrder, 'status' | 'quantity' | 'filled'>): IntentState {
  if (compare(order.filled, order.quantity) >= 0) return 'filled';
  if (compare(order.filled, '0') > 0) return 'partially-filled';
  return order.status === 'cancelled' ? 'cancelled' : 'expired';
}

/**
 * The final state of an intent, given all that is known to have traded. A venue's word on an order may be older than its trades: an order that
 * "expired" without one has filled in part when a stream has shown a trade of it.
 */
export function endStateGiven(state: IntentState, quantity: Decimal, filled: Decimal): IntentState {
  if (compare(filled, '0') === 0 || state === 'refused' || state === 'not-placed') return state;
  return compare(filled, quantity) >= 0 ? 'filled' : 'partially-filled';
}
