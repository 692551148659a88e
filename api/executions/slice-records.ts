import type { ChildOrderRecord, DecisionRecord, ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { SliceRecord } from '../../domain/execution/costs/slice-lines.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import type { Schedule } from '../../domain/execution/algorithm.ts';
import { sumOf } from '../../domain/market/decimal.ts';

/** The schedule of an execution's algorithm. Throws when the registry no longer has it. */
export function scheduleOf(record: Pick<ExecutionRecord, 'plan'>): Schedule {
  const algorithm = findAlgorithm(record.plan.algo);
  if (algorithm === undefined)
    throw new Error(`the execution's algorithm "${record.plan.algo}" is not in the registry`);
  return algorithm.schedule;
}

function noteOf(
  record: Pick<ExecutionRecord, 'status'>,
  decision: DecisionRecord | undefined,
  order: ChildOrderRecord | undefined,
  passedOver: boolean,
): string | null {
  if (decision === undefined) {
    if (passedOver) return 'passed over; left to later slices';
    return isFinal(record.status) ? 'not reached' : null;
  }
  if (decision.action !== 'send') return decision.reason;
  return order?.problem?.detail ?? null;
}

/** Children above the number of slices are further tries of the last one. */
function bySlice<T extends { readonly child: number }>(
  records: readonly T[],
  slices: number,
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const record of records) {
    const slice = Math.min(record.child, slices);
    groups.set(slice, [...(groups.get(slice) ?? []), record]);
  }
  return groups;
}

/** Every slice of an execution's schedule with what is on record about it. */
export function sliceRecords(
  record: Pick<ExecutionRecord, 'plan' | 'status'>,
  decisions: readonly DecisionRecord[],
  orders: readonly ChildOrderRecord[],
): SliceRecord[] {
  const schedule = scheduleOf(record);
  const slices = schedule.sliceCount(record.plan);
  const decisionsBySlice = bySlice(decisions, slices);
  const ordersBySlice = bySlice(orders, slices);
  const latest = Math.max(0, ...decisionsBySlice.keys());
  return Array.from({ length: slices }, (_, index) => {
    const n = index + 1;
    const sent = (ordersBySlice.get(n) ?? []).filter((order) => order.sentAt !== null);
    return {
      n,
      dueAt: schedule.dueAt(record.plan, n),
      sentAt: sent[0]?.sentAt ?? null,
      target: schedule.target(record.plan, n),
      quantity: sumOf(sent.map((order) => order.quantity)),
      clientOrderIds: sent.map((order) => order.clientOrderId),
      note: noteOf(record, decisionsBySlice.get(n)?.at(-1), sent.at(-1), n < latest),
    };
  });
}
