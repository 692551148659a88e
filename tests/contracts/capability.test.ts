import { describe, expect, it } from '@jest/globals';
import ccxt, { type Exchange, type Order } from 'ccxt';
import { capabilityOf, knownExchanges } from '../../adapters/venues/capabilities/index.ts';
import { classifySendFailure } from '../../adapters/venues/send-failure.ts';
import { prepareStreaming } from '../../adapters/venues/streaming-exchange.ts';
import { VenueClient } from '../../adapters/venues/venue-client.ts';
import type { OrderRequest, VenueOrder } from '../../domain/orders/order.ts';

const HERE = 'http://127.0.0.1:9';
/** Without the others, such as candles, a stream is down with that reason and the venue is asked. */
const WATCHES = ['watchOrderBook', 'watchTrades', 'watchOrders'];

type Classes = Readonly<Record<string, new () => Exchange>>;

const ORDER: OrderRequest = {
  symbol: 'BTC/USD',
  side: 'buy',
  type: 'limit',
  timeInForce: 'IOC',
  quantity: '0.1',
  price: '60000',
  clientOrderId: 'c0ffee00c0ffee00c0ffee00c0ffee00',
};
const STOP: OrderRequest = { ...ORDER, side: 'sell', timeInForce: 'GTC', stopPrice: '58000.5' };
const POST_ONLY: OrderRequest = { ...ORDER, timeInForce: 'GTC', postOnly: true };
const AT_VENUE: VenueOrder = {
  orderId: '1',
  clientOrderId: ORDER.clientOrderId,
  symbol: 'BTC/USD',
  side: 'buy',
  status: 'filled',
  price: '60000',
  quantity: '0.1',
  filled: '0.1',
  acceptedAt: 0,
};

const addressesOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values((value ?? {}) as object).flatMap(addressesOf);

/** What every table must do, whatever exchange it is about; the order protocol rests on it. */
describe.each(knownExchanges)('contract of a capability: %s', (id) => {
  const capability = capabilityOf(id);
  const streaming = () => new (ccxt.pro as unknown as Classes)[id]!();
  /** What a send means that ended with that answer. */
  const meaningOf = (status: number, body: string) =>
    classifySendFailure(
      new Error('ccxt says anything'),
      { requests: 1, answer: { status, headers: {}, body }, failureCode: null },
      capability,
    );

  it('is of an exchange that ccxt knows, with its streams', () => {
    expect(new (ccxt as unknown as Classes)[id]!().id).toBe(id);
    expect(WATCHES.filter((watch) => streaming().has[watch] !== true)).toEqual([]);
  });

  it('keeps an account with an address of its own from every other address', async () => {
    const clock = { now: () => Date.now() };
    const client = new VenueClient({ exchange: id, rest: HERE, credentials: null, capability, clock });
    const { ws: _streams, ...rest } = client.exchange.urls['api'] as Record<string, unknown>;
    expect(addressesOf(rest).filter((address) => !address.startsWith(HERE))).toEqual([]);
    await client.close();

    const exchange = streaming();
    const from = new (ccxt as unknown as Classes)[id]!();
    from.setMarkets([]);
    const call = <T>(_share: unknown, _weight: unknown, request: () => Promise<T>): Promise<T> => request();
    await prepareStreaming(exchange, { capability: capability.streams, rest: HERE, prepared: from, call });
    const streams = addressesOf((exchange.urls['api'] as Record<string, unknown>)['ws']);
    expect(streams.length).toBeGreaterThan(0);
    expect(streams.filter((address) => !address.startsWith('ws://127.0.0.1:9'))).toEqual([]);
  });

  it('leaves the outcome of a send open where it does not know better', () => {
    expect(capability.meaningOf({ code: 'a code of next year', message: 'something new' }) ?? 'ambiguous').toBe(
      'ambiguous',
    );
    for (const [status, body] of [
      [200, ''],
      [200, '<html></html>'],
      [200, '{}'],
      [400, '<html></html>'],
      [500, ''],
      [502, '<html>Bad Gateway</html>'],
      [503, '{"code":-2010,"msg":"a refusal, in a server error","error":["EOrder:Insufficient funds"]}'],
    ] as const) {
      expect([status, body, meaningOf(status, body)]).toMatchObject([status, body, { kind: 'unknown' }]);
    }
  });

  it('finds no reason to act in what it does not know', () => {
    for (const message of ['something new', 'Stop price would trigger immediately.'])
      expect(capability.reasonOf({ code: 'a code of next year', message })).toBeNull();
  });

  it('takes a rate limit and a ban for a refusal that passes', () => {
    for (const status of [429, 418]) expect(meaningOf(status, '')).toMatchObject({ kind: 'refused', retry: 'later' });
  });

  it('sends our id with every order, and the deadline where the exchange has one', () => {
    const sent = (order: OrderRequest, at: number) => JSON.stringify(capability.sendParameters(order, at, 5_000));
    expect(sent(ORDER, 1)).toContain(ORDER.clientOrderId);
    expect(sent(ORDER, 1) !== sent(ORDER, 2)).toBe(capability.hasOrderDeadline);
  });

  it('tells an order that may only wait from one that may take', () => {
    const parameters = (order: OrderRequest) => capability.sendParameters(order, 1, 5_000);
    expect(parameters(ORDER)).not.toMatchObject({ postOnly: true });
    if (capability.hasPostOnly) expect(parameters(POST_ONLY)).toMatchObject({ postOnly: true });
    expect(parameters(ORDER)).not.toHaveProperty('stopLossPrice');
    if (capability.hasStopOrders) expect(parameters(STOP)).toMatchObject({ stopLossPrice: '58000.5' });
  });

  it('makes no trade out of an answer that tells none', () => {
    expect(capability.fillsInAnswer({ info: {} } as Order, AT_VENUE)).toEqual([]);
    expect(capability.fillsInAnswer({ info: { fills: [{}], transactTime: 1 } } as Order, AT_VENUE)).toEqual([]);
    expect(capability.fillsInAnswer({} as Order, AT_VENUE)).toEqual([]);
  });
});
