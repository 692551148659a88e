import type { OptimizationRecord } from '../../adapters/ports/optimization-store.ts';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import { iso } from '../iso.ts';
import { Problem } from '../problems.ts';

/** The answer to a start or a command. */
export function startedView({ id, workflowId, status }: OptimizationRecord) {
  return { id, workflowId, status };
}

/** One optimisation in a list. */
export function optimizationSummary(record: OptimizationRecord) {
  const { progress, result, total } = record;
  const { done, rate } = progress;
  return {
    ...startedView(record),
    strategy: record.strategy,
    symbol: record.symbol,
    priority: record.request.priority,
    total,
    done,
    tried: result?.tried ?? done,
    rate,
    etaMs: rate === null ? null : Math.ceil(((total - done) / rate) * 1_000),
    psr: result?.psr ?? null,
    dsr: result?.dsr ?? null,
    pbo: result?.pbo ?? null,
    believable: result?.believable ?? false,
    sentence: result?.sentence ?? sentenceWithout(record),
    problem: record.problem,
    owner: record.owner,
    createdAt: iso(record.createdAt),
    startedAt: iso(record.startedAt),
    endedAt: iso(record.endedAt),
  };
}

/** What is said of a job that has not been judged. */
function sentenceWithout({ status, progress: { done }, total }: OptimizationRecord): string {
  const share = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} combinations are done`;
  if (status === 'cancelled') return `Not believable: it was cancelled when ${share}, and was not judged.`;
  if (status === 'failed') return `Not believable: it failed when ${share}, and was not judged.`;
  return `Not judged yet: ${share}.`;
}

/** One optimisation with all that is known of it but its rows and its result document. */
export function optimizationView(record: OptimizationRecord, best: unknown) {
  const { spec, plan, identity, columns } = record.request;
  return {
    ...optimizationSummary(record),
    best,
    spec,
    identity,
    columns,
    span: plan.span,
    folds: plan.folds,
    excluded: plan.excluded,
    reasons: record.result?.reasons ?? {},
    notes: record.result?.notes ?? [],
  };
}

/** The result document of an optimisation. Throws `NO_RESULT` while there is none. */
export function resultOf({ status, result }: OptimizationRecord): OptimizationResult {
  if (result !== null) return result;
  throw new Problem('NO_RESULT', `The optimisation is ${status} and has no result; its rows can be read.`, [
    { field: 'status', value: status, message: 'only a completed optimisation has a result' },
  ]);
}
