import type { Clock } from '../../adapters/ports/clock.ts';
import type { ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { LastPrices } from '../../adapters/ports/last-prices.ts';
import type { VenueEntry } from '../../adapters/ports/order-ledger.ts';
import type { RunningCandles } from '../../adapters/ports/running-candles.ts';
import type { SessionCandles } from '../../adapters/ports/session-candles.ts';
import type { SessionDecider } from '../../adapters/ports/session-decider.ts';
import type { SessionSignals } from '../../adapters/ports/session-signals.ts';
import type { SessionStore } from '../../adapters/ports/session-store.ts';
import type { Sha256Hex } from '../../domain/orders/client-order-id.ts';

/** Executions as workflows: both may be repeated without harm. */
export interface OrderWorkflows {
  start(execution: ExecutionRecord): Promise<void>;
  /**
   * Asks an execution to take back what it has at the venue and to end; one that has ended already is left as it is.
   *
   * @returns whether there was one to ask: it has ended, or was lost and is started again by the API
   */
  cancel(executionId: string): Promise<boolean>;
}

/** What the activities of sessions stand on. */
export interface SessionDependencies {
  readonly store: SessionStore;
  readonly decider: SessionDecider;
  readonly candles: SessionCandles;
  readonly prices: Pick<LastPrices, 'last' | 'range'>;
  /** Candles that are open, of venues that replay candles. */
  readonly running: RunningCandles;
  readonly signals: Pick<SessionSignals, 'wait'>;
  readonly venues: { listVenues(): Promise<readonly VenueEntry[]> };
  readonly workflows: OrderWorkflows;
  readonly executions: { markStarted(executionId: string): Promise<void> };
  readonly clock: Clock;
  readonly sha256: Sha256Hex;
  /** Aborts when the worker is told to stop: another attempt then goes on. */
  readonly stopping: AbortSignal;
  readonly log: (message: string, meta: Readonly<Record<string, unknown>>) => void;
}
