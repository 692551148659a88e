import type { EpochMs } from '../../domain/market/decimal.ts';

/** How a workflow stands: `open` while it runs or will go on; `missing` when the server knows none of that id. */
export type WorkflowFate =
  | { readonly kind: 'open' }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'closed';
      /** The server's word in lower case: completed, failed, canceled, terminated, timed_out. */
      readonly how: string;
      readonly at: EpochMs | null;
    };

/** What the Temporal server knows of workflows. Each method throws when it does not answer. */
export interface WorkflowDirectory {
  /** Ids of the open workflows of a type, as the server's list has them: it may lag by seconds. */
  openWorkflows(type: string): Promise<ReadonlySet<string>>;
  /** The latest run of that id, from the workflow's own state: it does not lag. */
  fateOf(workflowId: string): Promise<WorkflowFate>;
}
