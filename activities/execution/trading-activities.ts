import type { ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { TradingActivities } from '../../domain/execution/commands.ts';

/** The activities on the queue `trading`. */
export function createTradingActivities(store: ExecutionStore): TradingActivities {
  return {
    recordStatus: ({ executionId, status }) => store.recordStatus(executionId, status),
  };
}
