import pg from 'pg';
import type { DurationMs } from '../../domain/market/decimal.ts';

const { Pool, types } = pg;
export type Database = pg.Pool;
export type Connection = pg.ClientBase | pg.Pool;

// bigint: our identities stay far below 2^53. numeric is left as text: exact decimals never become floats.
types.setTypeParser(types.builtins.INT8, Number);

export interface DatabaseOptions {
  /** The database ends a connection whose transaction has been idle for so long; unless given it never does. */
  readonly idleInTransactionMs?: DurationMs;
}

/**
 * Opens a pool. Connections are tried for 5 s, and a statement that hangs (a stalled network, a lock nobody lets go) ends
 * after 30 s with an error that the caller's retry policy handles.
 */
export function openDatabase(url: string, applicationName: string, options: DatabaseOptions = {}): Database {
  const { idleInTransactionMs } = options;
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    query_timeout: 35_000,
    keepAlive: true,
    ...(idleInTransactionMs === undefined ? {} : { idle_in_transaction_session_timeout: idleInTransactionMs }),
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => process.stderr.write(`database connection lost: ${error.message}\n`));
  return pool;
}

/** Runs `work` in one transaction on one connection: commit when it returns, roll back when it throws. */
export async function inTransaction<T>(
  database: Database,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const connection = await database.connect();
  let broken: Error | undefined;
  // Its loss is also an event, and one that nobody hears would end the process: the queries in it fail by themselves.
  const lost = (error: Error): void => {
    broken = error;
  };
  connection.on('error', lost);
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    // A failed rollback means a dead connection: it must not go back to the pool.
    await connection.query('rollback').catch(lost);
    throw error;
  } finally {
    if (broken === undefined) connection.off('error', lost);
    connection.release(broken);
  }
}
