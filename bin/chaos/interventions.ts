import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { ApiRefusal } from '../terminal/errors.ts';
import { type ChaosMarket, quantityOf } from './markets.ts';
import type { Intervention, PlannedExecution, PlannedHalt } from './plan.ts';
import { insist, type RunningExecution } from './start-executions.ts';

/** The API may be down, and its database or Temporal server as well, for some of this. */
const WITHIN_MS: DurationMs = 90_000;
const CONFLICT = 409;
const HALT_REASON = 'chaos: a halt among the executions';

/** How often people meddled with executions, by what they did; `late` came when the execution would not have it any more. */
export type InterventionCounts = Readonly<Record<Intervention['kind'] | 'halt' | 'late', number>>;

export const NO_INTERVENTIONS: InterventionCounts = { amend: 0, pause: 0, resume: 0, cancel: 0, halt: 0, late: 0 };

export function addCounts(all: readonly InterventionCounts[]): InterventionCounts {
  const sum = (of: keyof InterventionCounts) => all.reduce((total, counts) => total + counts[of], 0);
  return {
    amend: sum('amend'),
    pause: sum('pause'),
    resume: sum('resume'),
    cancel: sum('cancel'),
    halt: sum('halt'),
    late: sum('late'),
  };
}

/**
 * Does to an execution what is planned, each at its instant and one after the other, as a person does who gets no answer: again and again.
 * Throws what the API refuses, unless the execution is over or stands as it was to be.
 */
export async function intervene(
  home: string,
  { id, acceptedAt }: Pick<RunningExecution, 'id' | 'acceptedAt'>,
  planned: Pick<PlannedExecution, 'interventions' | 'notional' | 'durationMs'>,
  market: ChaosMarket,
): Promise<InterventionCounts> {
  const counts = { ...NO_INTERVENTIONS };
  for (const each of planned.interventions) {
    await delay(Math.max(0, acceptedAt + each.atMs - Date.now()));
    try {
      await insist(home, WITHIN_MS, (client) =>
        client.post(`/v1/executions/${encodeURIComponent(id)}/${each.kind}`, bodyOf(each, planned, market)),
      );
      counts[each.kind] += 1;
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.document.status !== CONFLICT) throw error;
      counts.late += 1;
    }
  }
  return counts;
}

function bodyOf(
  intervention: Intervention,
  { notional, durationMs }: Pick<PlannedExecution, 'notional' | 'durationMs'>,
  market: ChaosMarket,
): unknown {
  if (intervention.kind !== 'amend') return undefined;
  return {
    quantity: quantityOf(notional * intervention.quantityFactor, market),
    durationMs: Math.round(durationMs * intervention.durationFactor),
  };
}

interface HaltView {
  readonly id: string;
  readonly reason: string;
}

/** Stops trading on everything at the planned instant, and allows it again. Throws when it cannot be allowed again. */
export async function haltAndResume(
  home: string,
  startedAt: number,
  halt: PlannedHalt | null,
): Promise<InterventionCounts> {
  if (halt === null) return NO_INTERVENTIONS;
  await delay(Math.max(0, startedAt + halt.atMs - Date.now()));
  try {
    await insist(home, WITHIN_MS, (client) => client.post('/v1/halts', { scope: 'all', reason: HALT_REASON }));
    await delay(halt.forMs);
  } finally {
    await liftHalts(home);
  }
  return { ...NO_INTERVENTIONS, halt: 1 };
}

/** Lifts every halt that chaos has set: one whose answer was lost was set twice. */
export async function liftHalts(home: string): Promise<void> {
  await insist(home, WITHIN_MS, async (client) => {
    const { items } = await client.get<{ readonly items: readonly HaltView[] }>('/v1/halts', { active: 'true' });
    for (const { id } of items.filter(({ reason }) => reason === HALT_REASON)) {
      await client.post(`/v1/halts/${encodeURIComponent(id)}/lift`, { reason: HALT_REASON }).catch((error: unknown) => {
        // Lifted by a request whose answer was lost.
        if (!(error instanceof ApiRefusal) || error.document.status !== CONFLICT) throw error;
      });
    }
  });
}
