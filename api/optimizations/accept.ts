import { isAbsolute } from 'node:path';
import type { IdempotencyClaim } from '../../adapters/ports/execution-store.ts';
import type {
  CheckedOptimization,
  JobPriority,
  NewOptimization,
  OptimizationRecord,
} from '../../adapters/ports/optimization-store.ts';
import { isObject } from '../../domain/backtest/spec/fields.ts';
import { strategyName } from '../../domain/backtest/spec/spec.ts';
import { OptimizationFailure, type OptimizationFailureCode } from '../../domain/optimization/job/problem.ts';
import { parseOptimizationSpec } from '../../domain/optimization/parse-spec.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { optimizationWorkflowId } from '../../workflows/optimization/messages.ts';
import { hashBody, idFromKey } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { fieldsProblem, Problem } from '../problems.ts';

type Dependencies = Pick<ApiDependencies, 'optimizations' | 'optimizationChecker' | 'newId'>;

export interface AcceptedOptimization {
  readonly optimization: OptimizationRecord;
  /** `false` when the idempotency key had led to it before. */
  readonly created: boolean;
}

const CODES: Readonly<Record<OptimizationFailureCode, ProblemCode>> = {
  INVALID_SPEC: 'INVALID_OPTIMIZATION',
  UNKNOWN_DATASET: 'UNKNOWN_DATASET',
  INVALID_DATA: 'INVALID_DATA',
  EMPTY_RANGE: 'EMPTY_RANGE',
  TOO_FEW_BARS: 'TOO_FEW_BARS',
  REPLAY_DIFFERS: 'OPTIMIZATION_CHANGED',
  INVALID_STRATEGY: 'INVALID_STRATEGY',
  STRATEGY_FAILED: 'STRATEGY_FAILED',
  STRATEGY_STUCK: 'STRATEGY_STUCK',
  OUT_OF_MEMORY: 'OUT_OF_MEMORY',
  WORKER_LOST: 'INTERNAL',
  RUN_FAILED: 'INTERNAL',
  OPTIMIZATION_CHANGED: 'OPTIMIZATION_CHANGED',
};

/** Whoever sends a start. */
export interface Sender {
  readonly owner: string;
  /** The idempotency key. */
  readonly key: string | null;
  /** Aborts when it waits for no answer any more: planning then ends. */
  readonly gone: AbortSignal;
}

/** Jobs give way to single backtests, which are of the middle priority. */
const DEFAULT_PRIORITY: JobPriority = 4;

/** What a failure of the checker is answered with. */
export function problemOf(error: unknown): unknown {
  if (!(error instanceof OptimizationFailure)) return error;
  const { code, detail, errors } = error.problem;
  return new Problem(CODES[code], detail, errors, error);
}

/** Files are read where the platform runs: what a path is relative to is known only to whoever wrote it. */
function relativePaths({ backtest: { data, strategy } }: OptimizationSpec): readonly FieldProblem[] {
  const paths = data.map((source, i): readonly [string, string | null] => [
    data.length === 1 ? 'data.file' : `data.${i}.file`,
    'file' in source ? source.file : null,
  ]);
  if ('file' in strategy) paths.push(['strategy.file', strategy.file]);
  return paths
    .filter(([, path]) => path !== null && !isAbsolute(path))
    .map(([field, value]) => ({ field, value, message: 'give an absolute path on the machines of the platform' }));
}

function priorityOf(value: unknown, problems: FieldProblem[]): JobPriority {
  if (value === undefined || value === null) return DEFAULT_PRIORITY;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 5) return value as JobPriority;
  problems.push({ field: 'priority', value, message: 'give a whole number from 1, the most urgent, to 5' });
  return DEFAULT_PRIORITY;
}

function parse(body: unknown): { readonly spec: OptimizationSpec; readonly priority: JobPriority } {
  const { priority: given, ...document } = isObject(body) ? body : {};
  const problems: FieldProblem[] = [];
  const priority = priorityOf(given, problems);
  const parsed = parseOptimizationSpec(isObject(body) ? document : body, strategies);
  if (!parsed.ok) throw fieldsProblem('INVALID_OPTIMIZATION', [...parsed.problems, ...problems]);
  problems.push(...relativePaths(parsed.spec));
  if (problems.length > 0) throw fieldsProblem('INVALID_OPTIMIZATION', problems);
  return { spec: parsed.spec, priority };
}

async function check(
  { optimizationChecker }: Dependencies,
  spec: OptimizationSpec,
  cancel: AbortSignal,
): Promise<CheckedOptimization> {
  try {
    return await optimizationChecker.check(spec, { cancel });
  } catch (error) {
    throw problemOf(error);
  }
}

async function newOptimization(
  deps: Dependencies,
  body: unknown,
  id: string,
  { owner, gone }: Sender,
): Promise<NewOptimization> {
  const { spec, priority } = parse(body);
  const { symbols, dataHash, markets, ...checked } = await check(deps, spec, gone);
  return {
    id,
    workflowId: optimizationWorkflowId(id),
    owner,
    request: { ...checked, priority },
    strategy: strategyName(spec.backtest.strategy),
    symbol: symbols.join(', '),
    dataHash,
    markets,
  };
}

async function store(
  deps: Dependencies,
  optimization: NewOptimization,
  claim: IdempotencyClaim | null,
): Promise<AcceptedOptimization> {
  const acceptance = await deps.optimizations.accept(optimization, claim);
  if (acceptance.kind === 'key-reused') throw keyReused(claim);
  return { optimization: acceptance.optimization, created: acceptance.kind === 'accepted' };
}

function keyReused(claim: IdempotencyClaim | null): Problem {
  return new Problem(
    'IDEMPOTENCY_KEY_REUSED',
    `The key "${claim?.key}" was used for another body before; choose a new key for a new optimisation.`,
    [{ field: 'Idempotency-Key', value: claim?.key, message: 'belongs to another body' }],
  );
}

/**
 * Checks everything that can be checked before something starts, data, strategy and number of combinations included, and stores the job with
 * its idempotency key in one transaction. A request that was accepted before is answered from the store alone: its files may be gone by
 * then. Throws `Problem` for whatever is wrong, and `ClientGone` when there is nobody to answer; nothing is stored then.
 */
export async function acceptOptimization(deps: Dependencies, body: unknown, by: Sender): Promise<AcceptedOptimization> {
  if (by.key === null) return store(deps, await newOptimization(deps, body, deps.newId(), by), null);
  const claim = { owner: by.owner, key: by.key, bodyHash: hashBody(body) };
  const id = idFromKey(by.owner, by.key);
  const known = await deps.optimizations.findOptimization(id);
  const wanted = known === null ? await newOptimization(deps, body, id, by) : { ...known, dataHash: '', markets: [] };
  return store(deps, wanted, claim);
}
