import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { Quote } from '../../domain/market/quote.ts';
import type { ApiCredentials } from '../credentials/credentials.ts';
import type { Clock } from '../ports/clock.ts';
import type { WeightParty } from '../ports/shared-weight.ts';
import { type MarketReader, type TapeReading, type VenueHealth, VenueReadError } from '../ports/venue.ts';
import type { VenueAccountConfig } from './account-config.ts';
import { capabilityOf } from './capabilities/index.ts';
import type { VenueCapability } from './capabilities/capability.ts';
import { toInstrument } from './mapping/instrument.ts';
import { messageOf } from './read-failure.ts';
import { readTape } from './tape.ts';
import { VenueClient } from './venue-client.ts';

/** Where a venue connection says what an operator should know. */
export interface VenueLogger {
  warn(message: string): void;
}

export interface MarketReaderDependencies {
  readonly clock: Clock;
  readonly logger?: VenueLogger;
  /**
   * How long one request may take, headers and body together. Unless given 10 s, for an account at most as long as its venue takes to make
   * up its mind about an order.
   */
  readonly requestTimeoutMs?: DurationMs;
  /** The request weight that this process shares with others; left out where it is alone. */
  readonly weights?: WeightParty;
}

/**
 * Opens the public side of a venue; nothing is sent before the first question.
 * @throws {RangeError} when ccxt knows no such exchange
 */
export function openMarketReader(
  config: Pick<VenueAccountConfig, 'id' | 'exchange' | 'rest'>,
  dependencies: MarketReaderDependencies,
): MarketReader {
  return new CcxtMarketReader(config, dependencies, null);
}

/** The market side of a venue over ccxt. */
export class CcxtMarketReader implements MarketReader {
  readonly venueId: string;
  protected readonly capability: VenueCapability;
  readonly hasStopOrders: boolean;
  readonly #client: VenueClient;
  readonly #warn: (message: string) => void;

  constructor(
    config: Pick<VenueAccountConfig, 'id' | 'exchange' | 'rest'>,
    dependencies: MarketReaderDependencies,
    credentials: ApiCredentials | null,
  ) {
    this.venueId = config.id;
    this.capability = capabilityOf(config.exchange);
    this.hasStopOrders = this.capability.hasStopOrders;
    this.#warn = (message) => dependencies.logger?.warn(`venue "${config.id}": ${message}`);
    this.#client = new VenueClient({
      exchange: config.exchange,
      rest: config.rest,
      credentials,
      capability: this.capability,
      clock: dependencies.clock,
      warn: this.#warn,
      ...(dependencies.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: dependencies.requestTimeoutMs }),
      ...(dependencies.weights === undefined ? {} : { weights: dependencies.weights }),
    });
  }

  /** The ccxt exchange holds the secret: it stays out of every enumeration. */
  protected get client(): VenueClient {
    return this.#client;
  }

  async instruments(): Promise<readonly Instrument[]> {
    await this.client.ensureMarkets(true);
    const { exchange } = this.client;
    return Object.values(exchange.markets ?? {}).flatMap((market) => {
      try {
        return toInstrument(market, Number(exchange.precisionMode)) ?? [];
      } catch (error) {
        // One market with a number that is none must not hide the others.
        this.#warn(`market "${market?.symbol}" is left out: ${messageOf(error)}`);
        return [];
      }
    });
  }

  candleTimeframes(): readonly string[] {
    const { has, timeframes } = this.client.exchange;
    return has['fetchOHLCV'] ? Object.keys(timeframes ?? {}) : [];
  }

  async stopOrderLimit(symbol: string): Promise<number | null> {
    await this.client.ensureMarkets(true);
    return this.capability.stopOrderLimit(await this.client.market(symbol));
  }

  async quote(symbol: string): Promise<Quote> {
    const market = await this.client.market(symbol);
    await this.client.ensureClock();
    return this.capability.quote(this.client, market);
  }

  async tape(symbol: string, fromMs: EpochMs, toMs: EpochMs): Promise<TapeReading> {
    const market = await this.client.market(symbol);
    await this.client.ensureClock();
    const source = this.capability.tape(this.client, market);
    if (source === null) {
      return { complete: false, reason: 'this venue does not serve its trades by id, so gaps could not be seen' };
    }
    return readTape(source, fromMs, toMs, this.client);
  }

  venueNow(): EpochMs {
    if (this.client.clock.offsetMs === null) {
      throw new VenueReadError(`the clock of venue "${this.venueId}" has not been measured yet`);
    }
    return this.client.now();
  }

  measureClock(): Promise<number> {
    return this.client.measureClock();
  }

  health(): VenueHealth {
    const { budget, clock, health } = this.client;
    return {
      status: health.status === 'up' && budget.isBlocked() ? 'degraded' : health.status,
      clockOffsetMs: clock.offsetMs,
      lastOkAt: health.lastOkAt,
      lastErrorAt: health.lastErrorAt,
      lastError: health.lastError,
      usedWeight: budget.usedWeight,
      weightLimit: budget.weightLimit,
    };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
