import type { OpenExecution, OpenExecutions } from '../ports/open-executions.ts';
import type { Database } from './database.ts';

/** Executions under way, from Postgres. */
export function createOpenExecutions(database: Database): OpenExecutions {
  return {
    listOpen: async (minAgeMs) => {
      const { rows } = await database.query<OpenExecution>(
        `select id, workflow_id as "workflowId",
                greatest((plan ->> 'endAt')::bigint, (select max((a.amendment ->> 'endAt')::bigint) from amendments a
                                                      where a.execution_id = executions.id)) as "endAt",
                withdrawn_child as "withdrawnChild"
         from executions
         where status in ('running', 'paused') and started and created_at <= now() - $1 * interval '1 millisecond'
         order by sequence`,
        [minAgeMs],
      );
      return rows;
    },
  };
}
