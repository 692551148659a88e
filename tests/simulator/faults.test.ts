import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { writeRecording } from './support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from './support/running-venue.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '99' };

describe('faults on the wire', () => {
  let venue: RunningVenue;
  const setFault = (fault: unknown) => adminRequest(venue.admin, 'POST', '/faults', fault);
  const post = (clientOrderId: string) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', { ...ORDER, newClientOrderId: clientOrderId });
  const find = (clientOrderId: string) =>
    signedRequest(venue.rest, 'GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: clientOrderId });
  const ledgerIds = async () =>
    (await adminRequest(venue.admin, 'GET', '/ledger')).json.orders.map(
      (order: { clientOrderId: string }) => order.clientOrderId,
    );

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), { bids: [['99.90', '5']], asks: [['100.00', '5']] });
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
  });

  afterEach(() => adminRequest(venue.admin, 'DELETE', '/faults'));
  afterAll(() => venue.server.close());

  it('cut the connection before processing: nothing is accepted', async () => {
    await setFault({ endpoint: 'order.create', kind: 'drop-before', count: 1 });
    await expect(post('never-arrived')).rejects.toThrow('fetch failed');
    expect(await ledgerIds()).not.toContain('never-arrived');
    expect((await find('never-arrived')).json.code).toBe(-2013);
  });

  it('cut the connection after processing: the order stands', async () => {
    await setFault({ endpoint: 'order.create', kind: 'drop-after', count: 1 });
    await expect(post('arrived-unseen')).rejects.toThrow('fetch failed');
    expect(await ledgerIds()).toContain('arrived-unseen');
    expect((await find('arrived-unseen')).json.status).toBe('NEW');
  });

  it('answer 503 with a page instead of JSON: nothing is accepted', async () => {
    await setFault({ endpoint: 'order.create', kind: 'http-5xx', count: 1 });
    const answer = await post('turned-away');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.text).toContain('503 Service Temporarily Unavailable');
    expect(await ledgerIds()).not.toContain('turned-away');
  });

  it('hold a request before the engine, which refuses it when its time is over', async () => {
    await setFault({ endpoint: 'order.create', kind: 'delay', delayMs: 300, count: 1 });
    const answer = await signedRequest(venue.rest, 'POST', '/api/v3/order', {
      ...ORDER,
      newClientOrderId: 'too-late',
      recvWindow: 200,
    });
    expect(answer.json).toEqual({ code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' });
    expect(await ledgerIds()).not.toContain('too-late');
  });

  it('hold an answer after acceptance: the order is there for everybody else meanwhile', async () => {
    await setFault({ endpoint: 'order.create', kind: 'delay', delayMs: 400, phase: 'after', count: 1 });
    let answered = false;
    const held = post('held-answer').finally(() => {
      answered = true;
    });
    while (!(await ledgerIds()).includes('held-answer')) expect(answered).toBe(false);
    expect(answered).toBe(false);
    expect((await held).json.status).toBe('NEW');
  });

  it('show what they hold, and let it go when they are cleared', async () => {
    await setFault({ endpoint: 'order.create', kind: 'delay', delayMs: 60_000, count: 1 });
    const held = post('let-go');
    const listHeld = async () => (await adminRequest(venue.admin, 'GET', '/faults')).json.held;
    while ((await listHeld()).length === 0);
    expect(await listHeld()).toEqual([
      { endpoint: 'order.create', clientOrderId: 'let-go', phase: 'before', since: expect.any(Number) },
    ]);
    expect(await ledgerIds()).not.toContain('let-go');
    await adminRequest(venue.admin, 'DELETE', '/faults');
    expect((await held).json.status).toBe('NEW');
    expect(await listHeld()).toEqual([]);
  });

  it('forget an order in every look-up, and remember it later', async () => {
    await setFault({ endpoint: 'order.create', kind: 'forget', forMs: 400, count: 1 });
    const accepted = await post('forgotten');
    expect(accepted.status).toBe(200);
    const acceptedAt = accepted.json.transactTime as number;
    expect((await find('forgotten')).json.code).toBe(-2013);
    const list = (path: string) => signedRequest(venue.rest, 'GET', path, { symbol: 'BTCUSDT' });
    const ids = async (path: string) =>
      (await list(path)).json.map((order: { clientOrderId: string }) => order.clientOrderId);
    expect(await ids('/api/v3/openOrders')).not.toContain('forgotten');
    expect(await ids('/api/v3/allOrders')).not.toContain('forgotten');
    let found = await find('forgotten');
    while (found.status !== 200) found = await find('forgotten');
    expect((await publicRequest(venue.rest, '/api/v3/time')).json.serverTime - acceptedAt).toBeGreaterThanOrEqual(400);
    expect(await ids('/api/v3/openOrders')).toContain('forgotten');
  });

  it('are listed with how often they struck, and refused by field when they make no sense', async () => {
    const { json } = await setFault({ endpoint: 'account', kind: 'http-5xx', count: 5 });
    await signedRequest(venue.rest, 'GET', '/api/v3/account', {});
    const { json: list } = await adminRequest(venue.admin, 'GET', '/faults');
    expect(list.faults).toEqual([expect.objectContaining({ id: json.id, endpoint: 'account', struck: 1, count: 5 })]);
    await adminRequest(venue.admin, 'DELETE', '/faults');
    const { json: after } = await adminRequest(venue.admin, 'GET', '/faults');
    expect(after.faults).toEqual([]);
    expect(after.past).toContainEqual(expect.objectContaining({ id: json.id, setAt: json.setAt, struck: 1 }));
    const refused = await setFault({ endpoint: 'account', kind: 'explode' });
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0]).toMatchObject({ field: 'kind', value: 'explode' });
  });

  it('are written down with the requests that met them', async () => {
    const { json } = await adminRequest(venue.admin, 'GET', '/ledger');
    const outcomes = Object.fromEntries(
      json.requests
        .filter(({ endpoint }: { endpoint: string }) => endpoint === 'order.create')
        .map(({ clientOrderId, outcome }: { clientOrderId: string; outcome: string }) => [clientOrderId, outcome]),
    );
    expect(outcomes).toMatchObject({
      'never-arrived': 'dropped before processing',
      'arrived-unseen': 'dropped after processing',
      'turned-away': 'http 503',
      'too-late': 'refused -1021',
      'held-answer': 'ok',
      forgotten: 'ok',
    });
  });
});
