import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiCredentials } from '../../../adapters/credentials/credentials.ts';
import { type CcxtVenueAccount, openVenueAccount } from '../../../adapters/venues/venue-account.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { writeRecording } from '../../simulator/support/recording.ts';
import { adminRequest } from '../../simulator/support/requests.ts';
import {
  API_KEY,
  API_SECRET,
  type RunningVenue,
  startVenue,
  temporaryFolder,
} from '../../simulator/support/running-venue.ts';

const S = 'BTC/USDT';

/** How our own venue client takes each fault of a simulated exchange whose book stands still at 99.90 and 100.00. */
describe('our client of a venue', () => {
  let venue: RunningVenue;
  let account: CcxtVenueAccount;
  let count = 0;
  const setFault = (fault: Readonly<Record<string, unknown>>) => adminRequest(venue.admin, 'POST', '/faults', fault);
  const order = (): OrderRequest => {
    count += 1;
    const clientOrderId = `order-${count}`;
    return { symbol: S, side: 'buy', type: 'limit', timeInForce: 'IOC', quantity: '0.1', price: '100', clientOrderId };
  };
  const isAtVenue = async ({ clientOrderId }: OrderRequest) =>
    (await adminRequest(venue.admin, 'GET', '/ledger')).json.orders.some(
      (each: { clientOrderId: string }) => each.clientOrderId === clientOrderId,
    );

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), { bids: [['99.90', '5']], asks: [['100.00', '5']] });
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
  });
  afterAll(() => venue.server.close());

  beforeEach(async () => {
    account = await openVenueAccount(
      {
        id: 'sim',
        exchange: 'binance',
        rest: venue.rest,
        credentialRef: 'sim',
        label: 'paper',
        consistencyMs: { recvWindowMs: 1000, apiTimeoutMs: 1000, marginMs: 2000 },
        assumptions: null,
      },
      {
        clock: { now: () => Date.now() },
        credentials: { find: () => Promise.resolve(new ApiCredentials(API_KEY, API_SECRET)) },
        requestTimeoutMs: 400,
      },
    );
    await account.instruments();
    await account.measureClock();
  });
  afterEach(async () => {
    await adminRequest(venue.admin, 'DELETE', '/faults');
    await account.close();
  });

  test.each([
    ['rate-limit', '429'],
    ['ban', '418'],
  ])('%s: the order is refused for now, and no request of any kind follows', async (kind, code) => {
    await setFault({ endpoint: 'order.create', kind, retryAfterMs: 60_000, count: 1 });
    const first = order();
    expect(await account.send(first, account.venueNow())).toMatchObject({
      kind: 'refused',
      code: '-1003',
      retry: 'later',
    });
    expect(await isAtVenue(first)).toBe(false);
    const second = order();
    // The fault is used up: only our own budget keeps these from the venue.
    expect(await account.send(second, account.venueNow())).toMatchObject({ kind: 'refused', code, retry: 'later' });
    expect(await isAtVenue(second)).toBe(false);
    const read = account.quote(S);
    await expect(read).rejects.toMatchObject({ code });
    const { retryAfterMs } = (await read.catch((error: unknown) => error)) as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test('clock: the order is refused for now, and the clock is measured anew', async () => {
    await setFault({ endpoint: '*', kind: 'wrong-clock', delayMs: -30_000 });
    expect(account.health().clockOffsetMs).toBeGreaterThan(-5_000);
    const early = order();
    expect(await account.send(early, account.venueNow())).toMatchObject({
      kind: 'refused',
      code: '-1021',
      retry: 'later',
    });
    expect(Math.abs((account.health().clockOffsetMs ?? 0) + 30_000)).toBeLessThan(2_000);
    expect(await isAtVenue(early)).toBe(false);
    // The next attempt is signed by the venue's own time, and its look-ups ask in it.
    const asked = account.venueNow();
    const later = order();
    expect(await account.send(later, asked)).toMatchObject({ kind: 'acknowledged', order: { filled: '0.1' } });
    const found = await account.ordersSince(S, asked - 1_000);
    expect(found.map(({ clientOrderId }) => clientOrderId)).toContain(later.clientOrderId);
    await adminRequest(venue.admin, 'DELETE', '/faults');
    expect(await account.send(order(), account.venueNow())).toMatchObject({ kind: 'refused', code: '-1021' });
    expect(Math.abs(account.health().clockOffsetMs ?? Number.NaN)).toBeLessThan(2_000);
  });

  test('a single -1021 to a read: the clock is measured anew', async () => {
    await setFault({ endpoint: 'account', kind: 'clock', count: 1 });
    await expect(account.balances()).rejects.toMatchObject({ code: '-1021' });
    expect((await account.balances()).length).toBeGreaterThan(0);
  });

  test.each([
    ['accepted', true],
    ['not accepted', false],
  ])('timeout with the order %s: the outcome is unknown', async (_name, accept) => {
    await setFault({ endpoint: 'order.create', kind: 'timeout', accept, count: 1 });
    const sent = order();
    const outcome = await account.send(sent, account.venueNow());
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('-1007') });
    const found = await account.findByClientOrderId(S, sent.clientOrderId);
    expect(found !== null).toBe(accept);
    expect(await isAtVenue(sent)).toBe(accept);
  });

  test('reject: the order is refused for good', async () => {
    await setFault({ endpoint: 'order.create', kind: 'reject', count: 1 });
    expect(await account.send(order(), account.venueNow())).toMatchObject({
      kind: 'refused',
      code: '-2010',
      retry: 'never',
    });
  });

  test('partial-fill: the order has expired with what it filled', async () => {
    await setFault({ endpoint: 'order.create', kind: 'partial-fill', fraction: 0.4, count: 1 });
    const outcome = await account.send(order(), account.venueNow());
    expect(outcome).toMatchObject({
      kind: 'acknowledged',
      order: { status: 'expired', quantity: '0.1', filled: '0.04' },
    });
    if (outcome.kind !== 'acknowledged') throw new Error('not acknowledged');
    const fills = await account.fillsOfOrder(S, outcome.order.orderId);
    expect(fills.map(({ quantity }) => quantity)).toEqual(['0.04']);
  });

  test('freeze: our own time-out ends the wait, and the outcome is unknown', async () => {
    await setFault({ endpoint: 'order.create', kind: 'freeze', count: 1 });
    const sent = order();
    expect(await account.send(sent, account.venueNow())).toMatchObject({ kind: 'unknown' });
    expect(await account.findByClientOrderId(S, sent.clientOrderId)).toBeNull();
  });
});
