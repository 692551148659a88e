import type { NewExecution } from '../ports/execution-store.ts';
import type { Connection } from './database.ts';
import { appendEvent } from './outbox.ts';

/** Inserts an accepted execution with its event: whoever asks for it, a person or a session, this is all that acceptance writes. */
export async function insertExecution(connection: Connection, execution: NewExecution): Promise<void> {
  const { plan } = execution;
  await connection.query(
    `insert into executions
       (id, workflow_id, owner, plan, algo, venue, symbol, side, quantity, base, quote, decision_price, decision_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      execution.id,
      execution.workflowId,
      execution.owner,
      JSON.stringify(plan),
      plan.algo,
      plan.venue,
      plan.symbol,
      plan.side,
      plan.quantity,
      execution.base,
      execution.quote,
      execution.decision.price,
      new Date(execution.decision.at),
    ],
  );
  await appendEvent(connection, 'execution.accepted', execution.id, { plan });
}
