import type { FollowTimes } from './events/follow.ts';
import type { StreamLimits } from './events/stream-places.ts';

/** How much the API does for one caller, and for all. */
export interface ApiSettings {
  /** Requests of one key, or of one address where no key is needed, within a minute. */
  readonly requestsPerMinute: number;
  /** Wrong keys from one address within a minute: each costs a look into the database. */
  readonly wrongKeysPerMinute: number;
  readonly streams: StreamLimits;
  readonly follow: FollowTimes;
}

export const DEFAULT_SETTINGS: ApiSettings = {
  // Far above what people and their programs ask for: it stops a loop without a pause before it stops everybody else.
  requestsPerMinute: 60_000,
  wrongKeysPerMinute: 600,
  streams: { perKey: 8, inAll: 64 },
  follow: { heartbeatMs: 15_000, slowClientMs: 10_000, lifeMs: 3_600_000 },
};
