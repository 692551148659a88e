import { readFileSync } from 'node:fs';
import { type Decimal, type DurationMs, decimal, isDecimal } from '../domain/market/decimal.ts';
import type { ImpactModel } from '../domain/matching/market-types.ts';

/** Where a venue's outside market comes from. */
export type FeedConfig =
  | { readonly kind: 'synthetic'; readonly seed: number }
  | { readonly kind: 'recorded'; readonly files: readonly string[]; readonly speed: number };

/** One symbol of a venue with its steps, all exact. */
export interface MarketListing {
  /** Unified symbol, `BASE/QUOTE`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly tick: Decimal;
  readonly lot: Decimal;
  readonly minNotional: Decimal;
}

/** Everything that makes one simulated venue. */
export interface VenueConfig {
  readonly id: string;
  readonly protocol: 'binance-spot';
  readonly feed: FeedConfig;
  readonly markets: readonly MarketListing[];
  /** From the arrival of a request to its processing. */
  readonly latencyMs: DurationMs;
  readonly makerBps: Decimal;
  readonly takerBps: Decimal;
  readonly impact: ImpactModel;
  /** What the account holds when the venue is first opened. */
  readonly balances: Readonly<Record<string, Decimal>>;
  readonly host: string;
  readonly port: number;
  /** Folder of the venue's journal. */
  readonly journal: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A configuration that cannot be used; the message names the field, its value and what to do. */
export class ConfigError extends Error {
  constructor(field: string, value: unknown, advice: string) {
    super(`simulator configuration: ${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
    this.name = 'ConfigError';
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Amounts on the wire have eight decimals, so nothing that a fill can produce may need more. */
const WIRE_DECIMALS = 8;

/** Reads and checks the configuration file of the simulator. Throws `ConfigError`. */
export function readConfig(path: string): readonly VenueConfig[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      'file',
      path,
      `it must be readable JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  return parseConfig(parsed);
}

/** Checks a parsed configuration. Throws `ConfigError` on the first thing that cannot be used. */
export function parseConfig(value: unknown): readonly VenueConfig[] {
  const venues = asObject(value, 'the configuration')['venues'];
  if (!Array.isArray(venues) || venues.length === 0) {
    throw new ConfigError('venues', venues, 'give a list of at least one venue');
  }
  const parsed = venues.map((venue, index) => parseVenue(venue, `venues[${index}]`));
  refuseRepeats(
    parsed.map((venue) => venue.id),
    'venues[].id',
  );
  refuseRepeats(
    parsed.map((venue) => venue.journal),
    'venues[].journal',
  );
  return parsed;
}

function parseVenue(value: unknown, at: string): VenueConfig {
  const venue = asObject(value, at);
  const id = text(venue['id'], `${at}.id`);
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(id)) {
    throw new ConfigError(`${at}.id`, id, 'use 1 to 32 lower-case letters, digits and dashes');
  }
  if (venue['protocol'] !== 'binance-spot') {
    throw new ConfigError(`${at}.protocol`, venue['protocol'], 'the only protocol is "binance-spot"');
  }
  const feed = parseFeed(venue['feed'], `${at}.feed`);
  const listings = venue['markets'];
  if (!Array.isArray(listings) || listings.length === 0) {
    throw new ConfigError(`${at}.markets`, listings, 'list at least one market');
  }
  const markets = listings.map((listing, index) => parseListing(listing, `${at}.markets[${index}]`));
  refuseRepeats(
    markets.map((market) => market.symbol),
    `${at}.markets[].symbol`,
  );
  if (feed.kind === 'recorded' && markets.length !== 1) {
    throw new ConfigError(
      `${at}.markets`,
      markets.map((market) => market.symbol),
      'a recording replays exactly one market',
    );
  }
  const impact = asObject(venue['impact'], `${at}.impact`);
  return {
    id,
    protocol: 'binance-spot',
    feed,
    markets,
    latencyMs: number(venue['latencyMs'], `${at}.latencyMs`, 0, 60_000),
    makerBps: bps(venue['makerBps'], `${at}.makerBps`),
    takerBps: bps(venue['takerBps'], `${at}.takerBps`),
    impact: {
      permanent: number(impact['permanent'], `${at}.impact.permanent`, 0, 1),
      halfLifeMs: number(impact['halfLifeMs'], `${at}.impact.halfLifeMs`, 1, 86_400_000),
    },
    balances: parseBalances(venue['balances'], `${at}.balances`),
    host: venue['host'] === undefined ? '127.0.0.1' : text(venue['host'], `${at}.host`),
    port: integer(venue['port'], `${at}.port`, 0, 65_535),
    journal: text(venue['journal'], `${at}.journal`),
    apiKey: text(venue['apiKey'], `${at}.apiKey`),
    apiSecret: text(venue['apiSecret'], `${at}.apiSecret`, true),
  };
}

function parseFeed(value: unknown, at: string): FeedConfig {
  const feed = asObject(value, at);
  switch (feed['kind']) {
    case 'synthetic':
      return { kind: 'synthetic', seed: integer(feed['seed'], `${at}.seed`, 0, 2 ** 31 - 1) };
    case 'recorded': {
      const files = feed['files'];
      if (!Array.isArray(files) || files.length === 0) {
        throw new ConfigError(`${at}.files`, files, 'list the recorded files in their order');
      }
      return {
        kind: 'recorded',
        files: files.map((file, index) => text(file, `${at}.files[${index}]`)),
        speed: number(feed['speed'] ?? 1, `${at}.speed`, 0.01, 10_000),
      };
    }
    default:
      throw new ConfigError(`${at}.kind`, feed['kind'], 'use "synthetic" or "recorded"');
  }
}

function parseListing(value: unknown, at: string): MarketListing {
  const listing = asObject(value, at);
  const symbol = text(listing['symbol'], `${at}.symbol`);
  const match = /^([A-Z0-9]{1,12})\/([A-Z0-9]{1,12})$/.exec(symbol);
  const [, base, quote] = match ?? [];
  if (base === undefined || quote === undefined || base === quote) {
    throw new ConfigError(`${at}.symbol`, symbol, 'write it as BASE/QUOTE in capitals, for example BTC/USDT');
  }
  const tick = positive(listing['tick'], `${at}.tick`);
  const lot = positive(listing['lot'], `${at}.lot`);
  if (decimals(tick) + decimals(lot) > WIRE_DECIMALS) {
    throw new ConfigError(
      `${at}.lot`,
      lot,
      `tick ${tick} times lot must have at most ${WIRE_DECIMALS} decimals, as amounts have on the wire`,
    );
  }
  return { symbol, base, quote, tick, lot, minNotional: positive(listing['minNotional'], `${at}.minNotional`) };
}

function parseBalances(value: unknown, at: string): Readonly<Record<string, Decimal>> {
  const balances: Record<string, Decimal> = {};
  for (const [asset, amount] of Object.entries(asObject(value, at))) {
    const read = amountText(amount, `${at}.${asset}`);
    if (decimal(read).lt(0) || decimals(read) > WIRE_DECIMALS) {
      throw new ConfigError(
        `${at}.${asset}`,
        amount,
        `give an amount of 0 or more with at most ${WIRE_DECIMALS} decimals`,
      );
    }
    balances[asset] = read;
  }
  return balances;
}

function asObject(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(field, value, 'an object is needed here');
  }
  return value as Fields;
}

function text(value: unknown, field: string, secret = false): string {
  if (typeof value !== 'string' || value === '') {
    throw new ConfigError(field, secret ? '(hidden)' : value, 'give text that is not empty');
  }
  return value;
}

function number(value: unknown, field: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new ConfigError(field, value, `give a number from ${least} to ${most}`);
  }
  return value;
}

function integer(value: unknown, field: string, least: number, most: number): number {
  const read = number(value, field, least, most);
  if (!Number.isInteger(read)) throw new ConfigError(field, value, 'give a whole number');
  return read;
}

/** Money is decimal text; a JSON number is taken as well when it is written without an exponent. */
function amountText(value: unknown, field: string): Decimal {
  const read = typeof value === 'number' ? String(value) : value;
  if (!isDecimal(read)) throw new ConfigError(field, value, 'give a decimal number as text, for example "0.01"');
  return read;
}

function positive(value: unknown, field: string): Decimal {
  const read = amountText(value, field);
  if (!decimal(read).gt(0)) throw new ConfigError(field, value, 'give a number above 0');
  return read;
}

function bps(value: unknown, field: string): Decimal {
  const read = amountText(value, field);
  if (decimal(read).lt(0) || decimal(read).gt(1_000))
    throw new ConfigError(field, value, 'give basis points from 0 to 1000');
  return read;
}

function decimals(value: Decimal): number {
  return value.includes('.') ? value.replace(/0+$/, '').length - value.indexOf('.') - 1 : 0;
}

function refuseRepeats(values: readonly string[], field: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new ConfigError(field, repeated, 'each must appear once');
}
