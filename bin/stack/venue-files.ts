import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isSynthetic, speedOf } from '../../simulator/feeds/feed-label.ts';
import { writeJson } from './atomic-file.ts';
import type { HomeLayout } from './home-layout.ts';
import type { VenueSpec } from './venue-specs.ts';

/** Only the user of the stack may read a file with a key in it; the platform refuses to use one that is looser. */
const PRIVATE = 0o600;

/** The first venue's port; the others follow. */
export const FIRST_VENUE_PORT = 9100;

/** The exchange, as ccxt names it, that speaks each wire protocol. */
const EXCHANGES = { 'binance-spot': 'binance' } as const;

interface ApiKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Where the simulated venues are: the address that they listen on, and the host name by which the platform reaches them. */
export interface VenuePlace {
  readonly listen: string;
  readonly host: string;
  portOf(id: string): number;
}

/**
 * Writes what the simulator, the venue worker and the API read about the simulated venues: the simulator's configuration, the list of
 * venue accounts, and one API key per venue, which stays the same from start to start.
 */
export function writeVenueFiles(home: HomeLayout, specs: readonly VenueSpec[], place: VenuePlace): void {
  const venues = specs.map((spec) => ({
    ...spec,
    ...keptKey(join(home.credentials, `${spec.id}.json`)),
    host: place.listen,
    port: place.portOf(spec.id),
    journal: join(home.journals, spec.id),
  }));
  const accounts = specs.map((spec) => accountOf(spec, `http://${place.host}:${place.portOf(spec.id)}`));
  writeJson(home.simulatorConfig, { venues }, PRIVATE);
  writeJson(home.accounts, accounts, PRIVATE);
}

function keptKey(file: string): ApiKey {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ApiKey;
  const key = { apiKey: randomBytes(32).toString('hex'), apiSecret: randomBytes(32).toString('hex') };
  writeJson(file, key, PRIVATE);
  return key;
}

function accountOf(spec: VenueSpec, rest: string) {
  const { feed, impact, latencyMs } = spec;
  return {
    id: spec.id,
    exchange: EXCHANGES[spec.protocol],
    rest,
    credentialRef: spec.id,
    label: 'paper',
    marketTime: feed.kind === 'candles' ? 'candles' : 'wall',
    consistencyMs: spec.consistencyMs,
    assumptions: {
      feed: feedName(feed),
      synthetic: isSynthetic(feed),
      speed: speedOf(feed),
      // Bars know no impact: orders fill whole at their prices.
      impact: feed.kind === 'candles' ? null : impact,
      latencyMs,
    },
  };
}

/** What people read of where a venue's prices come from. */
function feedName(feed: VenueSpec['feed']): string {
  if (feed.kind === 'candles') return `candles ${basename(feed.file)}`;
  if (feed.kind === 'relay') return `relay of ${feed.source ?? feed.rest ?? feed.exchange}`;
  return feed.kind;
}
