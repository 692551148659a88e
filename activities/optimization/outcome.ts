import type { OptimizationRecord } from '../../adapters/ports/optimization-store.ts';
import { isOver, type OptimizationOutcome } from '../../domain/optimization/job/commands.ts';

/** How an ended job ended, in what a workflow needs to know. Throws for one that has not. */
export function outcomeOf({ id, status, total, progress, result, problem }: OptimizationRecord): OptimizationOutcome {
  if (!isOver(status)) throw new Error(`optimisation ${id} is ${status} and has no outcome yet`);
  return {
    status,
    total,
    done: progress.done,
    psr: result?.psr ?? null,
    dsr: result?.dsr ?? null,
    pbo: result?.pbo ?? null,
    believable: result?.believable ?? false,
    sentence: result?.sentence ?? null,
    problem: problem === null ? null : { code: problem.code, detail: problem.detail },
  };
}
