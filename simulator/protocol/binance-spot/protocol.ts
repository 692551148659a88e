import { setTimeout as sleep } from 'node:timers/promises';
import type { DurationMs } from '../../../domain/market/decimal.ts';
import { Refusal, type RefusalReason } from '../../exchange/exchange.ts';
import type { FaultStroke } from '../../faults/faults.ts';
import type { WireAnswer, WireRequest } from '../../http/wire-server.ts';
import { RequestLog } from '../../request-log.ts';
import type { Venue } from '../../venue.ts';
import type { Endpoint, RequestContext } from './endpoint.ts';
import { BinanceError, refuse } from './errors.ts';
import { Parameters } from './parameters.ts';
import { findEndpoint } from './router.ts';
import { authenticate, checkTiming, type RequestTiming } from './signing.ts';
import { skewed } from './skewed-time.ts';
import { delayOf, fillShareOf, freezeOf, strikeAfter, strikeBefore, Struck } from './struck.ts';
import type { RateCounters } from './weights.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json;charset=UTF-8' };
const LOGGED_REQUESTS = 10_000;

/** Binance's spot REST interface over one venue: order of checks, faults, latency, journal before answer. */
export class BinanceSpotProtocol {
  readonly requests = new RequestLog(LOGGED_REQUESTS);
  readonly #venue: Venue;
  readonly #rates: RateCounters;

  /** `rates` are those of everything that a client asks of the venue, by whatever way. */
  constructor(venue: Venue, rates: RateCounters) {
    this.#venue = venue;
    this.#rates = rates;
  }

  async handle(request: WireRequest): Promise<WireAnswer> {
    const endpoint = findEndpoint(request.method, request.path);
    if (endpoint === 'unknown')
      return { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<html><body>404 Not Found</body></html>' };
    if (endpoint === 'wrong-method') return { status: 405, headers: JSON_HEADERS, body: '' };
    const arrivedAt = this.#venue.clock.now();
    let answer: WireAnswer;
    let outcome: string;
    try {
      const json = await this.#process(endpoint, request);
      answer = { status: 200, headers: this.#headers(endpoint), body: JSON.stringify(json) };
      outcome = 'ok';
    } catch (error) {
      if (error instanceof Struck) {
        answer = error.answer instanceof BinanceError ? this.#refusal(error.answer) : error.answer;
        outcome = error.outcome;
      } else {
        const refusal = asBinanceError(error) ?? this.#defect(error, request);
        answer = this.#refusal(refusal);
        outcome = `refused ${refusal.code}`;
      }
    }
    this.#log(endpoint, request, arrivedAt, outcome);
    return answer;
  }

  async #process(endpoint: Endpoint, request: WireRequest): Promise<unknown> {
    const { clock, config, faults, exchange } = this.#venue;
    const sent = new URLSearchParams(request.query);
    this.#rates.useWeight(endpoint.weight(sent), clock.now());
    const strokes = faults.strike(endpoint.fault, clock.now(), endpoint.security === 'signed');
    strikeBefore(strokes, clock.now());
    await this.#freeze(endpoint, request, strokes);
    const timing = this.#authenticate(endpoint, request);
    await sleep(config.latencyMs);
    await this.#hold(endpoint, request, strokes, 'before');
    const json = await this.#venue.run((now) => {
      // A request that was held up on its way must not reach the engine after its time.
      const skewMs = faults.clockSkewMs(now);
      if (timing !== null) checkTiming(timing, now + skewMs);
      const fillShare = fillShareOf(strokes);
      return this.#answer(endpoint, request, { config, exchange, faults, now, fillShare }, skewMs);
    });
    await this.#venue.flushed();
    await this.#hold(endpoint, request, strokes, 'after');
    strikeAfter(strokes);
    if (json instanceof Error) throw json;
    return json;
  }

  /** The JSON of the answer, or the refusal: both are answers, and both wait for the journal. */
  #answer(
    endpoint: Endpoint,
    request: WireRequest,
    context: Omit<RequestContext, 'rates' | 'parameters'>,
    skewMs: DurationMs,
  ): unknown {
    try {
      const parameters = new Parameters(request.query, request.body, skewMs);
      return skewed(endpoint.handle({ ...context, rates: this.#rates, parameters }), skewMs);
    } catch (error) {
      const refusal = asBinanceError(error);
      if (refusal === null) throw error;
      return refusal;
    }
  }

  /** An error that is no refusal. After a request that changes things the venue may stand half changed and must not go on. */
  #defect(error: unknown, request: WireRequest): BinanceError {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#venue.log(`${request.method} ${request.path} failed: ${detail}`);
    if (request.method !== 'GET') this.#venue.fail(error);
    return refuse.unknown();
  }

  #authenticate(endpoint: Endpoint, request: WireRequest): RequestTiming | null {
    if (endpoint.security === 'none') return null;
    const timing = authenticate(
      { apiKey: request.header('x-mbx-apikey'), query: request.query, body: request.body },
      this.#venue.config,
    );
    const now = this.#venue.clock.now();
    checkTiming(timing, now + this.#venue.faults.clockSkewMs(now));
    if (endpoint.trades === true && !this.#venue.config.permissions.trade) throw refuse.key();
    return timing;
  }

  #headers(endpoint: Endpoint): Record<string, string> {
    const now = this.#venue.clock.now();
    const orderHeaders = endpoint.fault === 'order.create' ? this.#rates.orderHeaders(now) : {};
    return { ...JSON_HEADERS, ...this.#rates.weightHeaders(now), ...orderHeaders };
  }

  #refusal(error: BinanceError): WireAnswer {
    const retryAfter: Record<string, string> =
      error.retryAfterSeconds === null ? {} : { 'Retry-After': String(error.retryAfterSeconds) };
    return {
      status: error.httpStatus,
      headers: { ...JSON_HEADERS, ...this.#rates.weightHeaders(this.#venue.clock.now()), ...retryAfter },
      body: JSON.stringify({ code: error.code, msg: error.message }),
    };
  }

  /** A frozen venue keeps the connection open, says nothing, and in the end forgets that anybody asked. */
  async #freeze(endpoint: Endpoint, request: WireRequest, strokes: readonly FaultStroke[]): Promise<void> {
    const leftMs = freezeOf(strokes);
    if (leftMs === null) return;
    await this.#wait(leftMs, endpoint, request, 'before');
    throw new Struck('dropped', 'frozen, then dropped');
  }

  /** Holds a request up for as long as the delays that struck it say. */
  async #hold(
    endpoint: Endpoint,
    request: WireRequest,
    strokes: readonly FaultStroke[],
    phase: 'before' | 'after',
  ): Promise<void> {
    await this.#wait(delayOf(strokes, phase), endpoint, request, phase);
  }

  async #wait(ms: DurationMs, endpoint: Endpoint, request: WireRequest, phase: 'before' | 'after'): Promise<void> {
    const { clock, held } = this.#venue;
    await held.hold(ms, {
      endpoint: endpoint.fault,
      clientOrderId: clientOrderIdOf(request),
      phase,
      since: clock.now(),
    });
  }

  #log(endpoint: Endpoint, request: WireRequest, at: number, outcome: string): void {
    if (endpoint.fault === null || endpoint.fault === 'account' || endpoint.fault === 'book') return;
    const clientOrderId = clientOrderIdOf(request);
    this.requests.add({ at, method: request.method, endpoint: endpoint.fault, clientOrderId, outcome });
  }
}

/** The order that a request speaks of, by its client's id; `null` for a request about no single order. */
function clientOrderIdOf(request: WireRequest): string | null {
  const sent = new URLSearchParams(`${request.query}&${request.body}`);
  return sent.get('origClientOrderId') ?? sent.get('newClientOrderId');
}

const REFUSALS: Record<RefusalReason, () => BinanceError> = {
  'market-closed': refuse.marketClosed,
  'market-paused': refuse.disconnected,
  'duplicate-client-id': refuse.duplicateOrder,
  'insufficient-balance': refuse.insufficientBalance,
  'would-take': refuse.wouldTake,
  'would-trigger': refuse.wouldTrigger,
  'unknown-order': refuse.cancelUnknown,
};

/** Binance's form of a refusal; `null` for an error that is none. */
function asBinanceError(error: unknown): BinanceError | null {
  if (error instanceof BinanceError) return error;
  return error instanceof Refusal ? REFUSALS[error.reason]() : null;
}
