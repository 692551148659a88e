import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FeedConfig, parseConfig, type VenueConfig } from '../../../simulator/config.ts';
import { VenueServer } from '../../../simulator/venue-server.ts';

export const API_KEY = 'test-key';
export const API_SECRET = 'test-secret';

/** A new folder for one test's files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tradewind-simulator-'));
}

/** The parts of a venue entry that tests vary. */
export interface VenueOptions {
  readonly journal?: string;
  readonly makerBps?: number;
  readonly takerBps?: number;
  readonly latencyMs?: number;
  readonly balances?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly permissions?: { readonly trade?: boolean; readonly withdraw?: boolean };
}

/** A venue entry as the stack writes it: BTC/USDT at steps of 0.01 and 0.00001, least notional 5. */
export function venueEntry(feed: FeedConfig, options: VenueOptions = {}): Readonly<Record<string, unknown>> {
  return {
    id: 'sim',
    protocol: 'binance-spot',
    feed,
    markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }],
    latencyMs: options.latencyMs ?? 0,
    makerBps: options.makerBps ?? 10,
    takerBps: options.takerBps ?? 20,
    impact: { permanent: 0, halfLifeMs: 1 },
    balances: options.balances ?? { USDT: '1000', BTC: '2' },
    consistencyMs: 1000,
    permissions: options.permissions,
    port: options.port ?? 0,
    journal: options.journal ?? join(temporaryFolder(), 'journal'),
    apiKey: API_KEY,
    apiSecret: API_SECRET,
  };
}

/** A running venue, its log, and what it failed with. */
export interface RunningVenue {
  readonly server: VenueServer;
  readonly rest: string;
  readonly admin: string;
  readonly log: string[];
  readonly failures: Error[];
}

/** Starts a venue in this process on a free port. */
export async function startVenue(feed: FeedConfig, options: VenueOptions = {}): Promise<RunningVenue> {
  const [config] = parseConfig({ venues: [venueEntry(feed, options)] });
  return startConfigured(config as VenueConfig);
}

async function startConfigured(config: VenueConfig): Promise<RunningVenue> {
  const log: string[] = [];
  const failures: Error[] = [];
  const server = await VenueServer.start(config, {
    log: (message) => log.push(message),
    onFailure: (error) => failures.push(error),
  });
  return { server, rest: server.addresses.rest, admin: server.addresses.admin, log, failures };
}
