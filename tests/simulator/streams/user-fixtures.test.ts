import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { describeWithData, testDataFolder } from '../../helpers/test-data.ts';
import { adminRequest, signedRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';
import type { Message, StreamClient } from '../support/stream-client.ts';
import { subscribeUser } from '../support/user-stream.ts';

const PREFIX = 'user_data_json__';
/** The venue has no lists of orders, so it never reports one. */
const NOT_MODELLED = ['list_status_wrapped.json'];

/** The kinds of all values by their path; elements of a list share one. */
function shapeOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => shapeOf(item, `${path}[]`)))].toSorted();
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .flatMap(([name, inner]) => shapeOf(inner, `${path}.${name}`))
      .toSorted();
  }
  return [`${path}: ${value === null ? 'null' : typeof value}`];
}

describeWithData('user data beside messages that others wrote down', () => {
  const folder = () => `${testDataFolder()}/execution/wire-fixtures/binance-spot`;
  const fixtures = () =>
    readdirSync(folder())
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => ({
        name: name.slice(PREFIX.length),
        message: JSON.parse(readFileSync(`${folder()}/${name}`, 'utf8')),
      }));
  let venue: RunningVenue;
  let client: StreamClient;
  let events: readonly Message[];

  beforeAll(async () => {
    venue = await startVenue({ kind: 'synthetic', seed: 7 }, { balances: { USDT: '1000000', BTC: '20' } });
    client = await subscribeUser(venue);
    const order = (parameters: Readonly<Record<string, string>>) =>
      signedRequest(venue.rest, 'POST', '/api/v3/order', {
        symbol: 'BTCUSDT',
        side: 'BUY',
        quantity: '0.001',
        ...parameters,
      });
    await order({ type: 'MARKET' });
    await order({ type: 'LIMIT', timeInForce: 'IOC', price: '10000' });
    await order({ type: 'LIMIT', timeInForce: 'GTC', price: '10000', newClientOrderId: 'rests' });
    await signedRequest(venue.rest, 'DELETE', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'rests' });
    await order({ type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', price: '10000', stopPrice: '10000', side: 'SELL' });
    await adminRequest(venue.admin, 'POST', '/transfers', { asset: 'BTC', amount: '1' });
    await client.next(({ event }) => event?.e === 'balanceUpdate');
    await client.next(({ event }) => event?.e === 'outboundAccountPosition');
    events = client.received.filter((message) => 'event' in message);
  });

  afterAll(async () => {
    await client.close();
    await venue.server.close();
  });

  it('has every key of each of them with a value of the same kind', () => {
    const compared = fixtures().filter(({ name }) => !NOT_MODELLED.includes(name));
    expect(compared.length).toBeGreaterThanOrEqual(10);
    for (const { name, message } of compared) {
      const wrapped = 'event' in message;
      const expected = wrapped ? message.event : message;
      const alike = events.filter(({ event }) => event.e === expected.e && event.x === expected.x);
      const ours = alike.find(({ event }) => event.o === expected.o) ?? alike[0];
      if (expected.o === 'STOP_LOSS_LIMIT') expect(ours.event.o).toBe('STOP_LOSS_LIMIT');
      expect({ name, shape: shapeOf(wrapped ? ours : ours?.event) }).toEqual({
        name,
        shape: expect.arrayContaining([...shapeOf(message)]),
      });
    }
  });

  it('has no key that none of them has', () => {
    const keys = (event: string) =>
      new Set(
        fixtures()
          .map(({ message }) => message.event ?? message)
          .filter(({ e }) => e === event)
          .flatMap((message) => Object.keys(message)),
      );
    for (const { event } of events) {
      for (const key of Object.keys(event)) expect([...keys(event.e)]).toContain(key);
    }
  });

  it('knows every file of the collection', () => {
    const names = fixtures().map(({ name }) => name);
    for (const name of NOT_MODELLED) expect(names).toContain(name);
    // NEW, TRADE, EXPIRED and CANCELED, two events of balances.
    expect(new Set(events.map(({ event }) => `${event.e} ${event.x ?? ''}`.trim()))).toEqual(
      new Set([
        'executionReport NEW',
        'executionReport TRADE',
        'executionReport EXPIRED',
        'executionReport CANCELED',
        'outboundAccountPosition',
        'balanceUpdate',
      ]),
    );
  });
});
