import { describe, expect, it } from '@jest/globals';
import { BinanceError } from '../../../../simulator/protocol/binance-spot/errors.ts';
import { authenticate, checkTiming, sign } from '../../../../simulator/protocol/binance-spot/signing.ts';

/** Key, secret and the three examples: "SIGNED Endpoint Examples" in github.com/binance/binance-spot-api-docs, rest-api.md. */
const ACCOUNT = {
  apiKey: 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A',
  apiSecret: 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j',
};
const PAYLOAD =
  'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
const SIGNATURE = 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71';
const NON_ASCII_PAYLOAD =
  'symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
const NON_ASCII_SIGNATURE = 'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3';
const MIXED_QUERY = 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC';
const MIXED_BODY = 'quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';
const MIXED_SIGNATURE = '0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77';
const TIMING = { timestamp: 1499827319559, recvWindowMs: 5000 };

function codeOf(run: () => unknown): number | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof BinanceError) return error.code;
    throw error;
  }
}

describe('signatures', () => {
  it.each([
    ['ASCII', PAYLOAD, SIGNATURE],
    ['percent-encoded', NON_ASCII_PAYLOAD, NON_ASCII_SIGNATURE],
  ])('agree with the published vector of %s text', (_name, payload, signature) => {
    expect(sign(payload, ACCOUNT.apiSecret)).toBe(signature);
  });

  it.each([
    ['in the body', '', `${PAYLOAD}&signature=${SIGNATURE}`],
    ['in the query', `${PAYLOAD}&signature=${SIGNATURE}`, ''],
    ['over query and body joined', MIXED_QUERY, `${MIXED_BODY}&signature=${MIXED_SIGNATURE}`],
    ['in capitals', `${PAYLOAD}&signature=${SIGNATURE.toUpperCase()}`, ''],
  ])('are accepted %s', (_name, query, body) => {
    expect(authenticate({ apiKey: ACCOUNT.apiKey, query, body }, ACCOUNT)).toEqual(TIMING);
  });

  it.each([
    ['a missing key', undefined, `${PAYLOAD}&signature=${SIGNATURE}`, -2014],
    ['a foreign key', 'somebody-else', `${PAYLOAD}&signature=${SIGNATURE}`, -2015],
    ['no signature', ACCOUNT.apiKey, PAYLOAD, -1102],
    [
      'a changed parameter',
      ACCOUNT.apiKey,
      `${PAYLOAD.replace('price=0.1', 'price=0.2')}&signature=${SIGNATURE}`,
      -1022,
    ],
    ['a signature of another length', ACCOUNT.apiKey, `${PAYLOAD}&signature=c8db`, -1022],
    ['no timestamp', ACCOUNT.apiKey, `symbol=LTCBTC&signature=${SIGNATURE}`, -1102],
    ['a timestamp that is no number', ACCOUNT.apiKey, `timestamp=soon&signature=${SIGNATURE}`, -1100],
    ['a window of more than a minute', ACCOUNT.apiKey, `timestamp=1&recvWindow=60001&signature=${SIGNATURE}`, -1130],
  ])('are refused with %s', (_name, apiKey, query, code) => {
    expect(codeOf(() => authenticate({ apiKey, query, body: '' }, ACCOUNT))).toBe(code);
  });
});

/** The rule: process when `timestamp < serverTime + 1000 && serverTime - timestamp <= recvWindow` (same document). */
describe('timing', () => {
  it.each([
    ['exactly as old as the window', 5000, null],
    ['older than the window by a millisecond', 5001, -1021],
    ['ahead by 999 ms', -999, null],
    ['ahead by a second', -1000, -1021],
  ])('of a request %s', (_name, age, code) => {
    expect(codeOf(() => checkTiming(TIMING, TIMING.timestamp + age))).toBe(code);
  });
});
