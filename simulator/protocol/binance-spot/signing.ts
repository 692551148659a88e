import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../../domain/market/decimal.ts';
import { refuse } from './errors.ts';

/** A timestamp may run ahead of the server by less than this. */
const AHEAD_LIMIT_MS = 1_000;
const DEFAULT_RECV_WINDOW_MS = 5_000;
const MAX_RECV_WINDOW_MS = 60_000;

/** HMAC-SHA256 of `payload` as lower-case hex, the way Binance signs (SIGNED endpoint security). */
export function sign(payload: string, secret: string): string {
  return createHmac('sha256', secret).update(payload).digest('hex');
}

/** The instant that a signed request names for itself, and how long it stays valid. */
export interface RequestTiming {
  readonly timestamp: EpochMs;
  readonly recvWindowMs: number;
}

/**
 * Checks key and signature of a request and returns its timing. The signature is taken over query string plus body exactly as
 * sent, without the signature parameter itself. Throws `BinanceError` -2014, -2015, -1102 or -1022.
 */
export function authenticate(
  request: { readonly apiKey: string | undefined; readonly query: string; readonly body: string },
  account: { readonly apiKey: string; readonly apiSecret: string },
): RequestTiming {
  authenticateKey(request.apiKey, account.apiKey);
  const query = withoutSignature(request.query);
  const body = withoutSignature(request.body);
  const given = query.signature ?? body.signature;
  if (given === null || given === '') throw refuse.mandatory('signature');
  const timing = readTiming(request.query, request.body);
  const expected = sign(query.rest + body.rest, account.apiSecret);
  if (!equalText(given.toLowerCase(), expected)) throw refuse.signature();
  return timing;
}

/** Checks the key alone, for endpoints that are not signed. Throws `BinanceError` -2014 or -2015. */
export function authenticateKey(given: string | undefined, expected: string): void {
  if (given === undefined || given === '') throw refuse.keyFormat();
  if (!equalText(given, expected)) throw refuse.key();
}

/**
 * Refuses a request whose time has not come or has passed; called on arrival and again at the engine.
 * @see "Timing security" in https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md
 */
export function checkTiming(timing: RequestTiming, serverTime: EpochMs): void {
  if (timing.timestamp >= serverTime + AHEAD_LIMIT_MS) throw refuse.timestampAhead();
  if (serverTime - timing.timestamp > timing.recvWindowMs) throw refuse.timestampTooOld();
}

function readTiming(query: string, body: string): RequestTiming {
  const parameters = new URLSearchParams([...new URLSearchParams(body), ...new URLSearchParams(query)]);
  const timestamp = parameters.get('timestamp');
  if (timestamp === null || timestamp === '') throw refuse.mandatory('timestamp');
  if (!/^\d{1,16}$/.test(timestamp)) throw refuse.illegalCharacters('timestamp', '^[0-9]{1,20}$');
  const window = parameters.get('recvWindow');
  if (window === null) return { timestamp: Number(timestamp), recvWindowMs: DEFAULT_RECV_WINDOW_MS };
  if (!/^\d{1,5}(\.\d{1,3})?$/.test(window))
    throw refuse.illegalCharacters('recvWindow', '^[0-9]{1,5}(\\.[0-9]{1,3})?$');
  if (Number(window) > MAX_RECV_WINDOW_MS) throw refuse.invalid('recvWindow');
  return { timestamp: Number(timestamp), recvWindowMs: Number(window) };
}

/** Cuts the signature parameter out of urlencoded text and leaves every other byte as it came. */
function withoutSignature(encoded: string): { readonly rest: string; readonly signature: string | null } {
  let signature: string | null = null;
  const kept = encoded.split('&').filter((pair) => {
    if (!pair.startsWith('signature=')) return true;
    signature = pair.slice('signature='.length);
    return false;
  });
  return { rest: kept.join('&'), signature };
}

function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
