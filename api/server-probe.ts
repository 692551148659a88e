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
  const pollers = async (queue: string, taskQueueType: number): Promise<number> => {
    const answer = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType,
    });
    return answer.pollers?.length ?? 0;
  };
  return {
    pingPostgres: async () => {
      await database.query('select 1');
    },
    pollersOf: (queue): Promise<QueuePollers> =>
      client.withDeadline(Date.now() + PROBE_DEADLINE_MS, async () => {
        const [workflowPollers, activityPollers] = await Promise.all([
          pollers(queue, WORKFLOW_TASKS),
          pollers(queue, ACTIVITY_TASKS),
        ]);
        return { queue, workflowPollers, activityPollers };
      }),
  };
}
