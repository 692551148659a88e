import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from './atomic-file.ts';
import type { HomeLayout } from './home-layout.ts';
import type { VenueSpec } from './venue-specs.ts';

/** Only the user of the stack may read a file with a key in it; the platform refuses to use one that is looser. */
const PRIVATE = 0o600;

/** The exchange, as ccxt names it, that speaks each wire protocol. */
const EXCHANGES = { 'binance-spot': 'binance' } as const;

interface ApiKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/**
 * Writes what the simulator, the venue worker and the API read about the simulated venues: the simulator's configuration, the list of
 * venue accounts, and one API key per venue, which stays the same from start to start.
 */
export function writeVenueFiles(home: HomeLayout, specs: readonly VenueSpec[], portOf: (id: string) => number): void {
  const keys = new Map(specs.map(({ id }) => [id, keptKey(join(home.credentials, `${id}.json`))]));
  const venues = specs.map((spec) => ({
    ...spec,
    ...keys.get(spec.id),
    port: portOf(spec.id),
    journal: join(home.journals, spec.id),
  }));
  writeJson(home.simulatorConfig, { venues }, PRIVATE);
  writeJson(
    home.accounts,
    specs.map((spec) => accountOf(spec, portOf(spec.id))),
    PRIVATE,
  );
}

function keptKey(file: string): ApiKey {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ApiKey;
  const key = { apiKey: randomBytes(32).toString('hex'), apiSecret: randomBytes(32).toString('hex') };
  writeJson(file, key, PRIVATE);
  return key;
}

function accountOf(spec: VenueSpec, port: number) {
  const { feed, impact, latencyMs } = spec;
  const recorded = feed.kind === 'recorded';
  return {
    id: spec.id,
    exchange: EXCHANGES[spec.protocol],
    rest: `http://127.0.0.1:${port}`,
    credentialRef: spec.id,
    label: 'paper',
    consistencyMs: spec.consistencyMs,
    assumptions: { feed: feed.kind, synthetic: !recorded, speed: recorded ? feed.speed : 1, impact, latencyMs },
  };
}
