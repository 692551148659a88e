import type { Problem } from '../execution/commands.ts';
import type { EpochMs } from '../market/decimal.ts';

/** How a session stands. The last two are final. */
export type SessionStatus = 'running' | 'paused' | 'stopping' | 'stopped' | 'failed';

/** Whether that status is final. */
export function isOver(status: SessionStatus): status is 'stopped' | 'failed' {
  return status === 'stopped' || status === 'failed';
}

/** What becomes of positions and orders: `keep` leaves positions and their stops; `cancel` cancels all orders and leaves positions; `flatten` leaves neither. */
export type StopMode = 'keep' | 'flatten' | 'cancel';

/**
 * What keeps a session from opening positions although it runs. `RECONCILIATION` and `STRATEGY` wait for a person; `ORDERS`, a stop that the venue does
 * not take, and `CANDLES`, which cannot be had, go by themselves once that is over.
 */
export interface EntryBlock {
  readonly reason: 'RECONCILIATION' | 'STRATEGY' | 'ORDERS' | 'CANDLES';
  readonly problem: Problem;
  readonly since: EpochMs;
}
