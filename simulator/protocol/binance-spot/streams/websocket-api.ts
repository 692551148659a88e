import { setTimeout as sleep } from 'node:timers/promises';
import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { Venue } from '../../../venue.ts';
import { BinanceError, refuse } from '../errors.ts';
import { Parameters } from '../parameters.ts';
import { authenticate, checkTiming, type RequestTiming } from '../signing.ts';
import type { RateCounters } from '../weights.ts';
import type { StreamConnection } from './connection.ts';
import type { Tell } from './publisher.ts';
import type { UserStreams } from './user-streams.ts';

/** A request of the WebSocket API. */
interface ApiRequest {
  readonly id: number | string | null;
  readonly method: string;
  /** The parameters as they are signed: sorted by name, without the signature, then the signature. */
  readonly query: string;
}

interface Method {
  readonly weight: number;
  readonly signed: boolean;
  readonly takes?: readonly string[];
  readonly act: (connection: StreamConnection, parameters: Parameters, now: EpochMs) => unknown;
}

/** Binance's WebSocket API as far as a client needs it to hear of its account. Orders go through REST. */
export class WebSocketApi {
  readonly #venue: Venue;
  readonly #rates: RateCounters;
  readonly #tell: Tell;
  readonly #user: UserStreams;
  readonly #methods: Readonly<Record<string, Method>>;

  constructor(venue: Venue, rates: RateCounters, user: UserStreams, tell: Tell) {
    this.#venue = venue;
    this.#rates = rates;
    this.#user = user;
    this.#tell = tell;
    const open = { weight: 1, signed: false } as const;
    this.#methods = {
      ping: { ...open, act: () => ({}) },
      time: { ...open, act: (_connection, _parameters, now) => ({ serverTime: tell(now) }) },
      'userDataStream.subscribe.signature': {
        weight: 2,
        signed: true,
        act: (connection) => this.#subscribe(connection),
      },
      'userDataStream.unsubscribe': {
        weight: 2,
        signed: false,
        takes: ['subscriptionId'],
        act: (connection, parameters) => this.#unsubscribe(connection, parameters.whole('subscriptionId')),
      },
      'session.subscriptions': {
        weight: 2,
        signed: false,
        act: (connection) => this.#list(connection).map((subscriptionId) => ({ subscriptionId })),
      },
    };
  }

  /** Answers what a client has sent; a frozen venue does not. */
  async heard(connection: StreamConnection, text: string): Promise<void> {
    const answer = await this.#answer(connection, text);
    await this.#venue.flushed();
    if (!this.#venue.faults.frozen(this.#venue.clock.now())) connection.send(JSON.stringify(answer));
  }

  async #answer(connection: StreamConnection, text: string): Promise<unknown> {
    let id: ApiRequest['id'] = null;
    try {
      const fields = parseFields(text);
      id = parseId(fields['id']);
      const request = parseRequest(fields, id);
      const result = await this.#process(connection, request);
      return { id, status: 200, result, rateLimits: this.#rateLimits() };
    } catch (error) {
      if (!(error instanceof BinanceError)) throw error;
      const { code, message: msg, httpStatus: status } = error;
      return { id, status, error: { code, msg }, rateLimits: this.#rateLimits() };
    }
  }

  async #process(connection: StreamConnection, request: ApiRequest): Promise<unknown> {
    const { clock, config } = this.#venue;
    const method = this.#methods[request.method];
    this.#rates.useWeight(method?.weight ?? 1, clock.now());
    if (method === undefined) throw refuse.unsupported();
    const timing = method.signed ? this.#authenticate(request) : null;
    await sleep(config.latencyMs);
    const acted = await this.#venue.run((now) => {
      if (timing !== null) checkTiming(timing, this.#tell(now));
      return this.#act(connection, method, request, now);
    });
    if (acted instanceof BinanceError) throw acted;
    return acted;
  }

  /** A refusal is given back, not thrown: in a turn of the venue an error is a defect. */
  #act(connection: StreamConnection, method: Method, request: ApiRequest, now: EpochMs): unknown {
    try {
      const parameters = new Parameters(request.query, '');
      // Who signs names its key among the parameters.
      for (const name of ['apiKey', ...(method.takes ?? [])]) parameters.has(name);
      parameters.finish();
      return connection.open ? method.act(connection, parameters, now) : {};
    } catch (error) {
      if (error instanceof BinanceError) return error;
      throw error;
    }
  }

  #authenticate(request: ApiRequest): RequestTiming {
    const apiKey = new URLSearchParams(request.query).get('apiKey') ?? undefined;
    const timing = authenticate({ apiKey, query: request.query, body: '' }, this.#venue.config);
    checkTiming(timing, this.#tell(this.#venue.clock.now()));
    return timing;
  }

  #subscribe(connection: StreamConnection): unknown {
    if (this.#user.subscriptionOf(connection) !== null) throw refuse.alreadySubscribed();
    return { subscriptionId: this.#user.subscribe(connection) };
  }

  #unsubscribe(connection: StreamConnection, subscriptionId: number | null): unknown {
    const held = this.#user.subscriptionOf(connection);
    if (held === null || (subscriptionId !== null && subscriptionId !== held)) throw refuse.notSubscribed();
    this.#user.unsubscribe(connection);
    return {};
  }

  #list(connection: StreamConnection): readonly number[] {
    const held = this.#user.subscriptionOf(connection);
    return held === null ? [] : [held];
  }

  #rateLimits(): readonly unknown[] {
    const { limit, used } = this.#rates.weight(this.#venue.clock.now());
    return [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit, count: used }];
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseFields(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse.illegalCharacters('request', 'JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refuse.invalid('request');
  return parsed as Fields;
}

function parseId(id: unknown): ApiRequest['id'] {
  if (id === undefined || id === null) return null;
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  if (typeof id === 'string' && /^[a-zA-Z0-9-_]{1,36}$/.test(id)) return id;
  throw refuse.invalid('id');
}

function parseRequest(fields: Fields, id: ApiRequest['id']): ApiRequest {
  const { method, params } = fields;
  if (typeof method !== 'string' || method === '') throw refuse.mandatory('method');
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) {
    throw refuse.invalid('params');
  }
  const pairs = Object.entries((params ?? {}) as Fields).map(([name, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw refuse.invalid(name);
    }
    return [name, String(value)] as const;
  });
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const signature = sorted.filter(([name]) => name === 'signature');
  const signed = sorted.filter(([name]) => name !== 'signature');
  return { id, method, query: [...signed, ...signature].map(([name, value]) => `${name}=${value}`).join('&') };
}
