import type { AdjustmentRequest } from '../../domain/session/adjustment.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { IdempotencyClaim } from './execution-store.ts';

export type AdjustmentOutcome =
  /** `known`: the idempotency key had put it on record before, and nothing was added. */
  | { readonly kind: 'adjusted' | 'known' }
  /** The key belongs to another request. */
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'ended' }
  /** The books cannot take it. */
  | { readonly kind: 'refused'; readonly problem: FieldProblem };

/** Puts on record that a person takes the venue's word for what a session holds. */
export interface SessionAdjustments {
  /** Held against the books, and put on record, in one transaction: what the session holds does not change in between. */
  adjust(
    sessionId: string,
    request: AdjustmentRequest,
    by: string,
    claim: IdempotencyClaim | null,
  ): Promise<AdjustmentOutcome>;
}
