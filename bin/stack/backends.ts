import { existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from './atomic-file.ts';
import type { HomeLayout } from './home-layout.ts';
import type { PortBook } from './ports.ts';
import { embeddedPostgres } from './postgres.ts';
import type { Service } from './service.ts';
import { findTemporalCli } from './temporal-binary.ts';
import { temporalServer } from './temporal-server.ts';

/** The two servers below the platform, ours or somebody else's. */
export interface Backends {
  readonly temporal: { readonly address: string; readonly ui: string | null; readonly source: string };
  readonly namespace: string;
  /** With its password. */
  readonly databaseUrl: string;
  /** What this stack has to run itself. */
  readonly services: readonly Service[];
}

const PORTS = { temporal: 7233, 'temporal-ui': 8233, postgres: 5433 } as const;

/** Decides which Temporal server and which PostgreSQL the stack uses, says so, and prepares those that it runs itself. */
export async function chooseBackends(
  home: HomeLayout,
  ports: PortBook,
  say: (line: string) => void,
): Promise<Backends> {
  const namespace = process.env['TEMPORAL_NAMESPACE'] || 'default';
  const services: Service[] = [];
  const temporal = await chooseTemporal(home, ports, namespace, services, say);
  const databaseUrl = await choosePostgres(home, ports, services, say);
  keepDatabaseUrl(home.databaseUrlFile, databaseUrl);
  return { temporal, namespace, databaseUrl, services };
}

async function chooseTemporal(
  home: HomeLayout,
  ports: PortBook,
  namespace: string,
  services: Service[],
  say: (line: string) => void,
): Promise<Backends['temporal']> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address) {
    say(`Temporal server: ${address} (TEMPORAL_ADDRESS)`);
    return { address, ui: null, source: 'TEMPORAL_ADDRESS' };
  }
  const cli = await findTemporalCli(say);
  const port = await ports.claim('temporal', PORTS.temporal);
  const uiPort = await ports.claim('temporal-ui', PORTS['temporal-ui']);
  services.push(temporalServer({ cli: cli.path, port, uiPort, namespace, database: home.temporalDatabase }));
  return {
    address: `127.0.0.1:${port}`,
    ui: `http://127.0.0.1:${uiPort}`,
    source: `${cli.source} (CLI ${cli.version})`,
  };
}

async function choosePostgres(
  home: HomeLayout,
  ports: PortBook,
  services: Service[],
  say: (line: string) => void,
): Promise<string> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    say(`PostgreSQL: ${withoutPassword(given)} (DATABASE_URL)`);
    return given;
  }
  const { service, url } = await embeddedPostgres(home.postgres, await ports.claim('postgres', PORTS.postgres));
  services.push(service);
  say(`PostgreSQL: embedded, data in ${home.postgres}`);
  return url;
}

/** The address is a secret, so it gets a file of its own for tools on this machine and stays out of `stack.json`. */
function keepDatabaseUrl(file: string, url: string): void {
  if (!existsSync(file) || readFileSync(file, 'utf8').trim() !== url) writeAtomically(file, `${url}\n`, 0o600);
}

/** A database address as it may be shown. Throws when it is no address. */
export function withoutPassword(databaseUrl: string): string {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    throw new Error('DATABASE_URL is no address: write postgres://user:password@host:port/database');
  }
  url.password = '';
  // Some clients take the password as a parameter instead.
  url.searchParams.delete('password');
  return url.toString();
}
