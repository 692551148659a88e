import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminRequest, publicRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';
import { refusedUpgrade, StreamClient } from '../support/stream-client.ts';

let venue: RunningVenue;

beforeAll(async () => {
  venue = await startVenue({ kind: 'synthetic', seed: 7 });
});

afterAll(async () => {
  await venue.server.close();
  expect(venue.failures).toEqual([]);
});

const open = (path = '/stream/ws/0') => StreamClient.open(`${venue.server.addresses.ws}${path}`);

describe('requests of the public streams', () => {
  it('subscribes, lists and unsubscribes', async () => {
    const client = await open();
    const streams = ['btcusdt@trade', 'btcusdt@bookTicker'];
    expect(await client.ask({ method: 'SUBSCRIBE', params: streams, id: 1 })).toEqual({ result: null, id: 1 });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: streams, id: 2 });
    await client.next((message) => message.e === 'trade');
    expect(await client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 'a-3' })).toEqual({
      result: null,
      id: 'a-3',
    });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 4 })).toEqual({ result: [streams[1]], id: 4 });
    await client.close();
  });

  it('takes a second subscription to the same stream as one', async () => {
    const client = await open();
    const subscribe = (id: number) => client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id });
    await subscribe(1);
    await subscribe(2);
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 })).toEqual({ result: ['btcusdt@trade'], id: 3 });
    const first = await client.next((message) => message.e === 'trade');
    const second = await client.next((message) => message.e === 'trade');
    expect(second.t).toBe(first.t + 1);
    await client.close();
  });

  it.each([
    ['text that is no JSON', 'SUBSCRIBE', { code: 3, id: null }],
    ['JSON that is no object', '[1]', { code: 2, id: null }],
    ['no method', { id: 1 }, { code: 2, id: 1 }],
    ['a method that there is not', { method: 'LOGON', id: 1 }, { code: 2, id: 1 }],
    ['no streams', { method: 'SUBSCRIBE', id: 1 }, { code: 2, id: 1 }],
    ['streams that are no text', { method: 'SUBSCRIBE', params: [1], id: 1 }, { code: 2, id: 1 }],
    ['an unknown stream', { method: 'SUBSCRIBE', params: ['btcusdt@sound'], id: 1 }, { code: 2, id: 1 }],
    ['an unknown market', { method: 'SUBSCRIBE', params: ['ethusdt@trade'], id: 1 }, { code: 2, id: 1 }],
    ['an unknown interval', { method: 'SUBSCRIBE', params: ['btcusdt@kline_7m'], id: 1 }, { code: 2, id: 1 }],
    ['an id that is no id', { method: 'LIST_SUBSCRIPTIONS', id: -1 }, { code: 2, id: null }],
    ['an unknown property', { method: 'GET_PROPERTY', params: ['sound'], id: 1 }, { code: 0, id: 1 }],
    ['a property of the wrong kind', { method: 'SET_PROPERTY', params: ['combined', 1], id: 1 }, { code: 1, id: 1 }],
  ])('refuses %s and keeps the connection', async (_what, request, { code, id }) => {
    const client = await open();
    client.send(request);
    expect(await client.next()).toEqual({ error: { code, msg: expect.any(String) }, id });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 9 })).toEqual({ result: [], id: 9 });
    await client.close();
  });

  it('subscribes to all streams of a request or to none', async () => {
    const client = await open();
    const answer = await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade', 'btcusdt@sound'], id: 1 });
    expect(answer.error.msg).toContain('btcusdt@sound');
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: [], id: 2 });
    await client.close();
  });

  it('sends the name of the stream along where that is asked for, by address or by request', async () => {
    const byAddress = await open('/stream?streams=btcusdt@trade/btcusdt@sound');
    expect(await byAddress.next()).toMatchObject({ stream: 'btcusdt@trade', data: { e: 'trade', s: 'BTCUSDT' } });
    await byAddress.close();
    const byRequest = await open('/ws/btcusdt@trade');
    expect(await byRequest.next()).toMatchObject({ e: 'trade', s: 'BTCUSDT' });
    await byRequest.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 1 });
    expect(await byRequest.next((message) => 'stream' in message)).toMatchObject({ data: { e: 'trade' } });
    expect(await byRequest.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 2 })).toEqual({
      result: true,
      id: 2,
    });
    await byRequest.close();
  });

  it('opens no other address', async () => {
    expect(await refusedUpgrade(`${venue.server.addresses.ws}/api/v3/depth`)).toBe(404);
  });
});

describe('limits of a connection', () => {
  it('ends at the sixth message within a second', async () => {
    const client = await open();
    for (let id = 1; id <= 6; id += 1) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    expect(await client.closed).toBe(1008);
    // The first five may or may not have been answered before the end; the sixth never is.
    expect(client.received.map(({ id }) => id)).not.toContain(6);
  });

  it('counts pings as messages', async () => {
    const client = await open();
    for (let sent = 1; sent <= 6; sent += 1) client.socket.ping();
    expect(await client.closed).toBe(1008);
  });

  it('takes a request of up to 64 KiB', async () => {
    const client = await open();
    client.send({ method: 'SUBSCRIBE', params: ['x'.repeat(65_536)], id: 1 });
    expect(await client.closed).toBe(1009);
  });
});

describe('messages', () => {
  const receive = async (stream: string, matches?: (message: Record<string, unknown>) => boolean) => {
    const client = await open(`/ws/${stream}`);
    const message = await client.next(matches);
    await client.close();
    return message;
  };
  const amount = expect.stringMatching(/^\d+\.\d{8}$/);
  const level = [amount, amount];

  it('has prints as the REST tape has them', async () => {
    const print = await receive('btcusdt@trade');
    const { json } = await publicRequest(
      venue.rest,
      `/api/v3/historicalTrades?symbol=BTCUSDT&limit=1&fromId=${print.t}`,
    );
    const [{ price, qty, time, isBuyerMaker }] = json;
    expect(print).toEqual({
      e: 'trade',
      E: expect.any(Number),
      s: 'BTCUSDT',
      t: print.t,
      p: price,
      q: qty,
      T: time,
      m: isBuyerMaker,
      M: true,
    });
    expect(print.E).toBeGreaterThanOrEqual(print.T);
  });

  it('has aggregates of one print each', async () => {
    const print = await receive('btcusdt@aggTrade');
    const { json } = await publicRequest(venue.rest, `/api/v3/aggTrades?symbol=BTCUSDT&limit=1&fromId=${print.a}`);
    expect(print).toEqual({ e: 'aggTrade', E: expect.any(Number), s: 'BTCUSDT', ...json[0] });
  });

  it('has best bid and ask', async () => {
    const quote = await receive('btcusdt@bookTicker');
    expect(quote).toEqual({ u: expect.any(Number), s: 'BTCUSDT', b: amount, B: amount, a: amount, A: amount });
    expect(Number(quote.a)).toBeGreaterThan(Number(quote.b));
  });

  it('has the best levels whole', async () => {
    const book = await receive('btcusdt@depth5@100ms');
    expect(book).toEqual({
      lastUpdateId: expect.any(Number),
      bids: Array.from({ length: 5 }, () => level),
      asks: Array.from({ length: 5 }, () => level),
    });
  });

  it('has statistics of the day as the REST ticker has them', async () => {
    const { json } = await publicRequest(venue.rest, '/api/v3/ticker/24hr?symbol=BTCUSDT');
    const full = await receive('btcusdt@ticker');
    // Only what a second cannot change is compared by value.
    expect(full).toMatchObject({ e: '24hrTicker', s: 'BTCUSDT', o: json.openPrice, F: json.firstId });
    expect(Object.keys(full).toSorted()).toEqual(
      [
        'e',
        'E',
        's',
        'p',
        'P',
        'w',
        'x',
        'c',
        'Q',
        'b',
        'B',
        'a',
        'A',
        'o',
        'h',
        'l',
        'v',
        'q',
        'O',
        'C',
        'F',
        'L',
        'n',
      ].toSorted(),
    );
    expect(full.C - full.O).toBeLessThanOrEqual(86_400_000);
    const mini = await receive('btcusdt@miniTicker');
    expect(Object.keys(mini)).toEqual(['e', 'E', 's', 'c', 'o', 'h', 'l', 'v', 'q']);
    const all = await receive('!miniTicker@arr');
    expect(all).toEqual([expect.objectContaining({ e: '24hrMiniTicker', s: 'BTCUSDT' })]);
  });

  it('closes every candle and has it as the REST candle', async () => {
    const client = await open('/ws/btcusdt@kline_1s');
    const first = await client.next((message) => message.k.x);
    const second = await client.next((message) => message.k.x);
    await client.close();
    expect(second.k.t).toBe(first.k.t + 1_000);
    expect(second.E).toBeGreaterThan(second.k.T);
    const { json } = await publicRequest(
      venue.rest,
      `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${first.k.t}&limit=2`,
    );
    const rows = [first, second].map(({ k }) => [k.t, k.o, k.h, k.l, k.c, k.v, k.T, k.q, k.n, k.V, k.Q, k.B]);
    expect(rows).toEqual(json);
  });

  it('has all times by the clock of the venue, also when that is wrong', async () => {
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: '*', kind: 'wrong-clock', delayMs: -3_600_000 });
    const client = await open('/ws/btcusdt@trade');
    const print = await client.next();
    const now = Date.now();
    await adminRequest(venue.admin, 'DELETE', '/faults');
    await client.close();
    expect(print.E).toBeLessThanOrEqual(now - 3_600_000);
    expect(print.T).toBeLessThanOrEqual(print.E);
    expect(print.T).toBeGreaterThan(now - 3_700_000);
  });
});
