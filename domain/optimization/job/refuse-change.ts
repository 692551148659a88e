import { identityProblems, type OptimizationIdentity } from './identity.ts';
import { OptimizationFailure } from './problem.ts';

/** Throws `OptimizationFailure` when rows made by `found` would not belong beside those of a job that began as `expected`. */
export function refuseChange(expected: OptimizationIdentity, found: OptimizationIdentity): void {
  const errors = identityProblems(expected, found);
  if (errors.length === 0) return;
  const told = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const detail = `the job cannot go on: ${told}. Bring back what it began with, or start it as a new one`;
  throw new OptimizationFailure({ code: 'OPTIMIZATION_CHANGED', detail, errors, place: null });
}
