import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import { callAdmin } from '../../stack/venue-admin.ts';
import { stackOf } from '../../terminal/running-stack.ts';
import type { Kill } from '../strikes.ts';
import type { Target } from '../targets.ts';
import type { Interval } from './interval.ts';

const NOT_NEEDED: readonly string[] = ['api', 'compute'] satisfies readonly Target[];
const POLL_MS: DurationMs = 100;
/** Strikes of one fault that follow each other within so much are one disturbance: each attempt at an order meets the next of them. */
const ONE_DISTURBANCE_MS: DurationMs = 10_000;

/** A fault as a venue shows it. */
interface FaultView {
  readonly id: string;
  readonly setAt: EpochMs;
  readonly kind: string;
  readonly forMs: DurationMs | null;
  readonly count: number | null;
  readonly delayMs: DurationMs | null;
  readonly retryAfterMs: DurationMs;
  readonly struck: number;
}

/** When a fault of a venue was seen to do what. */
export interface WatchedFault {
  /** While it lasts everything is struck that comes along; `null` when it waits for so many requests. */
  readonly window: Interval | null;
  /** When more requests were seen to have been struck. */
  readonly struckAt: readonly EpochMs[];
  /** How long what befell a request, or an account, goes on. */
  readonly lastsMs: DurationMs;
}

/**
 * When something that a session needs was down: from each kill until the process serves again, and while faults of venues befell somebody. Nothing of it
 * needs the API, nor the worker that computes backtests.
 */
export function downTimes(kills: readonly Kill[], faults: readonly WatchedFault[], now: EpochMs): readonly Interval[] {
  return [
    ...kills
      .filter(({ target }) => !NOT_NEEDED.includes(target))
      .map(({ at, upAt }) => ({ from: at, until: upAt ?? now })),
    ...faults.flatMap((fault) => disturbances(fault)),
  ];
}

function disturbances({ window, struckAt, lastsMs }: WatchedFault): readonly Interval[] {
  if (window !== null) return [{ from: window.from, until: window.until + lastsMs }];
  const found: { from: EpochMs; until: EpochMs }[] = [];
  for (const at of struckAt) {
    const last = found.at(-1);
    const until = at + lastsMs;
    if (last !== undefined && at - last.until <= ONE_DISTURBANCE_MS) last.until = until;
    else found.push({ from: at - POLL_MS, until });
  }
  return found;
}

/** Watches what befalls whom at all venues until `over`: the venues themselves keep only how often. */
export async function watchFaults(home: string, over: AbortSignal): Promise<readonly WatchedFault[]> {
  const seen = new Map<string, { view: FaultView; struckAt: EpochMs[]; isOver: boolean; overAt: EpochMs | null }>();
  while (!over.aborted) {
    for (const venue of stackOf(home).venues) {
      // A venue that is down has no faults, and its kill counts by itself.
      const told = (await callAdmin(venue, 'GET', '/faults').catch(() => null)) as {
        readonly faults: readonly FaultView[];
        readonly past: readonly FaultView[];
      } | null;
      const now = Date.now();
      const take = (view: FaultView, isOver: boolean) => {
        const key = JSON.stringify([venue.id, view.id, view.setAt]);
        const known = seen.get(key) ?? { view, struckAt: [], isOver: false, overAt: null };
        if (view.struck > (seen.has(key) ? known.view.struck : 0)) known.struckAt.push(now);
        if (isOver && !known.isOver) known.overAt = now;
        seen.set(key, { ...known, view, isOver });
      };
      for (const view of told?.faults ?? []) take(view, false);
      for (const view of told?.past ?? []) take(view, true);
    }
    await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return [...seen.values()].map(({ view, struckAt, overAt }) => ({
    window: windowOf(view, overAt),
    struckAt,
    lastsMs: lastsMsOf(view),
  }));
}

/** One that waits for requests strikes at no time by itself. */
function windowOf({ setAt, forMs, count }: FaultView, overAt: EpochMs | null): Interval | null {
  if (forMs === null || count !== null) return null;
  return { from: setAt, until: Math.min(setAt + forMs, overAt ?? Number.POSITIVE_INFINITY) };
}

function lastsMsOf({ kind, delayMs, retryAfterMs, forMs }: FaultView): DurationMs {
  switch (kind) {
    case 'delay':
      return delayMs ?? 0;
    case 'rate-limit':
    case 'ban':
      return retryAfterMs;
    case 'forget':
      return forMs ?? 0;
    default:
      return 0;
  }
}
