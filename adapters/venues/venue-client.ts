import { setTimeout as delay } from 'node:timers/promises';
import ccxt, { type Exchange, type Market } from 'ccxt';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { ApiCredentials } from '../credentials/credentials.ts';
import type { Clock } from '../ports/clock.ts';
import type { WeightParty } from '../ports/shared-weight.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { VenueCalls, VenueCapability } from './capabilities/capability.ts';
import { RateBudget, type RequestShare } from './rate-budget.ts';
import { toReadError } from './read-failure.ts';
import { prepareStreaming } from './streaming-exchange.ts';
import { VenueClock } from './venue-clock.ts';
import { HealthRecord } from './venue-health.ts';
import { Wire, newRecord, type WireRecord } from './wire.ts';

/** Markets are loaded again when they are older than this. */
const MARKETS_FRESH_MS = 10 * 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;

export interface VenueClientSettings {
  /** ccxt exchange id. */
  readonly exchange: string;
  readonly rest: string | null;
  readonly credentials: ApiCredentials | null;
  readonly capability: VenueCapability;
  readonly clock: Clock;
  readonly warn?: (message: string) => void;
  /** How long one request may take, headers and body together; 10 s unless given. */
  readonly requestTimeoutMs?: DurationMs;
  /** The request weight that is shared with other processes. */
  readonly weights?: WeightParty;
}

/** One ccxt exchange with what surrounds its calls: recorded wire, rate budget, clock offset, health. */
export class VenueClient implements VenueCalls {
  readonly exchange: Exchange;
  readonly clock: VenueClock;
  readonly budget: RateBudget;
  readonly health: HealthRecord;
  readonly #capability: VenueCapability;
  readonly #ourClock: Clock;
  readonly #wire: Wire;
  readonly #settings: VenueClientSettings;
  readonly #closed = new AbortController();
  #marketsLoadedAt: EpochMs | null = null;
  #marketsLoading: Promise<void> | null = null;

  constructor(settings: VenueClientSettings) {
    this.#settings = settings;
    this.#capability = settings.capability;
    this.#ourClock = settings.clock;
    this.clock = new VenueClock(settings.clock);
    this.health = new HealthRecord(() => settings.clock.now());
    this.budget = new RateBudget(settings.capability.weights, {
      now: this.now,
      elapsed: () => performance.now(),
      sleep: this.sleep,
      party: settings.weights,
    });
    this.#wire = new Wire({
      onAnswer: (answer) => {
        this.budget.observe(answer);
        this.health.onAnswer(answer);
        if (this.budget.isBlocked())
          settings.warn?.(`HTTP ${answer.status}: nothing is sent until the venue's wait is over`);
      },
      onFailure: (error) => this.health.onFailure(error),
    });
    this.exchange = openExchange(settings, this.#wire);
  }

  /** Venue time as far as it has been measured. */
  readonly now = (): EpochMs => this.clock.now();

  /** Waits; ends early, with an error, when the client is closed. */
  readonly sleep = async (ms: DurationMs): Promise<void> => {
    try {
      await delay(ms, undefined, { signal: this.#closed.signal });
    } catch (cause) {
      throw new VenueReadError('this venue connection has been closed', { cause });
    }
  };

  async call<T>(share: RequestShare, weight: number, request: () => Promise<T>): Promise<T> {
    const record = newRecord();
    try {
      return await this.recorded(record, share, weight, request);
    } catch (error) {
      const failure = toReadError(error, record, this.#capability);
      await this.measureClockAfter(failure.code, failure.message);
      throw failure;
    }
  }

  /** Runs one request with its own record of what went over the wire; errors come as they are. */
  async recorded<T>(record: WireRecord, share: RequestShare, weight: number, request: () => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted) throw new VenueReadError('this venue connection has been closed');
    const giveBack = await this.budget.take(share, weight);
    try {
      return await this.#wire.run(record, request);
    } finally {
      giveBack();
    }
  }

  /** Measures the venue's clock; see `VenueClock.measure`. Venues that tell no time count as exact. */
  async measureClock(): Promise<number> {
    const { exchange } = this;
    const offset = await this.clock.measure(async () => {
      if (!exchange.has['fetchTime']) return this.#ourClock.now();
      const time = await this.call('orders', this.#capability.costs.time, () => exchange.fetchTime());
      if (typeof time !== 'number') throw new VenueReadError('the venue told no time');
      return time;
    });
    // ccxt signs what is not an order with `milliseconds() - timeDifference`.
    exchange.options['timeDifference'] = -offset;
    return offset;
  }

  /** Measures the clock anew when an error says that it is off. The error stands either way, so a failure here is left at that. */
  async measureClockAfter(code: string | null, message: string): Promise<void> {
    if (code === null || !this.#capability.saysClockOff({ code, message })) return;
    await this.measureClock().catch(() => undefined);
  }

  /** Measures the clock unless that has been done. */
  async ensureClock(): Promise<void> {
    if (this.clock.offsetMs === null) await this.measureClock();
  }

  /** The market of a symbol; loads the markets when needed. */
  async market(symbol: string): Promise<Market> {
    await this.ensureMarkets();
    const market = this.exchange.markets?.[symbol];
    if (market === undefined)
      throw new VenueReadError(`the venue has no market "${symbol}"`, { code: 'NO_SUCH_MARKET' });
    return market;
  }

  /** Loads the markets when they are missing or, with `fresh`, older than ten minutes. */
  async ensureMarkets(fresh = false): Promise<void> {
    const loadedAt = this.#marketsLoadedAt;
    if (loadedAt !== null && (!fresh || this.#ourClock.now() - loadedAt < MARKETS_FRESH_MS)) return;
    this.#marketsLoading ??= this.#loadMarkets().finally(() => {
      this.#marketsLoading = null;
    });
    await this.#marketsLoading;
  }

  async #loadMarkets(): Promise<void> {
    const record = newRecord();
    try {
      await this.recorded(record, 'orders', this.#capability.costs.markets, () => this.exchange.loadMarkets(true));
    } catch (error) {
      throw toReadError(error, record, this.#capability);
    }
    const limit = record.answer === null ? null : this.#capability.weightLimitFrom(record.answer);
    if (limit !== null) this.budget.setLimit(limit);
    this.#marketsLoadedAt = this.#ourClock.now();
  }

  /**
   * A ccxt exchange of the same venue that can watch streams, with its own sockets, and with markets, clock and request budget of this client.
   * Whoever opens it closes it.
   * @throws {RangeError} when ccxt has no streams of that exchange
   */
  async openStreaming(): Promise<Exchange> {
    await this.ensureMarkets(true);
    await this.ensureClock();
    const { rest, capability } = this.#settings;
    const exchange = openExchange(this.#settings, this.#wire, streamingClasses());
    await prepareStreaming(exchange, {
      capability: capability.streams,
      rest,
      prepared: this.exchange,
      call: (share, weight, request) => this.call(share, weight, request),
    });
    return exchange;
  }

  /** Ends waiting calls; later calls fail. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.exchange.close();
  }
}

type ExchangeClass = new (config: object) => Exchange;

/** ccxt's class of an exchange, or `undefined`. */
type ExchangeClasses = (exchange: string) => ExchangeClass | undefined;

const classes: ExchangeClasses = (exchange) =>
  ccxt.exchanges.includes(exchange) ? (ccxt as unknown as Record<string, ExchangeClass>)[exchange] : undefined;

function streamingClasses(): ExchangeClasses {
  const pro = ccxt.pro as unknown as Record<string, ExchangeClass> & { readonly exchanges: readonly string[] };
  return (exchange) => (pro.exchanges.includes(exchange) ? pro[exchange] : undefined);
}

function openExchange(settings: VenueClientSettings, wire: Wire, classOf: ExchangeClasses = classes): Exchange {
  const { capability, clock, credentials, rest } = settings;
  const ExchangeClass = classOf(settings.exchange);
  if (ExchangeClass === undefined) throw new RangeError(`ccxt knows no exchange "${settings.exchange}"`);
  const exchange = new ExchangeClass({
    ...(credentials === null ? {} : { apiKey: credentials.apiKey, secret: credentials.apiSecret }),
    timeout: settings.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    enableRateLimit: capability.usesCcxtLimiter,
    options: { ...capability.options, maxRetriesOnFailure: 0 },
  });
  exchange.fetchImplementation = wire.fetch;
  // Numbers stay text from the venue's JSON to our types.
  exchange.number = String as unknown as (text: string) => number;
  exchange.milliseconds = () => clock.now();
  // Orders arrive here in whole ticks and lots. ccxt would round a price to the nearest tick, past a limit; it shall pass on the text.
  exchange['priceToPrecision'] = (_symbol: string, price: unknown) => String(price);
  exchange['amountToPrecision'] = (_symbol: string, amount: unknown) => String(amount);
  // Streams add up the fees of an order as floats, which text does not survive; nothing reads that sum.
  exchange['currencyToPrecision'] = (_code: string, fee: unknown) => String(fee);
  // Only some exchanges split their address into hosts; with a `rest` address none of them may lead outside.
  if (rest !== null) exchange.urls['api'] = redirected(exchange.urls['api'], rest) as Record<string, string>;
  return exchange;
}

/** The same addresses with `rest` in place of scheme and host. */
function redirected(urls: unknown, rest: string): unknown {
  if (typeof urls === 'string') return urls.replace(/^https?:\/\/[^/]+/, rest);
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, redirected(url, rest)]));
}
