import type { EpochMs } from '../../domain/market/decimal.ts';
import type { BarMarket } from '../../domain/matching/bar-market/bar-market.ts';
import { Refusal } from '../exchange/exchange.ts';
import type { ListedMarket } from '../exchange/listed-market.ts';
import type { Venue } from '../venue.ts';
import { parseFaultSpec } from '../faults/fault-spec.ts';
import { FieldError } from '../field-error.ts';
import type { WireAnswer, WireRequest } from '../http/wire-server.ts';
import type { RequestLog } from '../request-log.ts';
import {
  candleMarket,
  candlesDocument,
  parseRelease,
  release,
  ReleaseConflict,
  type ReleaseSpec,
} from './candles-api.ts';
import { ledgerDocument } from './ledger-document.ts';
import { stateDocument } from './state-document.ts';
import { parseTransfer } from './transfer-spec.ts';

export const ADMIN_PATH = '/admin';

/** The operator's side of a simulated venue: its ledger, its faults, its state. */
export class AdminApi {
  readonly #venue: Venue;
  readonly #requests: RequestLog;

  constructor(venue: Venue, requests: RequestLog) {
    this.#venue = venue;
    this.#requests = requests;
  }

  async handle(request: WireRequest): Promise<WireAnswer> {
    const told = await this.#venue.run((now) => this.#answer(request, now));
    // What is told here must survive a crash of the venue like any other answer.
    await this.#venue.flushed();
    return told;
  }

  #answer(request: WireRequest, now: EpochMs): WireAnswer {
    const { faults, held } = this.#venue;
    switch (`${request.method} ${request.path}`) {
      case `GET ${ADMIN_PATH}/ledger`:
        return answer(200, ledgerDocument(this.#venue, this.#requests));
      case `GET ${ADMIN_PATH}/state`:
        return answer(200, stateDocument(this.#venue, now));
      case `GET ${ADMIN_PATH}/faults`:
        return answer(200, { faults: faults.active(now), past: faults.past(now), held: held.list() });
      case `POST ${ADMIN_PATH}/faults`:
        return withBody(request, 'INVALID_FAULT', (body) =>
          answer(201, { id: faults.set(parseFaultSpec(body), now), setAt: now }),
        );
      case `DELETE ${ADMIN_PATH}/faults`: {
        const cleared = faults.active(now).length;
        faults.clear();
        held.letGo();
        return answer(200, { cleared });
      }
      case `POST ${ADMIN_PATH}/transfers`:
        return withBody(request, 'INVALID_TRANSFER', (body) => transfer(body, this.#venue, now));
      case `GET ${ADMIN_PATH}/candles`:
        return onCandles(this.#venue, (listed) => answer(200, candlesDocument(this.#venue, listed)));
      case `POST ${ADMIN_PATH}/candles/release`:
        return onCandles(this.#venue, (listed) =>
          withBody(request, 'INVALID_RELEASE', (body) => released(this.#venue, listed, parseRelease(body), now)),
        );
      default:
        return problem(404, 'NOT_FOUND', `there is no ${request.method} ${request.path}`, []);
    }
  }
}

/** Moves an amount into the account from outside the venue, or out of it. */
function transfer(body: unknown, venue: Venue, now: EpochMs): WireAnswer {
  const { asset, amount } = parseTransfer(body);
  try {
    venue.exchange.transfer(asset, amount, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return problem(409, 'INSUFFICIENT_BALANCE', 'less than that is free: take out a smaller amount', []);
  }
  return answer(201, { asset, amount, at: now });
}

/** What `act` makes of the market of a venue that replays candles; on another venue there is nothing to release. */
function onCandles(venue: Venue, act: (listed: ListedMarket<BarMarket>) => WireAnswer): WireAnswer {
  const listed = candleMarket(venue);
  if (listed !== null) return act(listed);
  const detail = `venue ${venue.config.id} replays no candles: its feed is ${venue.config.feed.kind}`;
  return problem(409, 'NO_CANDLES', detail, []);
}

function released(venue: Venue, listed: ListedMarket<BarMarket>, spec: ReleaseSpec, now: EpochMs): WireAnswer {
  try {
    return answer(200, release(venue, listed, spec, now));
  } catch (error) {
    if (!(error instanceof ReleaseConflict)) throw error;
    return problem(409, 'RELEASE_CONFLICT', error.message, []);
  }
}

/** What `act` makes of the JSON in a request's body; a field that it cannot take is a problem with that code. */
function withBody({ body: text }: WireRequest, code: string, act: (body: unknown) => WireAnswer): WireAnswer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return problem(400, 'INVALID_JSON', 'the body is not JSON', []);
  }
  try {
    return act(body);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { field, value, message } = error;
    return problem(400, code, message, [{ field, value: value ?? null, message }]);
  }
}

function answer(status: number, body: unknown): WireAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

const TITLES: Readonly<Record<number, string>> = { 400: 'Bad Request', 404: 'Not Found', 409: 'Conflict' };

/** A problem document as RFC 9457 has it. */
function problem(status: number, code: string, detail: string, errors: readonly unknown[]): WireAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({
      type: 'about:blank',
      title: TITLES[status],
      status,
      detail,
      code,
      errors,
    }),
  };
}
