import { basename } from 'node:path';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import type { BacktestSpec } from '../../domain/backtest/spec/spec.ts';
import { BACKTEST_WORKFLOW, type BacktestInput } from '../../workflows/backtest/messages.ts';
import { TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';

const START_DEADLINE_MS = 5_000;

/** "backtest of sma-cross on BTC-PERP": what a person reads in a list of workflows. */
function titleOf({ strategy, symbol }: BacktestRecord): string {
  return `backtest of ${strategy} on ${symbol}`;
}

function factsOf({ strategy, symbol, owner, request: { spec } }: BacktestRecord): Readonly<Record<string, string>> {
  const params = 'params' in spec.strategy ? Object.entries(spec.strategy.params) : [];
  return {
    strategy,
    parameters: params.map(([name, value]) => `${name} ${value}`).join(', ') || 'none',
    symbols: symbol,
    data: spec.data.map((source) => ('file' in source ? basename(source.file) : source.datasetId)).join(', '),
    range: rangeOf(spec),
    'started by': owner,
  };
}

function rangeOf({ from, to }: BacktestSpec): string {
  return from === null && to === null ? 'all bars' : `${from ?? 'the first bar'} to ${to ?? 'the last bar'}`;
}

function detailsOf(facts: Readonly<Record<string, string>>): string {
  const lines = Object.entries(facts).map(([name, value]) => `| ${name} | ${value.replaceAll('|', '/')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}

/**
 * Starts the workflow of an accepted backtest. Its id is the business id and is never used twice, so a second start changes nothing,
 * whether the workflow still runs or has ended. Throws when the server does not take the start.
 */
export async function startBacktest(client: Client, record: BacktestRecord): Promise<void> {
  const facts = factsOf(record);
  const input: BacktestInput = { backtestId: record.id, title: titleOf(record), facts };
  try {
    await client.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.start(BACKTEST_WORKFLOW, {
        workflowId: record.workflowId,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue: TRADING_QUEUE,
        args: [input],
        staticSummary: titleOf(record),
        staticDetails: detailsOf(facts),
        typedSearchAttributes: [
          { key: searchAttributes.kind, value: 'backtest' },
          { key: searchAttributes.strategy, value: record.strategy },
          { key: searchAttributes.symbol, value: record.symbol },
          { key: searchAttributes.status, value: 'running' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
