import { basename } from 'node:path';
import type { Client } from '@temporalio/client';
import type { OptimizationRecord } from '../../adapters/ports/optimization-store.ts';
import { startOnce } from '../../adapters/temporal/start-once.ts';
import type { AxisSpec } from '../../domain/optimization/space/axis.ts';
import { OPTIMIZATION_WORKFLOW, type OptimizationInput } from '../../workflows/optimization/messages.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';

/** "optimisation of sma-cross on BTC-PERP, 10,000 combinations": what a person reads in a list of workflows. */
function titleOf({ strategy, symbol, total }: OptimizationRecord): string {
  return `optimisation of ${strategy} on ${symbol}, ${total.toLocaleString('en-US')} combinations`;
}

function factsOf({ strategy, symbol, owner, request }: OptimizationRecord): Readonly<Record<string, string>> {
  const { spec } = request;
  const { backtest, space, constraints, sampler, objective, walkForward } = spec;
  return {
    strategy,
    space: Object.entries(space)
      .map(([name, axis]) => `${name} ${valuesOf(axis)}`)
      .join(', '),
    constraints: constraints.join(' and ') || 'none',
    sampler: sampler.kind === 'grid' ? 'all combinations' : `${sampler.kind}, ${sampler.count}`,
    objective: Object.entries(objective.weights)
      .map(([metric, weight]) => `${weight} x ${metric}`)
      .join(objective.combine === 'sum' ? ' + ' : ' , multiplied by '),
    'walk-forward': walkForward === null ? 'none' : `${walkForward.kind}, ${walkForward.folds} folds`,
    symbols: symbol,
    data: backtest.data.map((source) => ('file' in source ? basename(source.file) : source.datasetId)).join(', '),
    seed: String(spec.seed),
    'started by': owner,
  };
}

function valuesOf(axis: AxisSpec): string {
  return 'values' in axis ? axis.values.join('/') : `${axis.min} to ${axis.max} by ${axis.step}`;
}

/** Starts the workflow of an accepted job, as `startOnce` does; a failed job that was resumed is run again. */
export async function startOptimization(client: Client, record: OptimizationRecord): Promise<void> {
  const facts = factsOf(record);
  const { plan, priority } = record.request;
  const input: OptimizationInput = {
    optimizationId: record.id,
    title: titleOf(record),
    facts,
    total: record.total,
    positions: plan.positions,
    priority,
  };
  await startOnce(client, OPTIMIZATION_WORKFLOW, {
    workflowId: record.workflowId,
    // A further run of a job that has ended after all finds that out and ends at once.
    mayRunAgain: record.runs > 1,
    input,
    summary: titleOf(record),
    facts: Object.entries(facts),
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'optimization' },
      { key: searchAttributes.strategy, value: record.strategy },
      { key: searchAttributes.symbol, value: record.symbol },
      { key: searchAttributes.status, value: 'running' },
    ],
  });
}
