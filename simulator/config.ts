import { readFileSync } from 'node:fs';
import { type Decimal, type DurationMs, decimal } from '../domain/market/decimal.ts';
import type { ImpactModel } from '../domain/matching/market-types.ts';
import {
  amountText,
  asObject,
  bps,
  ConfigError,
  decimals,
  integer,
  number,
  positive,
  refuseRepeats,
  text,
  yesOrNo,
} from './config-fields.ts';
import { type CandleFeedConfig, parseCandleFeed } from './feeds/candles/candle-feed-config.ts';
import { checkSources, parseRelayFeed, relayAddress, type RelayFeedConfig } from './feeds/relay/relay-feed-config.ts';
import { isSynthetic } from './feeds/feed-label.ts';

/** Where a venue's outside market comes from. */
export type FeedConfig =
  | { readonly kind: 'synthetic'; readonly seed: number }
  | { readonly kind: 'recorded'; readonly files: readonly string[]; readonly speed: number }
  | CandleFeedConfig
  | RelayFeedConfig;

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

/** How much a venue lets a client do, as `exchangeInfo` lists it. */
export interface VenueLimits {
  readonly weightPerMinute: number;
  readonly ordersPer10s: number;
  readonly ordersPerDay: number;
  /** On one symbol at a time. */
  readonly openOrders: number;
  /** Of these, stop orders. */
  readonly openStopOrders: number;
}

/** What the account's key may do besides reading. */
export interface VenuePermissions {
  readonly trade: boolean;
  /** The venue has no withdrawals; it only says whether the key might. */
  readonly withdraw: boolean;
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
  readonly limits: VenueLimits;
  readonly permissions: VenuePermissions;
  readonly host: string;
  readonly port: number;
  /** Folder of the venue's journal. */
  readonly journal: string;
  /** Where a relay finds its market; `null` for the exchange itself, and for a venue that relays none. */
  readonly sourceAddress: string | null;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Those of Binance spot. */
const BINANCE_LIMITS: VenueLimits = {
  weightPerMinute: 6_000,
  ordersPer10s: 100,
  ordersPerDay: 200_000,
  openOrders: 200,
  openStopOrders: 5,
};

/** Of a venue that replays candles: an hour of bars may pass in a second, and Binance counts per minute of the clock. */
const REPLAY_LIMITS: VenueLimits = {
  ...BINANCE_LIMITS,
  weightPerMinute: 600_000,
  ordersPer10s: 10_000,
  ordersPerDay: 20_000_000,
};

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
  const venues = parseConfig(parsed);
  return venues.map((venue) => {
    return venue.feed.kind === 'relay' ? { ...venue, sourceAddress: relayAddress(venue.feed, venues) } : venue;
  });
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
  checkSources(parsed);
  return parsed.map((venue) => ({ ...venue, feed: labelled(venue.feed, parsed) }));
}

/** Prices that are made up stay so when they are relayed. */
function labelled(feed: FeedConfig, venues: readonly VenueConfig[]): FeedConfig {
  if (feed.kind !== 'relay' || feed.source === null) return feed;
  const source = venues.find(({ id }) => id === feed.source);
  return source === undefined ? feed : { ...feed, synthetic: isSynthetic(labelled(source.feed, venues)) };
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
  if ((feed.kind === 'recorded' || feed.kind === 'candles') && markets.length !== 1) {
    throw new ConfigError(
      `${at}.markets`,
      markets.map((market) => market.symbol),
      'a recording or a file of candles replays exactly one market',
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
    limits: parseLimits(venue['limits'], `${at}.limits`, feed.kind === 'candles' ? REPLAY_LIMITS : BINANCE_LIMITS),
    permissions: parsePermissions(venue['permissions'], `${at}.permissions`),
    host: venue['host'] === undefined ? '127.0.0.1' : text(venue['host'], `${at}.host`),
    port: integer(venue['port'], `${at}.port`, 0, 65_535),
    journal: text(venue['journal'], `${at}.journal`),
    sourceAddress: feed.kind === 'relay' ? feed.rest : null,
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
    case 'candles':
      return parseCandleFeed(feed, at);
    case 'relay':
      return parseRelayFeed(feed, at);
    default:
      throw new ConfigError(`${at}.kind`, feed['kind'], 'use "synthetic", "recorded", "candles" or "relay"');
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

function parsePermissions(value: unknown, at: string): VenuePermissions {
  const permissions = value === undefined ? {} : asObject(value, at);
  const stranger = Object.keys(permissions).find((name) => name !== 'trade' && name !== 'withdraw');
  if (stranger !== undefined)
    throw new ConfigError(`${at}.${stranger}`, permissions[stranger], 'there is no such field; known: trade, withdraw');
  return {
    trade: yesOrNo(permissions['trade'] ?? true, `${at}.trade`),
    withdraw: yesOrNo(permissions['withdraw'] ?? false, `${at}.withdraw`),
  };
}

function parseLimits(value: unknown, at: string, defaults: VenueLimits): VenueLimits {
  const limits = value === undefined ? {} : asObject(value, at);
  const read = (name: keyof VenueLimits) => integer(limits[name] ?? defaults[name], `${at}.${name}`, 1, 1_000_000_000);
  return {
    weightPerMinute: read('weightPerMinute'),
    ordersPer10s: read('ordersPer10s'),
    ordersPerDay: read('ordersPerDay'),
    openOrders: read('openOrders'),
    openStopOrders: read('openStopOrders'),
  };
}
