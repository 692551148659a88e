import { venueQueue } from '../domain/execution/commands.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { SESSIONS_QUEUE } from '../domain/session/commands.ts';
import { MARKET_DATA_QUEUE } from '../workflows/download/messages.ts';
import type { ApiDependencies, QueuePollers } from './ports.ts';
import { venueStatus } from './venue-status.ts';

export const TRADING_QUEUE = 'trading';
export const COMPUTE_QUEUE = 'compute';

/** A session that waits so long for a place does not decide, and nobody watches its prices; one whose worker was killed has another before that. */
const SESSIONS_WAIT_MS: DurationMs = 30_000;

interface Part {
  readonly ok: boolean;
  readonly error: string | null;
}

export interface HealthReport {
  /** `down`: nothing can be accepted; `degraded`: something is missing that stops part of the work. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly postgres: Part;
  readonly temporal: Part;
  /**
   * Pollers of every queue, and what waits in it. A queue without pollers does no work, however green the rest; sessions that wait are more than the
   * trading workers have places for.
   */
  readonly queues: readonly QueuePollers[];
  readonly venues: readonly { readonly id: string; readonly status: string }[];
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly part: Part; readonly value: T | null }> {
  try {
    return { part: { ok: true, error: null }, value: await work() };
  } catch (error) {
    return { part: { ok: false, error: error instanceof Error ? error.message : String(error) }, value: null };
  }
}

/** Looks at everything that the platform stands on. Never throws. */
export async function checkHealth({ probe, venues }: Pick<ApiDependencies, 'probe' | 'venues'>): Promise<HealthReport> {
  const postgres = await attempt(async () => {
    await probe.pingPostgres();
    return venues.listVenues();
  });
  const known = postgres.value ?? [];
  const names = [
    TRADING_QUEUE,
    SESSIONS_QUEUE,
    MARKET_DATA_QUEUE,
    COMPUTE_QUEUE,
    ...known.map((entry) => venueQueue(entry.profile.id)),
  ];
  const temporal = await attempt(() => Promise.all(names.map((name) => probe.pollersOf(name))));
  const queues = temporal.value ?? [];
  const statuses = known.map((entry) => ({ id: entry.profile.id, status: venueStatus(entry) }));
  const idle = queues.some(
    ({ queue, workflowPollers, activityPollers }) =>
      activityPollers === 0 || (queue === TRADING_QUEUE && workflowPollers === 0),
  );
  const wait = queues.some(({ queue, waitingMs }) => queue === SESSIONS_QUEUE && waitingMs > SESSIONS_WAIT_MS);
  const serversUp = postgres.part.ok && temporal.part.ok;
  const allWell = !idle && !wait && statuses.length > 0 && statuses.every(({ status }) => status === 'up');
  return {
    status: serversUp ? (allWell ? 'ok' : 'degraded') : 'down',
    postgres: postgres.part,
    temporal: temporal.part,
    queues,
    venues: statuses,
  };
}
