import { afterEach, describe, expect, it } from '@jest/globals';
import { ccxtClient } from './support/ccxt-client.ts';
import { signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue, type VenueOptions } from './support/running-venue.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001', price: '10000' };
const REFUSED = { status: 401, json: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' } };

describe('what a key may do', () => {
  let venue: RunningVenue;
  const start = async (permissions: NonNullable<VenueOptions['permissions']>) => {
    venue = await startVenue({ kind: 'synthetic', seed: 7 }, { permissions, balances: { USDT: '1000' } });
  };

  afterEach(() => venue.server.close());

  it('is to trade and not to withdraw, unless the venue says otherwise', async () => {
    await start({});
    const { json } = await signedRequest(venue.rest, 'GET', '/api/v3/account', {});
    expect(json).toMatchObject({ canTrade: true, canWithdraw: false, permissions: ['SPOT'] });
  });

  it('is told as it was set', async () => {
    await start({ trade: false, withdraw: true });
    const { json } = await signedRequest(venue.rest, 'GET', '/api/v3/account', {});
    expect(json).toMatchObject({ canTrade: false, canWithdraw: true });
  });

  it('leaves a key that may not trade with reading alone', async () => {
    await start({ trade: false });
    expect(await signedRequest(venue.rest, 'POST', '/api/v3/order', ORDER)).toMatchObject(REFUSED);
    expect(await signedRequest(venue.rest, 'POST', '/api/v3/order/test', ORDER)).toMatchObject(REFUSED);
    const one = { symbol: 'BTCUSDT', orderId: 1 };
    expect(await signedRequest(venue.rest, 'DELETE', '/api/v3/order', one)).toMatchObject(REFUSED);
    const all = { symbol: 'BTCUSDT' };
    expect(await signedRequest(venue.rest, 'DELETE', '/api/v3/openOrders', all)).toMatchObject(REFUSED);
    for (const path of ['openOrders', 'allOrders', 'myTrades'])
      expect(await signedRequest(venue.rest, 'GET', `/api/v3/${path}`, all)).toMatchObject({ status: 200, json: [] });
    const client = ccxtClient(venue.rest);
    await expect(client.createOrder('BTC/USDT', 'limit', 'buy', 0.001, 10_000)).rejects.toThrow(
      'permissions for action',
    );
    await client.close();
  });
});
