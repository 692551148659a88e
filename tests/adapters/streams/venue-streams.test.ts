import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CandleCoverage, ClosedCandleStore } from '../../../adapters/ports/closed-candles.ts';
import type { StoredPrice } from '../../../adapters/ports/last-prices.ts';
import { type StreamHealth, StreamsSuperseded } from '../../../adapters/ports/stream-health.ts';
import type { TapeCoverage, TapeSecond } from '../../../adapters/ports/tape-store.ts';
import type { StreamReport } from '../../../adapters/ports/venue-streams.ts';
import type { WatchedSymbol } from '../../../adapters/ports/watch-list.ts';
import type { StreamVenue } from '../../../adapters/streams/stream-venue.ts';
import { createVenueStreams } from '../../../adapters/streams/venue-streams.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';
import { until } from '../../helpers/rig-until.ts';
import { FakeStreamClient } from './fake-stream-client.ts';

const SYMBOL = 'BTC/USDT';

let clients: FakeStreamClient[];
let prints: PublicTrade[];
let watched: WatchedSymbol[];
let saved: StreamHealth[];
let seconds: Map<number, TapeSecond>;
let coverage: TapeCoverage | null;
let session: number;
let candleCoverage: CandleCoverage | null;
let connections: number[];
let closed: string[];
let prices: Map<string, StoredPrice>;
let databaseFails: boolean;
let venueClosed: boolean;
let log: string[];
let reports: StreamReport[];
let ended: AbortController;
let running: Promise<void>;
beforeEach(() => {
  clients = [];
  prints = [];
  watched = [];
  saved = [];
  seconds = new Map();
  coverage = null;
  session = 0;
  candleCoverage = null;
  connections = [];
  closed = [];
  prices = new Map();
  databaseFails = false;
  venueClosed = false;
  log = [];
  reports = [];
  ended = new AbortController();
  running = start();
});
afterEach(async () => {
  ended.abort();
  await running.catch(() => undefined);
});

function start(): Promise<void> {
  const database = async <T>(work: () => T): Promise<T> => {
    if (databaseFails) throw new Error('the database is away');
    return work();
  };
  const fenced = (own: number): void => {
    if (own !== session) throw new StreamsSuperseded('sim', own);
  };
  const candles: Pick<ClosedCandleStore, 'coverage' | 'save' | 'prune'> = {
    coverage: async () => candleCoverage,
    save: (_venue, own, pieces) =>
      database(() => {
        fenced(own);
        closed.push(...pieces.map(({ stream, candles: made }) => `${stream.timeframe} ${made.length}`));
      }),
    prune: async () => undefined,
  };
  const venue: StreamVenue = {
    venueId: 'sim',
    openClient: async () => {
      const client = new FakeStreamClient();
      clients.push(client);
      return client;
    },
    tapeSource: async () => ({
      pageSize: 100,
      firstIdSince: async (at) => {
        const first = prints.find((print) => print.at >= at);
        return first === undefined ? null : Number(first.tradeId);
      },
      pageFrom: async (id) => prints.filter(({ tradeId }) => Number(tradeId) >= id),
      latest: async () => prints.at(-1) ?? null,
    }),
    quote: () => Promise.reject(new Error('not asked for')),
    fillsSince: async () => [],
    ordersSince: async () => [],
    findByOrderId: async () => null,
    openOrders: async () => [],
    venueNow: () => Date.now(),
    measureClock: async () => 0,
    close: async () => {
      venueClosed = true;
    },
  };
  const streams = createVenueStreams({
    openVenue: async () => venue,
    candleSource: {
      page: async (symbol, timeframe, _from, to) => ({
        candles: new CandleBuilder(symbol, timeframe).take(),
        next: to,
      }),
      newest: async () => null,
    },
    marketTime: 'wall',
    watchList: { watched: () => database(() => watched) },
    health: {
      begin: () => database(() => (session += 1)),
      accountConnected: (_venue, own, connection) =>
        database(() => {
          fenced(own);
          connections.push(connection);
        }),
      save: (_venue, own, all) =>
        database(() => {
          fenced(own);
          saved = [...all];
        }),
      list: async () => [],
    },
    tapes: {
      coverage: () => database(() => coverage),
      save: (_venue, own, _symbol, written, covered) =>
        database(() => {
          fenced(own);
          for (const each of written) seconds.set(each.second, each);
          coverage = covered;
        }),
      prune: async () => undefined,
    },
    candles,
    running: { save: () => Promise.reject(new Error('a market by the clock keeps no open candle')) },
    prices: {
      save: (_venue, _own, changed) =>
        database(() => {
          for (const each of changed) prices.set(each.symbol, each);
        }),
    },
    intake: { acceptStreamFill: async () => 'counted' },
    orderedSymbols: { open: async () => [], recent: async () => [] },
    clock: { now: () => Date.now() },
    log: (message) => log.push(message),
  });
  return streams.run(ended.signal, (report) => reports.push(report));
}

const printed = (): number => [...seconds.values()].reduce((sum, each) => sum + each.prints, 0);
const print = (id: number): PublicTrade => {
  const made = { tradeId: String(id), price: '60000', quantity: '0.1', at: Date.now() };
  prints.push(made);
  return made;
};
/** The client over which that kind is watched. */
const clientOf = (kind: 'trades' | 'orders' | 'candles'): Promise<FakeStreamClient> =>
  until(`a client for ${kind}`, async () => clients.find((client) => client.isAsked(kind)) ?? null);

describe('the streams of a venue', () => {
  it('are those of the account, and of symbols as soon as they are wanted', async () => {
    await until('the account', async () => saved.length === 3);
    expect(saved.map(({ kind }) => kind)).toEqual(['orders', 'my-trades', 'balance']);
    watched = [
      {
        symbol: SYMBOL,
        candles: [
          { timeframe: '1m', since: null },
          { timeframe: '5m', since: null },
        ],
      },
    ];
    await until('the symbol', async () => saved.length === 8);
    expect(saved.slice(3).map(({ kind, timeframe }) => `${kind} ${timeframe ?? ''}`.trim())).toEqual([
      'order-book',
      'bids-asks',
      'trades',
      'candles 1m',
      'candles 5m',
    ]);
    watched = [{ symbol: SYMBOL, candles: [{ timeframe: '5m', since: null }] }];
    await until('a timeframe to be left', async () => saved.length === 7);
    expect(reports.at(-1)).toMatchObject({ session: 1, streams: 7 });
  });

  it('store what has come as soon as the database is back', async () => {
    watched = [{ symbol: SYMBOL, candles: [] }];
    print(7);
    const client = await clientOf('trades');
    await until('the tape to begin', async () => coverage !== null);
    databaseFails = true;
    await client.say('trades', [print(8)]);
    await until('the failure to be told', async () => log.includes('streams cannot be stored: the database is away'));
    await client.say('trades', [print(9)]);
    expect(printed()).toBe(1);
    databaseFails = false;
    await until('all prints to be stored', async () => printed() === 3);
    expect(session).toBe(1);
  });

  it('store a candle that has closed, and the last prices, before anything else is due', async () => {
    watched = [{ symbol: SYMBOL, candles: [{ timeframe: '1m', since: null }] }];
    // The running minute, which only the venue's word can close: nothing of it is read from the history meanwhile.
    const open = Math.floor(Date.now() / 60_000) * 60_000;
    candleCoverage = { from: open - 600_000, last: open - 60_000, unavailableBefore: null };
    const client = await clientOf('candles');
    databaseFails = true;
    await client.say('candles', { bars: [[open, 1, 2, 0.5, 1.5, 3]], closed: [open] });
    await until('the failure to be told', async () => log.includes('candles cannot be stored: the database is away'));
    databaseFails = false;
    await until('the candle', async () => closed.includes('1m 1'));
    const last = print(7);
    await client.say('trades', [last]);
    await client.say('bids-asks', { bid: ['59999', '1'], ask: null });
    await until('its prices', async () => prices.get(SYMBOL)?.bid === '59999' && prices.get(SYMBOL)?.last === '60000');
    expect(prices.get(SYMBOL)).toMatchObject({ ask: null, at: last.at });
    expect(connections).toEqual([1]);
  }, 30_000);

  it('wait for the database before they begin', async () => {
    ended.abort();
    await running;
    const before = session;
    saved = [];
    databaseFails = true;
    ended = new AbortController();
    running = start();
    await until('the failure to be told', async () => log.includes('the session cannot begin: the database is away'));
    databaseFails = false;
    await until('the account', async () => saved.length === 3);
    expect(session).toBe(before + 1);
  });

  it('end when another process has taken over, and write no more', async () => {
    await until('the account', async () => saved.length === 3);
    session += 1;
    saved = [];
    await expect(running).rejects.toThrow(StreamsSuperseded);
    expect(saved).toEqual([]);
    expect(venueClosed).toBe(true);
    expect(clients.every(({ closed }) => closed)).toBe(true);
  });

  it('end when they are told to, with the last prints stored', async () => {
    watched = [{ symbol: SYMBOL, candles: [{ timeframe: '1m', since: null }] }];
    print(7);
    const client = await clientOf('trades');
    await until('the tape to begin', async () => coverage !== null);
    await client.say('trades', [print(8)]);
    await client.asked('trades');
    ended.abort();
    await running;
    expect(printed()).toBe(2);
    expect(clients.every(({ closed }) => closed)).toBe(true);
    expect(venueClosed).toBe(true);
  });
});
