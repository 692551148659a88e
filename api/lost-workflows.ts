import type { WorkflowDirectory, WorkflowFate } from '../adapters/ports/workflow-directory.ts';

/** So many are asked about, or started, at a time: when the server has lost its state it is all of them. */
const AT_ONCE = 20;

/** How it stands with a workflow that does not run. */
export type Gone = Exclude<WorkflowFate, { readonly kind: 'open' }>;

export interface Found<Record> {
  /** Ids of the workflows of that type that run, as the server's list has them. */
  readonly running: ReadonlySet<string>;
  readonly lost: readonly { readonly record: Record; readonly fate: Gone }[];
}

/**
 * Which of these, which all should have a running workflow, have none. Costs one list; only those that are not in it, since it may lag, are asked about
 * one by one. Throws when the server does not answer.
 */
export async function findLost<Record extends { readonly workflowId: string }>(
  directory: WorkflowDirectory,
  type: string,
  records: readonly Record[],
): Promise<Found<Record>> {
  if (records.length === 0) return { running: new Set(), lost: [] };
  const running = await directory.openWorkflows(type);
  const lost: { record: Record; fate: Gone }[] = [];
  await workThrough(
    records.filter(({ workflowId }) => !running.has(workflowId)),
    async (record) => {
      const fate = await directory.fateOf(record.workflowId);
      if (fate.kind !== 'open') lost.push({ record, fate });
    },
  );
  return { running, lost };
}

/** Works through a list, some at a time; one that fails keeps no other back. Throws the first failure, after all were tried. */
export async function workThrough<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
