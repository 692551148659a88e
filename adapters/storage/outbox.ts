import type { Connection } from './database.ts';

/** Appends an event to the outbox, in the transaction that makes the change. */
export async function appendEvent(
  connection: Connection,
  kind: string,
  subject: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<void> {
  await connection.query('insert into outbox (kind, subject, payload) values ($1, $2, $3)', [
    kind,
    subject,
    JSON.stringify(payload),
  ]);
}
