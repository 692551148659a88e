import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FeedConfig, parseConfig, type VenueConfig } from '../../simulator/config.ts';
import { checkCandles } from '../../simulator/feeds/candles/read-candles.ts';
import { InvalidInput } from './failures.ts';

/** How long a venue may take to make up its mind about an order, in milliseconds (see `adapters/ports/venue.ts`). */
export interface ConsistencyMs {
  readonly recvWindow: number;
  readonly apiTimeout: number;
  readonly margin: number;
}

/** One simulated venue as `--venues` describes it, checked, with every default filled in and its files absolute. */
export interface VenueSpec {
  readonly id: string;
  readonly protocol: 'binance-spot';
  readonly feed: FeedConfig;
  readonly markets: readonly Record<string, unknown>[];
  readonly latencyMs: number;
  readonly makerBps: number | string;
  readonly takerBps: number | string;
  readonly impact: { readonly permanent: number; readonly halfLifeMs: number };
  readonly balances: Readonly<Record<string, number | string>>;
  readonly consistencyMs: ConsistencyMs;
}

/** What a simulated venue needs to settle: it runs on this machine, so a second or two is plenty. */
const CONSISTENCY: ConsistencyMs = { recvWindow: 1000, apiTimeout: 1000, margin: 2000 };

const DEFAULTS = {
  latencyMs: 5,
  makerBps: 10,
  takerBps: 10,
  impact: { permanent: 0.25, halfLifeMs: 21_000 },
  consistencyMs: CONSISTENCY,
};

const FIELDS = ['id', 'protocol', 'feed', 'markets', 'balances', 'limits', 'permissions', ...Object.keys(DEFAULTS)];

/** The venue of a stack that was given none: synthetic, so that everything works without data or network. */
export const DEFAULT_VENUES: readonly VenueSpec[] = [
  {
    ...DEFAULTS,
    id: 'sim',
    protocol: 'binance-spot',
    feed: { kind: 'synthetic', seed: 1 },
    markets: [
      { symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' },
      { symbol: 'ETH/USDT', tick: '0.01', lot: '0.0001', minNotional: '5' },
    ],
    balances: { USDT: '1000000', BTC: '20', ETH: '200' },
  },
];

/**
 * Reads a `--venues` file. Paths of recordings are relative to the file's own folder. Throws `InvalidInput` that names the file,
 * the field, its value and what to do.
 */
export function readVenuesFile(file: string): readonly VenueSpec[] {
  const path = resolve(file);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidInput(`--venues ${file}: it must be a readable JSON file (${(error as Error).message})`);
  }
  try {
    return parseVenues(parsed, dirname(path));
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(`--venues ${file}: ${error.message}`);
  }
}

/** Checks a list of venues and fills in the defaults. `folder` is what relative paths of recordings start from. */
export function parseVenues(value: unknown, folder: string): readonly VenueSpec[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid('the file', value, 'give a list of at least one venue');
  const specs = value.map((venue: unknown, index) => completed(venue, `venues[${index}]`, folder));
  const parsed = asSimulator(specs);
  specs.forEach((spec, index) => checkFiles(spec, `venues[${index}]`));
  return specs.map((spec, index) => ({ ...spec, feed: parsed[index]!.feed }));
}

/**
 * Reads the candles that venues replay, so that a file that cannot be used is refused before anything is started. Throws `InvalidInput` that names venue,
 * file, row, value and what to do.
 */
export async function checkVenueCandles(specs: readonly VenueSpec[]): Promise<void> {
  for (const { id, feed, markets } of asSimulator(specs)) {
    if (feed.kind !== 'candles') continue;
    try {
      await checkCandles(feed, markets[0]!);
    } catch (error) {
      throw new InvalidInput(`venue ${id}: ${(error as Error).message}`);
    }
  }
}

function completed(value: unknown, at: string, folder: string): VenueSpec {
  if (!isObject(value)) throw invalid(at, value, 'an object is needed here');
  const unknown = Object.keys(value).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined)
    throw invalid(`${at}.${unknown}`, value[unknown], `there is no such field; known: ${FIELDS.join(', ')}`);
  const consistencyMs = parseConsistency(value['consistencyMs'], `${at}.consistencyMs`);
  return {
    ...DEFAULTS,
    ...value,
    feed: withAbsoluteFiles(value['feed'], folder),
    consistencyMs,
  } as unknown as VenueSpec;
}

/** One number is the margin alone; the venue's own two times keep their defaults. */
function parseConsistency(value: unknown, at: string): ConsistencyMs {
  if (value === undefined) return CONSISTENCY;
  const given = typeof value === 'number' ? { margin: value } : value;
  if (!isObject(given)) throw invalid(at, value, 'give milliseconds, or {recvWindow, apiTimeout, margin}');
  for (const [field, ms] of Object.entries(given)) {
    if (!(field in CONSISTENCY)) throw invalid(`${at}.${field}`, ms, 'known: recvWindow, apiTimeout, margin');
    if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > 60_000) {
      throw invalid(`${at}.${field}`, ms, 'give whole milliseconds from 0 to 60000');
    }
  }
  return { ...CONSISTENCY, ...given };
}

function withAbsoluteFiles(feed: unknown, folder: string): unknown {
  if (!isObject(feed)) return feed;
  const { file } = feed;
  if (feed['kind'] === 'candles' && typeof file === 'string' && file !== '') {
    return { ...feed, file: resolve(folder, file) };
  }
  if (!Array.isArray(feed['files'])) return feed;
  const files = feed['files'].map((each: unknown) =>
    typeof each === 'string' && each !== '' ? resolve(folder, each) : each,
  );
  return feed['kind'] === 'recorded' ? { speed: 1, ...feed, files } : feed;
}

/** The simulator knows what it can run; asking it here refuses a bad file before anything is started. */
function asSimulator(specs: readonly VenueSpec[]): readonly VenueConfig[] {
  const placed = specs.map((spec, index) => ({
    ...spec,
    port: 0,
    journal: `${index}`,
    apiKey: 'key',
    apiSecret: 'secret',
  }));
  try {
    return parseConfig({ venues: placed });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    throw new InvalidInput(error.message.replace(/^simulator configuration: /, ''));
  }
}

function checkFiles(spec: VenueSpec, at: string): void {
  const { feed } = spec;
  const files =
    feed.kind === 'recorded'
      ? feed.files.map((file, index) => [`files[${index}]`, file] as const)
      : feed.kind === 'candles'
        ? [['file', feed.file] as const]
        : [];
  for (const [field, file] of files) {
    try {
      accessSync(file, constants.R_OK);
    } catch {
      throw invalid(`${at}.feed.${field}`, file, 'there is no such file that can be read');
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(field: string, value: unknown, advice: string): InvalidInput {
  return new InvalidInput(`${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
}
