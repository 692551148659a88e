import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeRecording } from '../support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../support/running-venue.ts';
import type { Message, StreamClient } from '../support/stream-client.ts';
import { openApi, signedParameters, subscribeUser } from '../support/user-stream.ts';

/** A book that stands still: 100.00 and 100.10 asked, 99.90 and 99.80 bid, 0.5 BTC each. */
const BOOK = {
  bids: [
    ['99.90', '0.50000'],
    ['99.80', '0.50000'],
  ],
  asks: [
    ['100.00', '0.50000'],
    ['100.10', '0.50000'],
  ],
} as const;

let venue: RunningVenue;
let journal: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  journal = join(folder, 'journal');
  const file = writeRecording(folder, BOOK);
  venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 }, { journal });
});

afterAll(async () => {
  await venue.server.close();
  expect(venue.failures).toEqual([]);
});

const SUBSCRIBE = 'userDataStream.subscribe.signature';
const order = (parameters: Readonly<Record<string, string>>) =>
  signedRequest(venue.rest, 'POST', '/api/v3/order', { symbol: 'BTCUSDT', ...parameters });
const events = (client: StreamClient): readonly Message[] =>
  client.received.filter((message) => 'event' in message).map(({ event }) => event);
const position = (client: StreamClient) => client.next(({ event }) => event?.e === 'outboundAccountPosition');
const trades = (client: StreamClient) => events(client).filter(({ x }) => x === 'TRADE');

describe('requests of the WebSocket API', () => {
  const asked = async (request: { readonly id: number } & Readonly<Record<string, unknown>>) => {
    const client = await openApi(venue);
    const answer = await client.ask(request);
    await client.close();
    return answer;
  };

  it('answers with the weight used so far', async () => {
    expect(await asked({ id: 1, method: 'ping' })).toEqual({
      id: 1,
      status: 200,
      result: {},
      rateLimits: [
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000, count: expect.any(Number) },
      ],
    });
    const before = (await asked({ id: 1, method: 'ping' })).rateLimits[0].count;
    const { headers } = await publicRequest(venue.rest, '/api/v3/ping');
    // One budget for both ways, unless the minute has just turned.
    expect([before + 1, 1]).toContain(Number(headers.get('x-mbx-used-weight-1m')));
  });

  it('tells the time', async () => {
    const { result } = await asked({ id: 1, method: 'time' });
    expect(Math.abs(result.serverTime - Date.now())).toBeLessThan(5_000);
  });

  it.each([
    ['a wrong secret', () => signedParameters({}, { secret: 'other' }), 400, -1022],
    ['no signature', () => ({ ...signedParameters(), signature: '' }), 400, -1102],
    ['parameters changed after signing', () => ({ ...signedParameters(), recvWindow: 100 }), 400, -1022],
    ['a key of somebody else', () => signedParameters({}, { apiKey: 'other' }), 401, -2015],
    ['no key', () => ({ timestamp: Date.now(), signature: 'x' }), 401, -2014],
    ['a time long past', () => signedParameters({}, { timestamp: Date.now() - 10_000 }), 400, -1021],
    ['a time to come', () => signedParameters({}, { timestamp: Date.now() + 10_000 }), 400, -1021],
    ['a parameter that it does not know', () => signedParameters({ symbol: 'BTCUSDT' }), 400, -1104],
    ['a parameter that is no plain value', () => ({ ...signedParameters(), recvWindow: [1] }), 400, -1130],
  ])('refuses a subscription with %s', async (_what, params, status, code) => {
    const client = await openApi(venue);
    expect(await client.ask({ id: 1, method: SUBSCRIBE, params: params() })).toMatchObject({
      id: 1,
      status,
      error: { code, msg: expect.any(String) },
    });
    expect((await client.ask({ id: 2, method: 'session.subscriptions' })).result).toEqual([]);
    await client.close();
  });

  it.each([
    ['text that is no JSON', 'subscribe', -1100],
    ['JSON that is no object', '[]', -1130],
    ['no method', { id: 1 }, -1102],
    ['a method that there is not', { id: 1, method: 'order.place' }, -1020],
    ['an id that is no id', { id: { a: 1 }, method: 'ping' }, -1130],
    ['parameters that are none', { id: 1, method: 'ping', params: 'x' }, -1130],
  ])('refuses %s', async (_what, request, code) => {
    const client = await openApi(venue);
    client.send(request);
    expect(await client.next()).toMatchObject({ status: 400, error: { code } });
    await client.close();
  });

  it('subscribes once for each connection and ends that when asked', async () => {
    const client = await subscribeUser(venue);
    const again = await client.ask({ id: 2, method: SUBSCRIBE, params: signedParameters() });
    expect(again).toMatchObject({ status: 400, error: { code: -2035 } });
    const [{ subscriptionId }] = (await client.ask({ id: 3, method: 'session.subscriptions' })).result;
    const other = { id: 4, method: 'userDataStream.unsubscribe', params: { subscriptionId: subscriptionId + 1 } };
    expect(await client.ask(other)).toMatchObject({ error: { code: -2036 } });
    expect(await client.ask({ ...other, id: 5, params: { subscriptionId } })).toMatchObject({
      status: 200,
      result: {},
    });
    await client.close();
    const heard = await subscribeUser(venue);
    await order({ side: 'BUY', type: 'LIMIT', timeInForce: 'IOC', quantity: '0.1', price: '50' });
    await position(heard);
    expect(events(client)).toEqual([]);
    await heard.close();
  });
});

describe('events of the account', () => {
  let client: StreamClient;

  beforeAll(async () => {
    client = await subscribeUser(venue);
  });

  afterAll(async () => {
    await client.close();
  });

  it('tells an order, each of its fills with what has traded by then, and the balances', async () => {
    // Market buy of 0.7: 0.5 at 100.00, 0.2 at 100.10; 50 + 20.02 = 70.02 USDT; 20 bps of what is received: 0.001 and 0.0004 BTC.
    const { json } = await order({ side: 'BUY', type: 'MARKET', quantity: '0.7', newClientOrderId: 'sweep' });
    const told = await position(client);
    const reports = events(client).filter(({ c }) => c === 'sweep');
    expect(reports.map(({ x, X, l, L, z, Z, n, N, t, m, w }) => [x, X, l, L, z, Z, n, N, t, m, w])).toEqual([
      ['NEW', 'NEW', '0.00000000', '0.00000000', '0.00000000', '0.00000000', '0', null, -1, false, true],
      [
        'TRADE',
        'PARTIALLY_FILLED',
        '0.50000000',
        '100.00000000',
        '0.50000000',
        '50.00000000',
        '0.00100000',
        'BTC',
        json.fills[0].tradeId,
        false,
        true,
      ],
      [
        'TRADE',
        'FILLED',
        '0.20000000',
        '100.10000000',
        '0.70000000',
        '70.02000000',
        '0.00040000',
        'BTC',
        json.fills[1].tradeId,
        false,
        false,
      ],
    ]);
    expect(new Set(reports.map(({ i, T, O }) => `${i} ${T} ${O}`))).toEqual(
      new Set([`${json.orderId} ${json.transactTime} ${json.transactTime}`]),
    );
    // USDT 1000 - 70.02; BTC 2 + 0.7 - 0.0014.
    expect(told.event.B).toEqual([
      { a: 'BTC', f: '2.69860000', l: '0.00000000' },
      { a: 'USDT', f: '929.98000000', l: '0.00000000' },
    ]);
  });

  it('tells the end of an order that finds nothing, and a cancel by both ids', async () => {
    const before = events(client).length;
    await order({ side: 'SELL', type: 'LIMIT', timeInForce: 'IOC', quantity: '0.1', price: '200' });
    await position(client);
    await order({
      side: 'SELL',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.25',
      price: '200',
      newClientOrderId: 'rests',
    });
    expect((await position(client)).event.B[0]).toEqual({ a: 'BTC', f: '2.44860000', l: '0.25000000' });
    await signedRequest(venue.rest, 'DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'rests',
      newClientOrderId: 'taken-back',
    });
    expect((await position(client)).event.B[0]).toEqual({ a: 'BTC', f: '2.69860000', l: '0.00000000' });
    const told = events(client)
      .slice(before)
      .filter(({ e }) => e === 'executionReport')
      .map(({ x, X, c, C, eR }) => [x, X, c.startsWith('rests') || c === 'taken-back' ? c : '', C, eR]);
    expect(told).toEqual([
      ['NEW', 'NEW', '', '', undefined],
      ['EXPIRED', 'EXPIRED', '', '', 'INSUFFICIENT_LIQUIDITY'],
      ['NEW', 'NEW', 'rests', '', undefined],
      ['CANCELED', 'CANCELED', 'taken-back', 'rests', undefined],
    ]);
  });

  it('tells a fill only once it is on the disk, and each to every subscriber', async () => {
    const second = await subscribeUser(venue);
    const recorded: boolean[] = [];
    client.socket.on('message', (data) => {
      const { event } = JSON.parse((data as Buffer).toString('utf8'));
      if (event?.x === 'TRADE') {
        recorded.push(readFileSync(join(journal, 'journal.ndjson'), 'utf8').includes(`"tradeId":${event.t}`));
      }
    });
    for (let round = 0; round < 5; round += 1) {
      await order({ side: round % 2 === 0 ? 'SELL' : 'BUY', type: 'MARKET', quantity: '0.1' });
      await position(client);
      await position(second);
    }
    expect(recorded).toEqual([true, true, true, true, true]);
    expect(trades(second).map(({ t }) => t)).toEqual(
      trades(client)
        .slice(-5)
        .map(({ t }) => t),
    );
    await second.close();
  });

  it('tells what comes into the account and leaves it, and refuses what is not there', async () => {
    const transfer = (body: unknown) => adminRequest(venue.admin, 'POST', '/transfers', body);
    const before = (await signedRequest(venue.rest, 'GET', '/api/v3/account', {})).json.balances;
    const free = before.find(({ asset }: { asset: string }) => asset === 'USDT').free;
    expect((await transfer({ asset: 'USDT', amount: '12.5' })).status).toBe(201);
    const moved = await client.next(({ event }) => event?.e === 'balanceUpdate');
    expect(moved.event).toMatchObject({ a: 'USDT', d: '12.50000000' });
    expect((await position(client)).event.B).toEqual([
      { a: 'USDT', f: (Number(free) + 12.5).toFixed(8), l: '0.00000000' },
    ]);
    expect((await transfer({ asset: 'USDT', amount: '-12.5' })).status).toBe(201);
    expect((await position(client)).event.B[0].f).toBe(free);
    expect(await transfer({ asset: 'USDT', amount: '-1000000' })).toMatchObject({
      status: 409,
      json: { code: 'INSUFFICIENT_BALANCE' },
    });
    for (const [body, field] of [
      [{ asset: 'usdt', amount: '1' }, 'asset'],
      [{ asset: 'USDT', amount: 1 }, 'amount'],
      [{ asset: 'USDT', amount: '0' }, 'amount'],
      [{ asset: 'USDT', amount: '1.000000001' }, 'amount'],
      [{ asset: 'USDT', amount: '1', to: 'x' }, 'to'],
      [[], 'body'],
    ] as const) {
      expect(await transfer(body)).toMatchObject({ status: 400, json: { errors: [{ field }] } });
    }
  });

  it('leaves events out where a fault says so; look-ups still have them', async () => {
    const before = trades(client).length;
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: 'stream.user', kind: 'skip', count: 3 });
    // NEW, TRADE and the balances of the first order are the three.
    const { json } = await order({ side: 'BUY', type: 'MARKET', quantity: '0.1' });
    await order({ side: 'SELL', type: 'MARKET', quantity: '0.1', newClientOrderId: 'heard' });
    await client.next(({ event }) => event?.c === 'heard' && event.x === 'TRADE');
    expect(
      trades(client)
        .slice(before)
        .map(({ c }) => c),
    ).toEqual(['heard']);
    const mine = await signedRequest(venue.rest, 'GET', '/api/v3/myTrades', {
      symbol: 'BTCUSDT',
      orderId: json.orderId,
    });
    expect(mine.json.map(({ id }: { id: number }) => id)).toEqual([json.fills[0].tradeId]);
  });

  it('cuts connections, also those that are opened while the fault lasts', async () => {
    const doomed = await subscribeUser(venue);
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: 'stream.user', kind: 'cut' });
    expect(await doomed.closed).toBe(1006);
    await expect(openApi(venue)).rejects.toThrow('socket hang up');
    await adminRequest(venue.admin, 'DELETE', '/faults');
    const back = await subscribeUser(venue);
    await back.close();
    client = await subscribeUser(venue);
  });
});

describe('a venue that shuts down', () => {
  it('says so, ends every connection, and keeps transfers over a restart', async () => {
    const folder = temporaryFolder();
    const feed = { kind: 'recorded', files: [writeRecording(folder, BOOK)], speed: 1 } as const;
    const first = await startVenue(feed, { journal: join(folder, 'journal') });
    await adminRequest(first.admin, 'POST', '/transfers', { asset: 'ETH', amount: '3' });
    const client = await subscribeUser(first);
    await first.server.close();
    expect(await client.closed).toBe(1001);
    expect(client.received.at(-1)).toMatchObject({ e: 'serverShutdown', E: expect.any(Number) });
    const again = await startVenue(feed, { journal: join(folder, 'journal') });
    const { json } = await signedRequest(again.rest, 'GET', '/api/v3/account', {});
    expect(json.balances).toContainEqual({ asset: 'ETH', free: '3.00000000', locked: '0.00000000' });
    await again.server.close();
  });
});
