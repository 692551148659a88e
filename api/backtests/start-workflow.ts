import { basename } from 'node:path';
import type { Client } from '@temporalio/client';
import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { startOnce } from '../../adapters/temporal/start-once.ts';
import type { BacktestSpec } from '../../domain/backtest/spec/spec.ts';
import { BACKTEST_WORKFLOW, type BacktestInput } from '../../workflows/backtest/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';

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

/** Starts the workflow of an accepted backtest, as `startOnce` does. */
export async function startBacktest(client: Client, record: BacktestRecord): Promise<void> {
  const facts = factsOf(record);
  const input: BacktestInput = { backtestId: record.id, title: titleOf(record), facts };
  await startOnce(client, BACKTEST_WORKFLOW, {
    workflowId: record.workflowId,
    input,
    summary: titleOf(record),
    facts: Object.entries(facts),
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'backtest' },
      { key: searchAttributes.strategy, value: record.strategy },
      { key: searchAttributes.symbol, value: record.symbol },
      { key: searchAttributes.status, value: 'running' },
    ],
  });
}
