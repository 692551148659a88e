import type { Client } from '@temporalio/client';
import { outcomeOf, unreachable } from '../executions/temporal-workflows.ts';
import type { BacktestWorkflows } from '../ports.ts';
import { startBacktest } from './start-workflow.ts';

const CANCEL_DEADLINE_MS = 5_000;

/** Backtests as workflows on a Temporal server. */
export function temporalBacktests(client: Client): BacktestWorkflows {
  return {
    start: async (backtest) => {
      try {
        await startBacktest(client, backtest);
      } catch (error) {
        throw unreachable(error);
      }
    },
    cancel: async ({ workflowId }) => {
      try {
        await client.withDeadline(Date.now() + CANCEL_DEADLINE_MS, () =>
          client.workflow.getHandle(workflowId).cancel(),
        );
        return { kind: 'done' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}
