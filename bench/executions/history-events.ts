import type { Client } from '@temporalio/client';

/** A timer begins each wait for a slice. */
const TIMER_STARTED = 17;

/**
 * Events that one slice adds to a history: those from the first timer to the last, over the timers between. `null` for a history with fewer than two
 * timers.
 */
export function eventsPerTimer(eventTypes: readonly number[]): number | null {
  const timers = eventTypes.flatMap((type, k) => (type === TIMER_STARTED ? [k] : []));
  return timers.length < 2 ? null : (timers.at(-1)! - timers[0]!) / (timers.length - 1);
}

/** The types of the events in the latest run of a workflow, in order. */
export async function eventTypesOf(client: Client, workflowId: string): Promise<readonly number[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map(({ eventType }) => eventType ?? 0);
}
