import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

/** An execution whose slices are equally far apart, the first at its start. */
export interface EvenExecution {
  readonly id: string;
  readonly startAt: EpochMs;
  readonly sliceMs: DurationMs;
  readonly slices: number;
}

/** An order as the exchange has it, with the slice that it was for. */
export interface SliceOrder {
  readonly executionId: string;
  readonly slice: number;
  /** When the exchange took it, by the exchange's own clock. */
  readonly receivedAt: EpochMs;
}

/** Slices that were due in a window. */
export interface WindowLateness {
  readonly due: number;
  /** Receipt minus due time of each slice that the exchange has an order of, in ms. */
  readonly latenessMs: readonly number[];
  /** Slices of which the exchange has no order: none is left out in silence. */
  readonly withoutOrder: number;
}

/**
 * How late the orders of all slices were that were due in `[from, to)`. What was due follows from the executions alone; of a slice that took several
 * orders the first counts.
 */
export function latenessIn(
  executions: readonly EvenExecution[],
  orders: readonly SliceOrder[],
  from: EpochMs,
  to: EpochMs,
): WindowLateness {
  const received = new Map<string, EpochMs>();
  for (const { executionId, slice, receivedAt } of orders) {
    const key = `${executionId}|${slice}`;
    received.set(key, Math.min(receivedAt, received.get(key) ?? Number.POSITIVE_INFINITY));
  }
  const latenessMs: number[] = [];
  let due = 0;
  for (const { id, startAt, sliceMs, slices } of executions) {
    for (let slice = 1; slice <= slices; slice++) {
      const dueAt = startAt + (slice - 1) * sliceMs;
      if (dueAt < from || dueAt >= to) continue;
      due += 1;
      const at = received.get(`${id}|${slice}`);
      if (at !== undefined) latenessMs.push(at - dueAt);
    }
  }
  return { due, latenessMs, withoutOrder: due - latenessMs.length };
}
