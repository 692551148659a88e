import type { Clock } from '../../adapters/ports/clock.ts';
import type { ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { TradingActivities } from '../../domain/execution/commands.ts';

/** The activities on the queue `trading`. */
export function createTradingActivities(store: ExecutionStore, clock: Clock): TradingActivities {
  return {
    recordStatus: ({ executionId, status }) => store.recordStatus(executionId, status),
    recordAmendment: ({ executionId, amendment }) => store.recordAmendment(executionId, amendment),
    withdrawChild: ({ executionId, child }) => store.withdrawChild(executionId, child),
    recordEnd: (end) => store.recordEnd(end, clock.now()),
  };
}
