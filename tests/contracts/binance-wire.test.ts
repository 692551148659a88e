import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeWithData, testData } from '../helpers/test-data.ts';
import { writeRecording } from '../simulator/support/recording.ts';
import { publicRequest, signedRequest } from '../simulator/support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../simulator/support/running-venue.ts';

const FIXTURES = 'execution/wire-fixtures/binance-spot';
const SYMBOL = 'BTCUSDT';
/** Smart order routing: the simulated venue has none, so its list is empty. */
const MAY_BE_EMPTY = ['answer.sors'];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The kind of a value as a client has to read it: Binance writes amounts as decimal text and ids and times as numbers. */
function kindOf(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? 'decimal text' : 'text';
  return typeof value;
}

/** Where `actual` lacks something of `expected` or has it in another kind; of a list the first element is compared, of a row of numbers each. */
function differences(expected: Json, actual: Json | undefined, path: string): string[] {
  const [wanted, found] = [kindOf(expected), kindOf(actual)];
  if (wanted !== found) return [`${path}: ${found} instead of ${wanted}`];
  if (Array.isArray(expected)) {
    const [first, given] = [expected[0] as Json | undefined, (actual as readonly Json[])[0]];
    if (first === undefined || (given === undefined && MAY_BE_EMPTY.includes(path))) return [];
    return kindOf(first) !== 'decimal text' && kindOf(first) !== 'number'
      ? differences(first, given, `${path}[0]`)
      : expected.flatMap((value: Json, index) =>
          differences(value, (actual as readonly Json[])[index], `${path}[${index}]`),
        );
  }
  if (typeof expected !== 'object' || expected === null) return [];
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, (actual as Readonly<Record<string, Json>>)[key], `${path}.${key}`),
  );
}

/** Third-party transcriptions of the real exchange's answers: what they have, ours must have, in the same kinds. */
describeWithData('answers of the simulated Binance against the wire fixtures', () => {
  let venue: RunningVenue;
  const get = async (path: string) => (await publicRequest(venue.rest, `/api/v3/${path}`)).json as Json;
  const signed = async (method: 'GET' | 'POST' | 'DELETE', path: string, parameters: Record<string, string> = {}) =>
    (await signedRequest(venue.rest, method, `/api/v3/${path}`, parameters)).json as Json;
  const limit = { symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '99' };
  const place = (clientOrderId: string) => signed('POST', 'order', { ...limit, newClientOrderId: clientOrderId });

  const answers: Readonly<Record<string, () => Promise<Json>>> = {
    ping: () => get('ping'),
    server_time: () => get('time'),
    exchange_info: () => get('exchangeInfo'),
    depth: () => get(`depth?symbol=${SYMBOL}&limit=5`),
    trades: () => get(`trades?symbol=${SYMBOL}`),
    klines: () => get(`klines?symbol=${SYMBOL}&interval=1m`),
    avg_price: () => get(`avgPrice?symbol=${SYMBOL}`),
    ticker_24hr: () => get(`ticker/24hr?symbol=${SYMBOL}`),
    ticker_price: () => get(`ticker/price?symbol=${SYMBOL}`),
    book_ticker: () => get(`ticker/bookTicker?symbol=${SYMBOL}`),
    account: () => signed('GET', 'account'),
    new_order_full: () =>
      signed('POST', 'order', {
        symbol: SYMBOL,
        side: 'SELL',
        type: 'MARKET',
        quantity: '0.2',
        newOrderRespType: 'FULL',
      }),
    order: async () => {
      await place('fixture-order');
      return signed('GET', 'order', { symbol: SYMBOL, origClientOrderId: 'fixture-order' });
    },
    open_orders: async () => {
      await place('fixture-open');
      return signed('GET', 'openOrders', { symbol: SYMBOL });
    },
    all_orders: async () => {
      await place('fixture-all');
      return signed('GET', 'allOrders', { symbol: SYMBOL });
    },
    cancel_order: async () => {
      await place('fixture-cancel');
      return signed('DELETE', 'order', { symbol: SYMBOL, origClientOrderId: 'fixture-cancel' });
    },
    cancel_open_orders: async () => {
      await place('fixture-cancel-all');
      return signed('DELETE', 'openOrders', { symbol: SYMBOL });
    },
    account_trades: async () => {
      await signed('POST', 'order', { symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: '0.2' });
      return signed('GET', 'myTrades', { symbol: SYMBOL });
    },
  };

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), { bids: [['99.90', '5']], asks: [['100.00', '5']] }, [
      { afterMs: 0, id: 7001, price: '99.95', quantity: '0.2', buyerIsMaker: false },
    ]);
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
  });

  afterAll(() => venue.server.close());

  it('cover every REST fixture that there is', () => {
    const folder = dirname(testData(join(FIXTURES, 'http_json__ping_response.json')));
    const names = readdirSync(folder).flatMap((file) => /^http_json__(.*)_response\.json$/.exec(file)?.[1] ?? []);
    expect(Object.keys(answers).toSorted()).toEqual(names.toSorted());
  });

  it.each(Object.keys(answers))('%s', async (name) => {
    const fixture = JSON.parse(
      readFileSync(testData(join(FIXTURES, `http_json__${name}_response.json`)), 'utf8'),
    ) as Json;
    const answer = (await answers[name]?.()) as Json;
    expect(differences(fixture, answer, 'answer')).toEqual([]);
  });
});
