import type { Backends } from './backends.ts';
import type { HomeLayout } from './home-layout.ts';
import { nodeService } from './node-services.ts';
import type { Service } from './service.ts';
import type { VenueRecord } from './stack-record.ts';

/** Longer than the time that a worker gives its running activities to end (see `workers/`). */
const WORKER_DRAIN_MS = 50_000;
const SERVER_DRAIN_MS = 10_000;

/** What the processes say of themselves once they serve. */
export interface Announcements {
  venues(venues: readonly VenueRecord[]): void;
  api(url: string): void;
}

/** Our own processes in the order of their start. */
export interface PlatformServices {
  readonly simulator: Service;
  readonly workers: readonly Service[];
  readonly api: Service;
}

/** The environment that every process of the platform gets. */
export function platformEnv(home: HomeLayout, backends: Backends): NodeJS.ProcessEnv {
  return {
    ...process.env,
    TRADEWIND_HOME: home.folder,
    TRADEWIND_ACCOUNTS: home.accounts,
    DATABASE_URL: backends.databaseUrl,
    TEMPORAL_ADDRESS: backends.temporal.address,
    TEMPORAL_NAMESPACE: backends.namespace,
  };
}

/** The simulator is the witness: it is told nothing of the platform's database or workflows. */
function simulatorEnv(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, TEMPORAL_ADDRESS: _temporal, ...rest } = process.env;
  return rest;
}

/** The kinds of worker, and what each runs. */
const WORKERS = [
  { name: 'venue', entry: 'workers/venue.js' },
  { name: 'trading', entry: 'workers/trading.js' },
  { name: 'market-data', entry: 'workers/market-data.js' },
  { name: 'compute', entry: 'workers/compute.js' },
] as const;

/** The name of worker `nth` of a kind, from 1: the first is called like its kind, the second `venue-2`. */
function workerName(kind: string, nth: number): string {
  return nth === 1 ? kind : `${kind}-${nth}`;
}

/**
 * Describes our own processes for the supervisor. Throws when the build is incomplete.
 *
 * @param workersOfAKind how many workers of each kind run beside each other
 */
export function platformServices(
  home: HomeLayout,
  backends: Backends,
  apiPort: number,
  workersOfAKind: number,
  announce: Announcements,
): PlatformServices {
  const env = platformEnv(home, backends);
  return {
    simulator: nodeService({
      name: 'simulator',
      entry: 'simulator/main.js',
      args: ['--config', home.simulatorConfig],
      env: simulatorEnv(),
      stopWithinMs: SERVER_DRAIN_MS,
      announced: (value) => announce.venues((value as { venues?: readonly VenueRecord[] }).venues ?? []),
    }),
    workers: Array.from({ length: workersOfAKind }, (_, index) =>
      WORKERS.map(({ name, entry }) =>
        nodeService({ name: workerName(name, index + 1), entry, env, stopWithinMs: WORKER_DRAIN_MS }),
      ),
    ).flat(),
    api: nodeService({
      name: 'api',
      entry: 'api/main.js',
      env: { ...env, TRADEWIND_API_HOST: '127.0.0.1', TRADEWIND_API_PORT: String(apiPort) },
      stopWithinMs: SERVER_DRAIN_MS,
      announced: (value) => announce.api((value as { url?: string }).url ?? `http://127.0.0.1:${apiPort}`),
    }),
  };
}
