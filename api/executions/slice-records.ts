import type { ChildOrderRecord, DecisionRecord, ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { SliceRecord } from '../../domain/execution/costs/slice-lines.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import type { Algorithm } from '../../domain/execution/algorithm.ts';
import { type Course, courseThrough } from '../../domain/execution/amendment.ts';
import { sumOf } from '../../domain/market/decimal.ts';

/** The algorithm of an execution. Throws when the registry no longer has it. */
export function algorithmOf(record: Pick<ExecutionRecord, 'plan'>): Algorithm {
  const algorithm = findAlgorithm(record.plan.algo);
  if (algorithm === undefined)
    throw new Error(`the execution's algorithm "${record.plan.algo}" is not in the registry`);
  return algorithm;
}

/** An execution's plan as amended, with the schedule that goes with it. */
export function courseOfRecord(record: Pick<ExecutionRecord, 'plan' | 'amendments'>): Course {
  return courseThrough(record.plan, algorithmOf(record).schedule, record.amendments);
}

function noteOf(
  record: Pick<ExecutionRecord, 'status'>,
  decision: DecisionRecord | undefined,
  sent: readonly ChildOrderRecord[],
  passedOver: boolean,
): string | null {
  if (decision === undefined) {
    if (passedOver) return 'passed over; left to later slices';
    return isFinal(record.status) ? 'not reached' : null;
  }
  if (decision.action !== 'send') return decision.reason;
  return sent.at(-1)?.problem?.detail ?? crossedNote(sent);
}

/** Two orders of a slice are not twice its quantity: what waited at the touch was taken back before the rest crossed. */
function crossedNote([waited, ...later]: readonly ChildOrderRecord[]): string | null {
  if (waited?.mode !== 'post-only' || later.length === 0) return null;
  const crossed = sumOf(later.map((order) => order.quantity));
  return `${waited.quantity} waited at the touch, of which ${waited.filled} filled; then ${crossed} crossed`;
}

function bySlice<T extends { readonly slice: number }>(records: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const record of records) groups.set(record.slice, [...(groups.get(record.slice) ?? []), record]);
  return groups;
}

/** Every slice of an execution's schedule with what is on record about it. */
export function sliceRecords(
  record: Pick<ExecutionRecord, 'plan' | 'amendments' | 'status'>,
  decisions: readonly DecisionRecord[],
  orders: readonly ChildOrderRecord[],
): SliceRecord[] {
  const { plan, schedule } = courseOfRecord(record);
  const decisionsBySlice = bySlice(decisions);
  const ordersBySlice = bySlice(orders);
  const latest = Math.max(0, ...decisionsBySlice.keys());
  return Array.from({ length: schedule.sliceCount(plan) }, (_, index) => {
    const n = index + 1;
    const sent = (ordersBySlice.get(n) ?? []).filter((order) => order.sentAt !== null);
    return {
      n,
      dueAt: schedule.dueAt(plan, n),
      sentAt: sent[0]?.sentAt ?? null,
      target: schedule.target(plan, n),
      quantity: sumOf(sent.map((order) => order.quantity)),
      clientOrderIds: sent.map((order) => order.clientOrderId),
      note: noteOf(record, decisionsBySlice.get(n)?.at(-1), sent, n < latest),
    };
  });
}
