import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import ccxt from 'ccxt';
import { ccxtClient } from './support/ccxt-client.ts';
import { writeRecording } from './support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from './support/running-venue.ts';

const S = 'BTC/USDT';

/** A venue whose book stands still: 5 BTC bid at 99.90 and asked at 100.00. */
describe('an unmodified ccxt client meets', () => {
  let venue: RunningVenue;
  let client: ReturnType<typeof ccxtClient>;
  const setFault = (fault: Readonly<Record<string, unknown>>) => adminRequest(venue.admin, 'POST', '/faults', fault);
  const buy = (clientOrderId: string, timeInForce = 'GTC') =>
    client.createOrder(S, 'limit', 'buy', 0.1, 100, { clientOrderId, timeInForce });
  const lastAnswer = () => JSON.parse(client.last_http_response ?? '{}') as { code: number; msg: string };
  const ledger = async () => (await adminRequest(venue.admin, 'GET', '/ledger')).json;
  const accepted = async (clientOrderId: string) =>
    (await ledger()).orders.find((order: { clientOrderId: string }) => order.clientOrderId === clientOrderId);

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), { bids: [['99.90', '5']], asks: [['100.00', '5']] });
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
    client = ccxtClient(venue.rest);
    await client.loadMarkets();
  });

  afterEach(() => adminRequest(venue.admin, 'DELETE', '/faults'));
  afterAll(async () => {
    await client.close();
    await venue.server.close();
  });

  it('rate-limit: 429 with the wait in whole seconds', async () => {
    await setFault({ endpoint: 'order.create', kind: 'rate-limit', retryAfterMs: 2_500, count: 1 });
    // ccxt gives 429 and -1003 the class of a ban.
    await expect(buy('limited')).rejects.toBeInstanceOf(ccxt.DDoSProtection);
    expect(client.last_response_headers?.['Retry-After']).toBe('3');
    expect(lastAnswer()).toMatchObject({ code: -1003 });
    expect(await accepted('limited')).toBeUndefined();
  });

  it('ban: 418 with the end of the ban', async () => {
    await setFault({ endpoint: '*', kind: 'ban', retryAfterMs: 120_000, count: 1 });
    const before = Date.now();
    await expect(client.fetchTicker(S)).rejects.toBeInstanceOf(ccxt.DDoSProtection);
    expect(client.last_response_headers?.['Retry-After']).toBe('120');
    const until = Number(/banned until (\d+)\./.exec(lastAnswer().msg)?.[1]);
    expect(until - before).toBeGreaterThanOrEqual(120_000);
  });

  it('clock: a signed request is outside of its window, a public one carries no time', async () => {
    await setFault({ endpoint: '*', kind: 'clock', count: 1 });
    await client.fetchTicker(S);
    await expect(buy('wrong-time')).rejects.toBeInstanceOf(ccxt.InvalidNonce);
    expect(await accepted('wrong-time')).toBeUndefined();
  });

  it.each([
    ['with the order accepted', undefined, true],
    ['with the order not accepted', false, false],
  ])('timeout: -1007 %s', async (_name, accept, isAccepted) => {
    await setFault({ endpoint: 'order.create', kind: 'timeout', accept, count: 1 });
    const id = `timed-out-${isAccepted}`;
    await expect(buy(id)).rejects.toBeInstanceOf(ccxt.RequestTimeout);
    expect(lastAnswer()).toMatchObject({ code: -1007 });
    expect((await accepted(id)) !== undefined).toBe(isAccepted);
  });

  it('reject: -2010 and no order', async () => {
    await setFault({ endpoint: 'order.create', kind: 'reject', count: 1 });
    await expect(buy('rejected')).rejects.toThrow('This action is disabled on this account');
    expect(await accepted('rejected')).toBeUndefined();
  });

  it('partial-fill: the share trades in whole lots, the rest expires, money is conserved', async () => {
    const before = (await client.fetchBalance()) as unknown as Record<string, Record<string, number>>;
    await setFault({ endpoint: 'order.create', kind: 'partial-fill', fraction: 0.33333, count: 2 });
    // 0.1 * 0.33333 = 0.033333, of which 0.03333 are whole lots of 0.00001.
    expect(await buy('in-part')).toMatchObject({ status: 'expired', filled: 0.03333, remaining: 0.06667 });
    expect(await accepted('in-part')).toMatchObject({ status: 'expired', quantity: '0.1', filled: '0.03333' });
    // An order of all or nothing takes nothing.
    expect(await buy('all-or-nothing', 'FOK')).toMatchObject({ status: 'expired', filled: 0 });
    const after = (await client.fetchBalance()) as unknown as Record<string, Record<string, number>>;
    // 0.03333 * 100.00 paid; nothing stays locked.
    expect(Number(before['USDT']?.['free']) - Number(after['USDT']?.['free'])).toBeCloseTo(3.333, 8);
    expect(after['USDT']?.['used']).toBe(0);
  });

  it('freeze: no word until it ends, then no connection and no order', async () => {
    await setFault({ endpoint: 'order.create', kind: 'freeze', count: 1 });
    const frozen = buy('frozen').catch((error: unknown) => error);
    const held = async () => (await adminRequest(venue.admin, 'GET', '/faults')).json.held;
    while ((await held()).length === 0);
    expect(await held()).toEqual([expect.objectContaining({ endpoint: 'order.create', clientOrderId: 'frozen' })]);
    await adminRequest(venue.admin, 'DELETE', '/faults');
    expect(await frozen).toBeInstanceOf(ccxt.NetworkError);
    expect(await accepted('frozen')).toBeUndefined();
  });

  it('freeze for a time: the connection is cut when that is over', async () => {
    const setAt = Date.now();
    await setFault({ endpoint: 'account', kind: 'freeze', forMs: 300 });
    await expect(client.fetchBalance()).rejects.toBeInstanceOf(ccxt.NetworkError);
    expect(Date.now() - setAt).toBeGreaterThanOrEqual(295);
    await client.fetchBalance();
  });

  it.each([
    ['ahead', 60_000],
    ['behind', -60_000],
  ])('wrong-clock %s: every time that it tells and reads is off', async (_name, delayMs) => {
    await setFault({ endpoint: '*', kind: 'wrong-clock', delayMs, forMs: 60_000 });
    const told = (await publicRequest(venue.rest, '/api/v3/time')).json.serverTime as number;
    expect(Math.abs(told - (Date.now() + delayMs))).toBeLessThan(5_000);
    // Signed by true time it is refused.
    await expect(buy(`unskewed-${delayMs}`)).rejects.toBeInstanceOf(ccxt.InvalidNonce);
    // Signed by the venue's time it is taken, and stamped with that time.
    const id = `skewed-${delayMs}`;
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '99' };
    const timestamp = Date.now() + delayMs;
    const placed = await signedRequest(
      venue.rest,
      'POST',
      '/api/v3/order',
      { ...order, newClientOrderId: id },
      { timestamp },
    );
    expect(Math.abs(placed.json.transactTime - timestamp)).toBeLessThan(5_000);
    // Looked for from that time on it is found.
    const found = await signedRequest(
      venue.rest,
      'GET',
      '/api/v3/allOrders',
      { symbol: 'BTCUSDT', startTime: placed.json.transactTime },
      { timestamp: Date.now() + delayMs },
    );
    expect(found.json.map((each: { clientOrderId: string }) => each.clientOrderId)).toContain(id);
    // The witness keeps true time.
    expect(Math.abs((await accepted(id)).acceptedAt - Date.now())).toBeLessThan(5_000);
    const candles = (await publicRequest(venue.rest, '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1')).json;
    if (candles.length > 0) expect(candles[0][6] - candles[0][0]).toBe(59_999);
  });
});
