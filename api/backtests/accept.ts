import { isAbsolute } from 'node:path';
import type { BacktestCheck, BacktestRecord, NewBacktest } from '../../adapters/ports/backtest-store.ts';
import type { IdempotencyClaim } from '../../adapters/ports/execution-store.ts';
import { BacktestFailure, type BacktestFailureCode } from '../../domain/backtest/failure.ts';
import { type BacktestRequest, parseSpec } from '../../domain/backtest/spec/parse-spec.ts';
import { type BacktestSpec, isOrdersText, strategyName } from '../../domain/backtest/spec/spec.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { backtestWorkflowId } from '../../workflows/backtest/messages.ts';
import { hashBody, idFromKey } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { fieldsProblem, Problem } from '../problems.ts';

type Dependencies = Pick<ApiDependencies, 'backtests' | 'backtestChecker' | 'newId'>;

export interface AcceptedBacktest {
  readonly backtest: BacktestRecord;
  /** `false` when the idempotency key had led to it before. */
  readonly created: boolean;
}

const CODES: Readonly<Record<BacktestFailureCode, ProblemCode>> = {
  INVALID_SPEC: 'INVALID_BACKTEST',
  UNKNOWN_DATASET: 'UNKNOWN_DATASET',
  INVALID_DATA: 'INVALID_DATA',
  EMPTY_RANGE: 'EMPTY_RANGE',
  TOO_FEW_BARS: 'TOO_FEW_BARS',
  REPLAY_DIFFERS: 'REPLAY_DIFFERS',
  INVALID_STRATEGY: 'INVALID_STRATEGY',
  STRATEGY_FAILED: 'STRATEGY_FAILED',
  STRATEGY_STUCK: 'STRATEGY_STUCK',
  OUT_OF_MEMORY: 'OUT_OF_MEMORY',
  WORKER_LOST: 'INTERNAL',
  RUN_FAILED: 'INTERNAL',
};

/** Files are read where the platform runs: what a path is relative to is known only to whoever wrote it. */
function relativePaths({ data, strategy }: BacktestSpec): readonly FieldProblem[] {
  const paths = data.map((source, i): readonly [string, string | null] => [
    data.length === 1 ? 'data.file' : `data.${i}.file`,
    'file' in source ? source.file : null,
  ]);
  if ('file' in strategy) paths.push(['strategy.file', strategy.file]);
  if ('orders' in strategy && !isOrdersText(strategy.orders)) paths.push(['strategy.orders', strategy.orders]);
  return paths
    .filter(([, path]) => path !== null && !isAbsolute(path))
    .map(([field, value]) => ({ field, value, message: 'give an absolute path on the machine of the platform' }));
}

/** Throws `Problem` with every field of a spec that cannot be used. */
export function parseRequest(body: unknown): BacktestRequest {
  const parsed = parseSpec(body, strategies);
  if (!parsed.ok) throw fieldsProblem('INVALID_BACKTEST', parsed.problems);
  const relative = relativePaths(parsed.request.spec);
  if (relative.length > 0) throw fieldsProblem('INVALID_BACKTEST', relative);
  return parsed.request;
}

async function check({ backtestChecker }: Dependencies, request: BacktestRequest): Promise<BacktestCheck> {
  try {
    return await backtestChecker.check(request);
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    throw problemOf(error);
  }
}

/** What the API answers to a backtest that cannot be run. */
export function problemOf({ problem: { code, detail, errors } }: BacktestFailure): Problem {
  return new Problem(CODES[code], detail, errors);
}

async function newBacktest(deps: Dependencies, body: unknown, id: string, owner: string): Promise<NewBacktest> {
  const request = parseRequest(body);
  const { symbols } = await check(deps, request);
  return {
    id,
    workflowId: backtestWorkflowId(id),
    owner,
    request,
    strategy: strategyName(request.spec.strategy),
    symbol: symbols.join(', '),
  };
}

async function store(
  deps: Dependencies,
  backtest: NewBacktest,
  claim: IdempotencyClaim | null,
): Promise<AcceptedBacktest> {
  const acceptance = await deps.backtests.accept(backtest, claim);
  if (acceptance.kind === 'key-reused') {
    throw new Problem(
      'IDEMPOTENCY_KEY_REUSED',
      `The key "${claim?.key}" was used for another body before; choose a new key for a new backtest.`,
      [{ field: 'Idempotency-Key', value: claim?.key, message: 'belongs to another body' }],
    );
  }
  return { backtest: acceptance.backtest, created: acceptance.kind === 'accepted' };
}

/**
 * Checks everything that can be checked before something starts, data and strategy included, and stores the backtest with its
 * idempotency key in one transaction. A request that was accepted before is answered from the store alone: its files may be
 * gone by then. Throws `Problem` for whatever is wrong; nothing is stored then.
 */
export async function acceptBacktest(
  deps: Dependencies,
  body: unknown,
  by: { readonly owner: string; readonly key: string | null },
): Promise<AcceptedBacktest> {
  if (by.key === null) return store(deps, await newBacktest(deps, body, deps.newId(), by.owner), null);
  const claim = { owner: by.owner, key: by.key, bodyHash: hashBody(body) };
  const id = idFromKey(by.owner, by.key);
  const known = await deps.backtests.findBacktest(id);
  return store(deps, known ?? (await newBacktest(deps, body, id, by.owner)), claim);
}
