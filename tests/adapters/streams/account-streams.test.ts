import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import type { FillIntakeOutcome } from '../../../adapters/ports/fill-intake.ts';
import { VenueReadError } from '../../../adapters/ports/venue.ts';
import { AccountStreams } from '../../../adapters/streams/account-streams.ts';
import type { StreamVenue } from '../../../adapters/streams/stream-venue.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { VenueOrder } from '../../../domain/orders/order.ts';
import { until } from '../../helpers/rig-until.ts';
import { FakeClock } from '../../activities/fakes/fake-clock.ts';
import { FakeStreamClient } from './fake-stream-client.ts';

const SYMBOL = 'BTC/USDT';
const START = Date.UTC(2026, 10, 26, 9, 0, 0);
/** The venue's clock is that much ahead. */
const AHEAD_MS = 1_270;

const fillOf = (tradeId: string, at: number): Fill => ({
  tradeId,
  orderId: `order-${tradeId}`,
  symbol: SYMBOL,
  side: 'buy',
  price: '60000',
  quantity: '0.1',
  fee: '0.0001',
  feeAsset: 'BTC',
  maker: false,
  at,
});
const orderOf = (orderId: string, acceptedAt: number, given: Partial<VenueOrder> = {}): VenueOrder => ({
  orderId,
  clientOrderId: `client-${orderId}`,
  symbol: SYMBOL,
  side: 'buy',
  status: 'open',
  price: '60000',
  quantity: '0.1',
  filled: '0',
  acceptedAt,
  ...given,
});

let clock: FakeClock;
let clients: FakeStreamClient[];
/** What the venue lists, and what it shows of single orders. */
let atVenue: { fills: Fill[]; open: VenueOrder[]; orders: VenueOrder[]; byId: VenueOrder[] };
let asked: string[];
let openSymbols: string[];
let accepted: string[];
let stored: Set<string>;
let intakeFails: boolean;
let venueFails: boolean;
let connections: number[] = [];
let streams: AccountStreams;
beforeEach(async () => {
  connections = [];
  clock = new FakeClock(START);
  clients = [];
  atVenue = { fills: [], open: [], orders: [], byId: [] };
  asked = [];
  openSymbols = [SYMBOL];
  accepted = [];
  stored = new Set();
  intakeFails = false;
  venueFails = false;
  const venue: StreamVenue = {
    venueId: 'sim',
    openClient: async () => {
      const client = new FakeStreamClient();
      clients.push(client);
      return client;
    },
    tapeSource: () => Promise.reject(new Error('not asked for')),
    quote: () => Promise.reject(new Error('not asked for')),
    fillsSince: async (symbol, since) => {
      asked.push(`fills of ${symbol} since ${since - START}`);
      if (symbol !== SYMBOL) throw new VenueReadError('the venue has no such market', { code: 'NO_SUCH_MARKET' });
      if (venueFails) throw new VenueReadError('the venue is away');
      return atVenue.fills.filter(({ at }) => at >= since);
    },
    ordersSince: async () => atVenue.orders,
    findByOrderId: async (_symbol, orderId) => atVenue.byId.find((order) => order.orderId === orderId) ?? null,
    openOrders: async () => atVenue.open,
    venueNow: () => clock.now() + AHEAD_MS,
    measureClock: async () => AHEAD_MS,
    close: async () => undefined,
  };
  streams = new AccountStreams({
    venue,
    intake: {
      acceptStreamFill: async (_venue, fill, clientOrderId, orderId): Promise<FillIntakeOutcome> => {
        if (intakeFails) throw new Error('the database is away');
        accepted.push(`${fill.tradeId} of ${clientOrderId ?? 'nobody'} ${orderId}`);
        const isNew = !stored.has(fill.tradeId);
        stored.add(fill.tradeId);
        return isNew ? 'counted' : 'known';
      },
    },
    orderedSymbols: { open: async () => openSymbols, recent: async () => [SYMBOL] },
    clock,
    onConnected: async (connection) => {
      if (intakeFails) throw new Error('the database is away');
      connections.push(connection);
    },
    log: () => undefined,
  });
  await until('the first connection', async () => clients.length === 1);
  await clients[0]!.asked('balance').then(() => undefined);
});
afterEach(() => streams.close());

async function tick(ms: number): Promise<void> {
  clock.advance(ms);
  streams.tick();
  // The comparison is a chain of promises that are all settled.
  for (let i = 0; i < 20; i += 1) await turn();
}

const gaps = (): number => Math.max(...streams.health().map((each) => each.gaps));
const statuses = (): string[] => [...new Set(streams.health().map(({ status }) => status))];

describe('the streams of an account', () => {
  it('are compared two seconds after they were opened, over the last ten minutes, and then live', async () => {
    expect(statuses()).toEqual(['connecting']);
    await tick(2_000);
    expect(asked).toEqual([`fills of ${SYMBOL} since ${2_000 + AHEAD_MS - 600_000}`]);
    expect(statuses()).toEqual(['live']);
    expect(gaps()).toBe(0);
  });

  it('hand in each trade with the order that its message names', async () => {
    const fill = fillOf('7', START);
    await clients[0]!.say('my-trades', [{ fill, clientOrderId: 'ours' }], START);
    await until('the trade to be handed in', async () => accepted.length > 0);
    expect(accepted).toEqual(['7 of ours order-7']);
  });

  it('tell each connection, as soon as that can be taken', async () => {
    expect(connections).toEqual([1]);
    intakeFails = true;
    await clients[0]!.fail('orders', new Error('cut'));
    await until('a new connection', async () => clients.length === 2);
    await tick(250);
    expect(connections).toEqual([1]);
    intakeFails = false;
    await tick(250);
    expect(connections).toEqual([1, 2]);
    await tick(250);
    expect(connections).toEqual([1, 2]);
  });

  it('keep a trade while the database is away, and hand it in once', async () => {
    intakeFails = true;
    await clients[0]!.say('my-trades', [{ fill: fillOf('7', START), clientOrderId: 'ours' }], START);
    await tick(250);
    expect(accepted).toEqual([]);
    intakeFails = false;
    await tick(1_000);
    await tick(250);
    expect(accepted).toEqual(['7 of ours order-7']);
  });

  it('are compared every half minute while orders are open, with a minute of overlap', async () => {
    await tick(2_000);
    await tick(29_999);
    expect(asked).toHaveLength(1);
    await tick(1);
    expect(asked[1]).toBe(`fills of ${SYMBOL} since ${2_000 + AHEAD_MS - 60_000}`);
  });

  it('are compared once more after the last order has ended, and then every five minutes', async () => {
    await tick(2_000);
    openSymbols = [];
    await tick(30_000);
    expect(asked).toHaveLength(2);
    await tick(30_000);
    expect(asked).toHaveLength(3);
    await tick(299_999);
    expect(asked).toHaveLength(3);
    await tick(1);
    expect(asked).toHaveLength(4);
  });

  it('that did not show a trade are opened anew, and the trade is handed in with the order it belongs to', async () => {
    await tick(2_000);
    const at = clock.now() + AHEAD_MS + 100;
    atVenue.fills.push(fillOf('8', at));
    atVenue.orders.push(orderOf('order-8', at, { clientOrderId: 'ours', status: 'filled', filled: '0.1' }));
    await tick(30_000);
    expect(accepted).toEqual(['8 of ours order-8']);
    expect(gaps()).toBe(1);
    await until('a new connection', async () => clients.length === 2);
    expect(clients[0]!.closed).toBe(true);
    // Its own comparison finds nothing more.
    await tick(2_000);
    expect([clients.length, accepted.length, gaps()]).toEqual([2, 1, 1]);
  });

  it('are not suspected of what may still be under way, nor of what was before them', async () => {
    atVenue.fills.push(fillOf('1', START - 60_000));
    atVenue.orders.push(
      orderOf('order-1', START, { clientOrderId: null }),
      orderOf('order-9', START, { clientOrderId: null }),
    );
    await tick(2_000);
    await tick(29_000);
    atVenue.fills.push(fillOf('9', clock.now() + AHEAD_MS));
    await tick(1_000);
    expect(gaps()).toBe(0);
    expect(accepted.toSorted()).toEqual(['1 of nobody order-1', '9 of nobody order-9']);
  });

  it('leave a trade to the next comparison whose order the venue does not show: it may be ours', async () => {
    await tick(2_000);
    atVenue.fills.push(fillOf('8', clock.now() + AHEAD_MS + 100));
    await tick(30_000);
    expect(accepted).toEqual([]);
    await until('a new connection', async () => clients.length === 2);
    await tick(2_000);
    expect(accepted).toEqual([]);
    // Its list still lags behind, and the order itself does not.
    atVenue.byId.push(orderOf('order-8', START, { clientOrderId: 'ours', status: 'filled', filled: '0.1' }));
    await tick(30_000);
    expect(accepted).toEqual(['8 of ours order-8']);
  });

  it('that show an order as open which the venue holds no more have left out its end', async () => {
    await clients[0]!.say('orders', [orderOf('5', START)], START);
    await tick(2_000);
    expect(gaps()).toBe(0);
    await tick(30_000);
    expect(gaps()).toBe(1);
    expect(streams.health()[0]!.lastError).toBe('the streams did not show the end of order 5');
  });

  it('that do not show an order which rests at the venue have left it out', async () => {
    await tick(2_000);
    atVenue.open.push(orderOf('6', clock.now() + AHEAD_MS + 1));
    await tick(30_000);
    expect(streams.health()[0]!.lastError).toBe(`the streams did not show order 6 of ${SYMBOL}`);
  });

  it('agree with the venue on an order that they have shown', async () => {
    const order = orderOf('6', START + AHEAD_MS + 1);
    await clients[0]!.say('orders', [order], START);
    atVenue.open.push(order);
    await tick(2_000);
    await tick(30_000);
    expect(gaps()).toBe(0);
  });

  it('are compared for the other symbols when one is listed no more', async () => {
    openSymbols = ['OLD/USDT', SYMBOL];
    await tick(2_000);
    expect(asked).toHaveLength(2);
    expect(statuses()).toEqual(['live']);
  });

  it('try the comparison again while the venue does not answer', async () => {
    venueFails = true;
    await tick(2_000);
    expect(statuses()).toEqual(['connecting']);
    venueFails = false;
    await tick(2_000);
    expect(statuses()).toEqual(['live']);
  });

  it('are opened anew, all of them, when one is lost', async () => {
    await tick(2_000);
    await clients[0]!.fail('orders', new Error('closed with code 1006'));
    await until('a new connection', async () => clients.length === 2);
    await until('all streams to go on', async () => streams.health().every(({ reconnects }) => reconnects === 1));
    await tick(2_000);
    expect(asked).toHaveLength(2);
    expect(statuses()).toEqual(['live']);
  });
});
