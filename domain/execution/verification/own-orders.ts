import { clientOrderId, type Sha256Hex } from '../../orders/client-order-id.ts';

/** Which child and attempt a client order id stands for. */
export interface ChildAttempt {
  readonly child: number;
  readonly attempt: number;
}

export interface EnumerationInput {
  readonly executionId: string;
  /** Children that the plan has; they are all asked for, whether or not a trace of them is known. */
  readonly children: number;
  /** Client order ids that somebody has on record. A trace of a child or an attempt makes the search go on beyond it. */
  readonly known: ReadonlySet<string>;
  readonly sha256: Sha256Hex;
}

/** How many attempts of a child, and how many children beyond the plan, may be without a trace before the search ends. */
const SILENT_ATTEMPTS = 10;
const SILENT_CHILDREN = 20;

/**
 * Every client order id that this execution can have used, derived from its id alone: no record of ours decides what is looked
 * for in the ledger, so an order that our side has forgotten is found all the same.
 */
export function enumerateClientOrderIds(input: EnumerationInput): ReadonlyMap<string, ChildAttempt> {
  const { executionId, children, known, sha256 } = input;
  const ids = new Map<string, ChildAttempt>();
  let silentChildren = 0;
  for (let child = 1; child <= children || silentChildren < SILENT_CHILDREN; child += 1) {
    let traced = false;
    for (let attempt = 1, silent = 0; silent < SILENT_ATTEMPTS; attempt += 1) {
      const id = clientOrderId(executionId, child, attempt, sha256);
      const isNewTrace = known.has(id) && !ids.has(id);
      silent = isNewTrace ? 0 : silent + 1;
      traced ||= isNewTrace;
      if (!ids.has(id)) ids.set(id, { child, attempt });
    }
    silentChildren = traced ? 0 : silentChildren + 1;
  }
  return ids;
}
