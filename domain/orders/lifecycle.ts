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
