import { type Client, type Connection } from '@temporalio/client';
import type { Database } from '../adapters/storage/database.ts';
import type { QueuePollers, ServerProbe } from './ports.ts';

const PROBE_DEADLINE_MS = 2_000;

/** `TaskQueueType` of Temporal's API. */
const WORKFLOW_TASKS = 1;
const ACTIVITY_TASKS = 2;

/** Looks at the real servers. */
export function serverProbe(
  database: Database,
  connection: Connection,
  client: Client,
  namespace: string,
): ServerProbe {
  const describe = (queue: string, taskQueueType: number) =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType,
      reportStats: true,
    });
  return {
    pingPostgres: async () => {
      await database.query('select 1');
    },
    pollersOf: (queue): Promise<QueuePollers> =>
      client.withDeadline(Date.now() + PROBE_DEADLINE_MS, async () => {
        const [workflows, activities] = await Promise.all([
          describe(queue, WORKFLOW_TASKS),
          describe(queue, ACTIVITY_TASKS),
        ]);
        return {
          queue,
          workflowPollers: workflows.pollers.length,
          activityPollers: activities.pollers.length,
          activitiesWaiting: Number(activities.stats?.approximateBacklogCount ?? 0),
          waitingMs: Number(activities.stats?.approximateBacklogAge?.seconds ?? 0) * 1_000,
        };
      }),
  };
}
