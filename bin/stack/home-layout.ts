import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where things lie in a home. */
export interface HomeLayout {
  readonly folder: string;
  readonly lock: string;
  /** The stack as it runs, for programs and people: addresses and processes, no secret. */
  readonly stackFile: string;
  /** Which processes were started, to clean up after a supervisor that was killed. */
  readonly processesFile: string;
  readonly portsFile: string;
  readonly venuesFile: string;
  readonly accounts: string;
  readonly credentials: string;
  readonly simulatorConfig: string;
  readonly journals: string;
  readonly postgres: string;
  readonly temporalDatabase: string;
  /** The database address with its password; mode 600. */
  readonly databaseUrlFile: string;
  readonly adminKeyFile: string;
  readonly logs: string;
}

/** The layout of the home in `folder`. Touches nothing. */
export function homeLayout(folder: string): HomeLayout {
  return {
    folder,
    lock: join(folder, 'stack.lock'),
    stackFile: join(folder, 'stack.json'),
    processesFile: join(folder, 'processes.json'),
    portsFile: join(folder, 'ports.json'),
    venuesFile: join(folder, 'venues.json'),
    accounts: join(folder, 'accounts.json'),
    credentials: join(folder, 'credentials'),
    simulatorConfig: join(folder, 'simulator', 'config.json'),
    journals: join(folder, 'simulator', 'journals'),
    postgres: join(folder, 'postgres'),
    temporalDatabase: join(folder, 'temporal', 'temporal.db'),
    databaseUrlFile: join(folder, 'database-url'),
    adminKeyFile: join(folder, 'admin.key'),
    logs: join(folder, 'logs'),
  };
}

/** Creates the folders of a home. Under root others may pass through it, because PostgreSQL then runs as its own user. */
export function createHome(layout: HomeLayout): void {
  mkdirSync(layout.folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const folders = [layout.credentials, layout.journals, layout.logs, dirname(layout.temporalDatabase)];
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
}
