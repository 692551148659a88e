import { ConfigError, type Fields, text, yesOrNo } from '../../config-fields.ts';

/** The public market of another venue, as its streams tell it. The relayed venue has an account, orders and fees of its own. */
export interface RelayFeedConfig {
  readonly kind: 'relay';
  /** As ccxt names it. */
  readonly exchange: 'binance';
  /** Where a venue that speaks the exchange's protocol is; `null` for the exchange itself, or for `source`. */
  readonly rest: string | null;
  /** A venue of the same configuration, by its id; `null` for none. */
  readonly source: string | null;
  /** Whether the source's prices were made up; known of a venue of the same configuration. */
  readonly synthetic: boolean;
}

const FIELDS = ['kind', 'exchange', 'rest', 'source', 'synthetic'];

/** Checks the feed of a venue that relays another. Throws `ConfigError`. */
export function parseRelayFeed(feed: Fields, at: string): RelayFeedConfig {
  const stranger = Object.keys(feed).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined) {
    throw new ConfigError(`${at}.${stranger}`, feed[stranger], `there is no such field; known: ${FIELDS.join(', ')}`);
  }
  const exchange = feed['exchange'] ?? 'binance';
  if (exchange !== 'binance') throw new ConfigError(`${at}.exchange`, exchange, 'the only one is "binance"');
  const source = feed['source'] ?? null;
  const rest = feed['rest'] ?? null;
  if (source !== null && rest !== null) {
    throw new ConfigError(`${at}.source`, source, 'name a venue of this file or give an address as rest, not both');
  }
  return {
    kind: 'relay',
    exchange,
    rest: rest === null ? null : addressOf(rest, `${at}.rest`),
    source: source === null ? null : text(source, `${at}.source`),
    synthetic: yesOrNo(feed['synthetic'] ?? false, `${at}.synthetic`),
  };
}

function addressOf(value: unknown, at: string): string {
  const address = text(value, at);
  const url = URL.parse(address);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (!isPlain) throw new ConfigError(at, value, 'give an address without a path, for example "http://127.0.0.1:9100"');
  return url.origin;
}

/** A relay and where the venues of its configuration are. */
interface Placed {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly feed: { readonly kind: string } | RelayFeedConfig;
}

/** Refuses sources that are not in the list, and relays that lead in a circle. Throws `ConfigError`. */
export function checkSources(venues: readonly Placed[]): void {
  for (const [index, venue] of venues.entries()) {
    const seen = new Set([venue.id]);
    for (let next = sourceOf(venue); next !== null;) {
      const source = venues.find(({ id }) => id === next);
      const at = `venues[${index}].feed.source`;
      if (source === undefined) {
        throw new ConfigError(at, next, `name a venue of this file: ${venues.map(({ id }) => id).join(', ')}`);
      }
      if (seen.has(next)) throw new ConfigError(at, sourceOf(venue), 'the relays lead in a circle: one needs a feed');
      seen.add(next);
      next = sourceOf(source);
    }
  }
}

/** The address at which a relay finds its market; `null` for the exchange itself. Throws `ConfigError` when its source has no fixed port. */
export function relayAddress(feed: RelayFeedConfig, venues: readonly Placed[]): string | null {
  if (feed.source === null) return feed.rest;
  const source = venues.find(({ id }) => id === feed.source);
  if (source === undefined || source.port === 0) {
    throw new ConfigError(`port of venue "${feed.source}"`, source?.port, 'a venue that is relayed needs a fixed port');
  }
  const host = ['0.0.0.0', '::'].includes(source.host) ? '127.0.0.1' : source.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${source.port}`;
}

function sourceOf({ feed }: Placed): string | null {
  return feed.kind === 'relay' && 'source' in feed ? feed.source : null;
}
