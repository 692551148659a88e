import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { OrderRequest, VenueOrder } from '../../domain/orders/order.ts';
import type { ApiCredentials, CredentialSource } from '../credentials/credentials.ts';
import type { AccountFacts, AccountFactsSource } from '../ports/account-facts.ts';
import type { Balance, ConsistencyTimes, RecentBalances, SendOutcome, VenueAccount } from '../ports/venue.ts';
import type { VenueAccountConfig } from './account-config.ts';
import { readBalances } from './mapping/balance.ts';
import { toVenueOrder } from './mapping/order.ts';
import { CcxtMarketReader, type MarketReaderDependencies } from './market-reader.ts';
import { classifySendFailure } from './send-failure.ts';
import { SharedBalances } from './shared-balances.ts';
import { newRecord } from './wire.ts';

const LONGEST_ANSWER_MS = 10_000;

export interface VenueAccountDependencies extends MarketReaderDependencies {
  readonly credentials: CredentialSource;
}

/**
 * Opens an account at a venue; nothing is sent before the first call.
 * @throws {CredentialError} when its key and secret cannot be had
 * @throws {RangeError} when ccxt knows no such exchange
 */
export async function openVenueAccount(
  config: VenueAccountConfig,
  dependencies: VenueAccountDependencies,
): Promise<CcxtVenueAccount> {
  return new CcxtVenueAccount(config, dependencies, await dependencies.credentials.find(config.credentialRef));
}

/** One account at one venue over ccxt. */
export class CcxtVenueAccount extends CcxtMarketReader implements VenueAccount, AccountFactsSource {
  readonly consistency: ConsistencyTimes;
  /**
   * Whether the venue refuses an order that reaches it after its signed deadline. Where it does not, an order that no look-up finds may
   * still arrive, so nothing may conclude "not placed" by itself.
   */
  readonly hasOrderDeadline: boolean;
  readonly hasPostOnly: boolean;
  readonly #balances = new SharedBalances(
    () => this.balances(),
    () => performance.now(),
  );

  constructor(config: VenueAccountConfig, dependencies: MarketReaderDependencies, credentials: ApiCredentials) {
    super(config, { requestTimeoutMs: longestAnswerMs(config.consistencyMs), ...dependencies }, credentials);
    this.consistency = config.consistencyMs;
    this.hasOrderDeadline = this.capability.hasOrderDeadline;
    this.hasPostOnly = this.capability.hasPostOnly;
  }

  async balances(): Promise<readonly Balance[]> {
    await this.client.ensureMarkets();
    await this.client.ensureClock();
    return readBalances(this.client, this.capability.costs.balances);
  }

  async accountFacts(): Promise<AccountFacts> {
    await this.client.ensureMarkets();
    await this.client.ensureClock();
    return this.capability.accountFacts(this.client);
  }

  recentBalances(maxAgeMs: DurationMs): Promise<RecentBalances> {
    return this.#balances.within(maxAgeMs);
  }

  async send(order: OrderRequest, timestamp: EpochMs, windowMs?: DurationMs): Promise<SendOutcome> {
    const record = newRecord();
    try {
      // Markets are loaded ahead, on a record of their own: once the order's record has a request, it is the order itself.
      await this.client.market(order.symbol);
      const { exchange } = this.client;
      const longest = this.consistency.recvWindowMs;
      const parameters = this.capability.sendParameters(order, timestamp, Math.min(windowMs ?? longest, longest));
      const price = order.type === 'limit' ? order.price : undefined;
      const answer = await this.client.recorded(record, 'orders', this.capability.costs.order, () =>
        exchange.createOrder(
          order.symbol,
          order.type,
          order.side,
          asNumber(order.quantity),
          asNumber(price),
          parameters,
        ),
      );
      const acknowledged = toVenueOrder({
        ...answer,
        // An answer may tell no more than that the order was taken.
        side: answer.side ?? order.side,
        amount: answer.amount ?? asNumber(order.quantity),
      });
      return acknowledgement(acknowledged, order, this.capability.fillsInAnswer(answer, acknowledged));
    } catch (error) {
      // The account may not be what we take it for.
      this.#balances.forget();
      const outcome = classifySendFailure(error, record, this.capability);
      if (outcome.kind === 'refused') await this.client.measureClockAfter(outcome.code, outcome.message);
      return outcome;
    }
  }

  async cancel(symbol: string, clientOrderId: string): Promise<void> {
    await this.capability.cancel(this.client, await this.#marketOf(symbol), clientOrderId);
  }

  async findByClientOrderId(symbol: string, clientOrderId: string): Promise<VenueOrder | null> {
    return this.capability.findByClientOrderId(this.client, await this.#marketOf(symbol), clientOrderId);
  }

  async findByOrderId(symbol: string, orderId: string): Promise<VenueOrder | null> {
    return this.capability.findByOrderId(this.client, await this.#marketOf(symbol), orderId);
  }

  async openOrders(symbol: string | null): Promise<readonly VenueOrder[]> {
    if (symbol === null) {
      await this.client.ensureMarkets();
      await this.client.ensureClock();
      return this.capability.openOrders(this.client, undefined);
    }
    return this.capability.openOrders(this.client, await this.#marketOf(symbol));
  }

  async ordersSince(symbol: string, sinceMs: EpochMs): Promise<readonly VenueOrder[]> {
    return this.capability.ordersSince(this.client, await this.#marketOf(symbol), sinceMs);
  }

  async fillsOfOrder(symbol: string, orderId: string): Promise<readonly Fill[]> {
    return this.capability.fillsOfOrder(this.client, await this.#marketOf(symbol), orderId);
  }

  async fillsSince(symbol: string, sinceMs: EpochMs): Promise<readonly Fill[]> {
    return this.capability.fillsSince(this.client, await this.#marketOf(symbol), sinceMs);
  }

  /** What printing or serialising an account shows. */
  toJSON(): object {
    return { venueId: this.venueId, consistency: this.consistency, hasOrderDeadline: this.hasOrderDeadline };
  }

  /** A market for a signed request, which needs the venue's time as well. */
  async #marketOf(symbol: string) {
    const market = await this.client.market(symbol);
    await this.client.ensureClock();
    return market;
  }
}

/** Once the venue's own times are over look-ups decide what an order did, so that no answer is worth waiting for longer. */
function longestAnswerMs({ recvWindowMs, apiTimeoutMs, marginMs }: ConsistencyTimes): DurationMs {
  return Math.min(LONGEST_ANSWER_MS, recvWindowMs + apiTimeoutMs + marginMs);
}

/** An answer that names another client order id than ours is no acknowledgement of our order. */
function acknowledgement(order: VenueOrder, request: OrderRequest, fills: readonly Fill[]): SendOutcome {
  if (order.clientOrderId !== null && order.clientOrderId !== request.clientOrderId) {
    return { kind: 'unknown', reason: `the venue answered with another client order id, "${order.clientOrderId}"` };
  }
  return {
    kind: 'acknowledged',
    order: { ...order, clientOrderId: request.clientOrderId },
    fills: fills.map((fill) => ({ ...fill, symbol: request.symbol })),
  };
}

/** ccxt declares amounts as numbers and accepts text, which is what keeps them exact. */
function asNumber(text: string): number;
function asNumber(text: string | undefined): number | undefined;
function asNumber(text: string | undefined): number | undefined {
  return text as unknown as number | undefined;
}
