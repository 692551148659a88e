import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { inTransaction, openDatabase } from './database.ts';

const DIRECTORY = new URL('../../db/migrations/', import.meta.url);
/** One migrator at a time, whoever starts it: an arbitrary number that only we use. */
const ADVISORY_LOCK = 7_411_620_261;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly hash: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(fileURLToPath(DIRECTORY))).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, DIRECTORY), 'utf8');
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function applyPending(connection: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await connection.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
  await connection.query(
    'create table if not exists migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await connection.query<{ name: string; hash: string }>('select name, hash from migrations');
  const applied = new Map(rows.map((row) => [row.name, row.hash]));
  const done: string[] = [];
  for (const migration of migrations) {
    const hash = applied.get(migration.name);
    if (hash === migration.hash) continue;
    if (hash !== undefined) {
      throw new Error(`migration ${migration.name} was changed after it had been applied: add a new file instead`);
    }
    await connection.query(migration.sql);
    await connection.query('insert into migrations (name, hash) values ($1, $2)', [migration.name, migration.hash]);
    done.push(migration.name);
  }
  return done;
}

/**
 * Brings the database to the newest schema, in one transaction.
 *
 * @returns the names of the migrations that were applied now.
 * @throws when an applied migration's file has changed since.
 */
export async function runMigrations(databaseUrl: string): Promise<readonly string[]> {
  const migrations = await readMigrations();
  const database = openDatabase(databaseUrl, 'tradewind migrate');
  try {
    return await inTransaction(database, (connection) => applyPending(connection, migrations));
  } finally {
    await database.end();
  }
}
