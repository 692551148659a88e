import { afterEach, describe, expect, it } from '@jest/globals';
import { BAR_MS, FIRST_BAR, release, startCandleVenue, type WrittenBar } from '../support/candle-venue.ts';
import { adminRequest, signedRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';

const BARS: readonly WrittenBar[] = [
  ['100.00', '100.00', '100.00', '100.00', '1'],
  ['110.00', '112.00', '99.00', '105.00', '1'],
  ['107.00', '107.00', '104.00', '105.00', '1'],
];
const ORDER = { symbol: 'BTCUSDT', timeInForce: 'GTC', quantity: '1' };

describe('releasing bars over the admin address', () => {
  let venue: RunningVenue;
  afterEach(() => venue.server.close());
  const start = async (balances?: Readonly<Record<string, string>>) => {
    venue = await startCandleVenue(BARS, {
      makerBps: 0,
      takerBps: 100,
      ...(balances === undefined ? {} : { balances }),
    });
  };
  const position = async () => (await adminRequest(venue.admin, 'GET', '/candles')).json;
  const post = (parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', parameters);
  const balances = async () => {
    const { json } = await adminRequest(venue.admin, 'GET', '/ledger');
    return Object.fromEntries(
      json.balances.map(({ asset, free, locked }: Record<string, string>) => [asset, [Number(free), Number(locked)]]),
    );
  };

  it('tells where the venue stands', async () => {
    await start();
    expect(await position()).toEqual({
      index: 0,
      time: FIRST_BAR,
      phase: 'close',
      left: 2,
      total: 3,
      symbol: 'BTC/USDT',
      timeframe: '15m',
      closedAt: FIRST_BAR,
      runningAt: FIRST_BAR + BAR_MS,
      running: null,
      openOrders: 0,
      trades: 0,
    });
    await release(venue, 'open');
    expect(await position()).toMatchObject({ index: 1, phase: 'open', left: 2, closedAt: FIRST_BAR });
    await release(venue, 'path');
    await release(venue, 'close');
    expect(await position()).toMatchObject({ index: 1, phase: 'close', left: 1, closedAt: FIRST_BAR + BAR_MS });
    expect((await release(venue, 'bar', 2)).json).toMatchObject({ bar: { index: 2 }, phase: 'bar', left: 0 });
  });

  it('refuses what does not follow, and then nothing has happened', async () => {
    await start();
    const refusals = [
      await release(venue, 'path'),
      await release(venue, 'open', 2),
      await release(venue, 'open').then(() => release(venue, 'bar')),
    ];
    expect(refusals.map(({ status, json }) => [status, json.code])).toEqual(Array(3).fill([409, 'RELEASE_CONFLICT']));
    expect(refusals[0]?.json.detail).toBe('the next phase of bar 1 is open, not path');
    expect(refusals[1]?.json.detail).toMatch(/^the next bar is 1, not 2/);
    expect(await position()).toMatchObject({ index: 1, phase: 'open' });
    for (const phase of ['path', 'close', 'bar']) expect((await release(venue, phase)).status).toBe(200);
    expect((await release(venue, 'bar')).json.detail).toBe('no bar is left: all candles have been released');
  });

  it.each([
    ['phase', {}],
    ['phase', { phase: 'high' }],
    ['index', { phase: 'bar', index: 1.5 }],
    ['speed', { phase: 'bar', speed: 2 }],
    ['body', []],
  ])('names what is wrong with a release: %s', async (field, body) => {
    await start();
    const { status, json } = await adminRequest(venue.admin, 'POST', '/candles/release', body);
    expect([status, json.code, json.errors[0].field]).toEqual([400, 'INVALID_RELEASE', field]);
  });

  it('is nothing for a venue of another feed', async () => {
    venue = await startVenue({ kind: 'synthetic', seed: 1 });
    const { status, json } = await release(venue, 'bar');
    expect([status, json.detail]).toEqual([409, 'venue sim replays no candles: its feed is synthetic']);
  });

  it('locks what an order that waits can cost and gives back what a better open saves', async () => {
    await start();
    await post({ ...ORDER, side: 'BUY', type: 'LIMIT', price: '120', timeInForce: 'IOC' });
    expect(await balances()).toEqual({ BTC: [2, 0], USDT: [880, 120] });
    await release(venue, 'bar');
    // Bought at the open, 110, less 1 % of what was bought.
    expect(await balances()).toEqual({ BTC: [2.99, 0], USDT: [890, 0] });
  });

  it('gives the lock of an order back that the open does not fill', async () => {
    await start();
    await post({ ...ORDER, side: 'BUY', type: 'LIMIT', price: '109', timeInForce: 'IOC', newClientOrderId: 'late' });
    await release(venue, 'open');
    expect(await balances()).toEqual({ BTC: [2, 0], USDT: [1000, 0] });
    const found = await signedRequest(venue.rest, 'GET', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'late',
    });
    expect(found.json).toMatchObject({ status: 'EXPIRED', executedQty: '0.00000000' });
  });

  it('expires a market order that the account can no longer pay when the bar opens, and none that a sale pays', async () => {
    await start({ USDT: '105.5', BTC: '1' });
    const market = { symbol: 'BTCUSDT', type: 'MARKET', quantity: '1' };
    // At 100 it could be paid; at the open, 110, it cannot, and there is nothing to sell.
    await post({ ...market, side: 'BUY' });
    await release(venue, 'open');
    expect(await balances()).toEqual({ BTC: [1, 0], USDT: [105.5, 0] });
    await release(venue, 'path');
    await release(venue, 'close');
    await post({ ...market, side: 'SELL', quantity: '0.5' });
    await post({ ...market, side: 'BUY' });
    await release(venue, 'open');
    // At 107 half is sold for 53.50 less 1 %: with the 105.50 that pays for one, of which 1 % is the fee.
    expect(await balances()).toEqual({ BTC: [1.49, 0], USDT: [51.465, 0] });
  });

  it('answers a share of an order that has to wait with none of it', async () => {
    await start();
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: 'order.create', kind: 'partial-fill', count: 1 });
    const { json } = await post({ ...ORDER, side: 'BUY', type: 'LIMIT', price: '120' });
    expect(json.status).toBe('EXPIRED');
    await release(venue, 'bar');
    expect(await balances()).toEqual({ BTC: [2, 0], USDT: [1000, 0] });
  });

  it('says that candles which were made up are', async () => {
    await start();
    const info = await (await fetch(`${venue.rest}/api/v3/exchangeInfo`)).json();
    expect(info).toMatchObject({ simulation: { feed: 'candles', synthetic: false, speed: null } });
  });
});
