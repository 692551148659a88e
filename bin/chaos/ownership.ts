import type { Client } from '@temporalio/client';
import type { TakeOver } from '../../adapters/storage/execution-timeline.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { venueQueue } from '../../domain/execution/commands.ts';

/** One piece of work on a venue account, as Temporal's history has it. */
export interface AccountWork {
  readonly workflowId: string;
  readonly queue: string;
  /** As `pid@host`, which is how workers call themselves. */
  readonly worker: string;
  readonly startedAt: EpochMs;
}

/** Work that was begun by a process which did not own the account then. */
export interface Intrusion extends AccountWork {
  readonly venue: string;
  /** As host/pid. */
  readonly owner: string;
}

/** A process that has just lost an account may begin one more piece of work before it hears so; nothing of it is written. */
const HEARS_WITHIN_MS: DurationMs = 5_000;

/** Everything that workers have completed on task queues of their own in a workflow's current run. */
export async function readAccountWork(client: Client, workflowId: string): Promise<readonly AccountWork[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const scheduled = new Map<string, string>();
  const started = new Map<string, { queue: string; worker: string; startedAt: EpochMs }>();
  const work: AccountWork[] = [];
  for (const event of events ?? []) {
    const id = String(event.eventId);
    const { activityTaskScheduledEventAttributes: schedule, activityTaskStartedEventAttributes: start } = event;
    if (schedule?.taskQueue?.name) scheduled.set(id, schedule.taskQueue.name);
    if (start) {
      const queue = scheduled.get(String(start.scheduledEventId));
      const { seconds = 0, nanos = 0 } = event.eventTime ?? {};
      const startedAt = Number(seconds) * 1_000 + Math.floor(Number(nanos) / 1_000_000);
      if (queue !== undefined) started.set(id, { queue, worker: start.identity ?? '', startedAt });
    }
    const done = started.get(String(event.activityTaskCompletedEventAttributes?.startedEventId));
    if (done !== undefined) work.push({ workflowId, ...done });
  }
  return work;
}

/**
 * Work on venue accounts by processes that had lost the account, or never had it. Who owned it when is told by the take-overs, who worked when
 * by Temporal, whose histories hold completed work of a workflow's current run: two owners at once show where both completed something. An attempt
 * that failed and was made again by the owner does not show.
 */
export function intrusionsOf(work: readonly AccountWork[], takeOvers: readonly TakeOver[]): readonly Intrusion[] {
  return [...new Set(takeOvers.map(({ venue }) => venue))].flatMap((venue) => {
    const ownTakeOvers = takeOvers.filter((each) => each.venue === venue).toSorted((a, b) => a.at - b.at);
    const ownWork = work.filter(({ queue }) => queue === venueQueue(venue));
    return ownWork.flatMap((each) => {
      const owners = ownTakeOvers.filter(
        ({ at }, index) =>
          at <= each.startedAt &&
          each.startedAt < (ownTakeOvers[index + 1]?.at ?? Number.POSITIVE_INFINITY) + HEARS_WITHIN_MS,
      );
      if (owners.some(({ owner }) => isWorker(owner, each.worker))) return [];
      return [{ ...each, venue, owner: owners.at(-1)?.owner ?? 'nobody' }];
    });
  });
}

/** The same process under its two names: host/pid as an owner, pid@host as a worker. */
function isWorker(owner: string, worker: string): boolean {
  const slash = owner.lastIndexOf('/');
  return `${owner.slice(slash + 1)}@${owner.slice(0, slash)}` === worker;
}
