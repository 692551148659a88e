import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { writeAtomically } from './atomic-file.ts';
import { endOrphans } from './postgres-orphans.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { launchAs, postgresUser, type SystemUser } from './postgres-user.ts';
import type { RunningProcess, Service } from './service.ts';

const ROLE = 'tradewind';
const DATABASE = 'tradewind';
/** Growing, because a server in recovery logs every try. */
const FIRST_PROBE_MS = 50;
const SLOWEST_PROBE_MS = 200;

/** The stack's own PostgreSQL, prepared but not started. */
export interface EmbeddedPostgres {
  readonly service: Service;
  /** The address with its password: for child processes only, never for a log or an answer. */
  readonly url: string;
}

/**
 * Prepares a PostgreSQL server on loopback with its data below `folder`: creates the data at the first call, with a random password
 * that stays in `folder`, readable by its owner alone. A data folder left by a killed server is used as it is.
 */
export async function embeddedPostgres(folder: string, port: number): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries();
  const user = postgresUser();
  const data = join(folder, 'data');
  const password = keptPassword(join(folder, 'password'));
  if (existsSync(data)) checkVersion(data, binaries);
  else createData(data, password, binaries, user);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    // Its start and stop are told by the supervisor; what is left are real warnings.
    log_checkpoints: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = (database: string) => `postgres://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
  return {
    url: url(DATABASE),
    service: {
      name: 'postgres',
      prepare: () => endOrphans(data),
      launch: { ...launchAs(user, binaries.postgres, ['-D', data, ...flags], [data]), env: process.env },
      ready: (running) => untilUsable(running, url('postgres')),
      readyWithinMs: 60_000,
      // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
      stopWithinMs: 20_000,
    },
  };
}

function keptPassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeAtomically(file, `${password}\n`, 0o600);
  return password;
}

/** Creates the data beside its place and moves it there when whole, so that a kill in the middle leaves no half of it. */
function createData(data: string, password: string, binaries: PostgresBinaries, user: SystemUser | null): void {
  mkdirSync(dirname(data), { recursive: true });
  const draft = mkdtempSync(`${data}.`);
  const passwordFile = join(draft, 'password');
  const target = join(draft, 'data');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== null) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  const options = [`--pgdata=${target}`, `--pwfile=${passwordFile}`, `--username=${ROLE}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--no-instructions'];
  try {
    const { command, args, runAs } = launchAs(user, binaries.initdb, [...options, ...locale], [draft]);
    execFileSync(command, args, {
      ...runAs,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    renameSync(target, data);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    throw new Error(`PostgreSQL could not create its data: ${stderr?.toString('utf8').trim() || message}`, {
      cause: error,
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkVersion(data: string, binaries: PostgresBinaries): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const own = /(\d+)\.\d+/.exec(execFileSync(binaries.postgres, ['--version'], { encoding: 'utf8' }))?.[1];
  if (found === own) return;
  throw new Error(
    `${data} belongs to PostgreSQL ${found}, this is ${own}: move the data with pg_upgrade, or use another home`,
  );
}

/** Resolves when the server answers and our database is there. */
async function untilUsable(running: RunningProcess, adminUrl: string): Promise<void> {
  for (let waitMs = FIRST_PROBE_MS; !running.ended.aborted; waitMs = Math.min(waitMs * 1.5, SLOWEST_PROBE_MS)) {
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
      return;
    } catch {
      await delay(waitMs);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
