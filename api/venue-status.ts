import type { VenueEntry } from '../adapters/ports/order-ledger.ts';
import type { VenueHealth } from '../adapters/ports/venue.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { iso } from './iso.ts';

/** Health older than this says nothing: the venue worker writes it every few seconds while it lives. */
const FRESH_MS: DurationMs = 30_000;

/** How a venue stands, `unknown` when nobody has looked lately. */
export function venueStatus({
  health,
  healthAgeMs,
}: Pick<VenueEntry, 'health' | 'healthAgeMs'>): VenueHealth['status'] | 'unknown' {
  return health === null || healthAgeMs === null || healthAgeMs > FRESH_MS ? 'unknown' : health.status;
}

/** A venue account as the API shows it. */
export function venueView(entry: VenueEntry) {
  const { profile, health, owner } = entry;
  return {
    id: profile.id,
    label: profile.label,
    exchange: profile.exchange,
    marketTime: profile.marketTime ?? 'wall',
    assumptions: profile.assumptions,
    status: venueStatus(entry),
    health: health && {
      clockOffsetMs: health.clockOffsetMs,
      lastOkAt: iso(health.lastOkAt),
      lastErrorAt: iso(health.lastErrorAt),
      lastError: health.lastError,
      usedWeight: health.usedWeight,
      weightLimit: health.weightLimit,
      ageMs: entry.healthAgeMs,
    },
    owner: owner && { worker: owner.worker, epoch: owner.epoch, since: iso(owner.since), held: owner.held },
  };
}
