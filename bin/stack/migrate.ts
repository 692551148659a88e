import { runMigrations } from '../../adapters/storage/migrations.ts';

/** Brings the database of `DATABASE_URL` to the newest schema: a step of every start, and a service of its own in containers. */
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is not set: give the address of the PostgreSQL database to migrate');
const applied = await runMigrations(url);
process.stdout.write(applied.length === 0 ? 'the schema is up to date\n' : `applied ${applied.join(', ')}\n`);
