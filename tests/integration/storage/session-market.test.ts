import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LastPriceStore } from '../../../adapters/ports/last-prices.ts';
import type { RunningCandle, RunningCandleStore } from '../../../adapters/ports/running-candles.ts';
import type { SessionInterest } from '../../../adapters/ports/session-signals.ts';
import { StreamsSuperseded } from '../../../adapters/ports/stream-health.ts';
import { createCandleParts } from '../../../adapters/storage/candle-parts.ts';
import { createClosedCandleStore } from '../../../adapters/storage/closed-candles.ts';
import { createLastPrices } from '../../../adapters/storage/last-prices.ts';
import { createLiveTape } from '../../../adapters/storage/live-tape.ts';
import { createMarketWatch } from '../../../adapters/storage/market-watch.ts';
import { createRunningCandles } from '../../../adapters/storage/running-candles.ts';
import { createStreamHealthStore } from '../../../adapters/storage/stream-health.ts';
import { createWatchList } from '../../../adapters/storage/watch-list.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import { insertSession } from './session-row.ts';
import { openStorage, START, type Storage } from './storage.ts';

const BTC = 'BTC/USDT';
const ETH = 'ETH/USDT';
const SECOND = START / 1000;

let storage: Storage;
let sessions: ReturnType<typeof createStreamHealthStore>;
let session: number;
beforeAll(async () => {
  storage = await openStorage();
  sessions = createStreamHealthStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  session = await sessions.begin('sim');
});

describe('last prices', () => {
  let prices: LastPriceStore;
  beforeEach(() => {
    prices = createLastPrices(storage.database);
  });
  const price = { symbol: BTC, last: '60000.10', bid: '60000', ask: '60000.2', at: START, receivedAt: START + 40 };

  it('are those of the newest message, and unknown before', async () => {
    await expect(prices.last('sim', BTC)).resolves.toBeNull();
    await prices.save('sim', session, [price, { ...price, symbol: ETH, last: null, at: null, ask: null }]);
    await expect(prices.last('sim', BTC)).resolves.toEqual({
      last: '60000.1',
      bid: '60000',
      ask: '60000.2',
      at: START,
      receivedAt: START + 40,
    });
    await expect(prices.last('sim', ETH)).resolves.toMatchObject({ last: null, bid: '60000', ask: null, at: null });
    await prices.save('sim', session, [{ ...price, last: '59000', receivedAt: START + 41 }]);
    await expect(prices.last('sim', BTC)).resolves.toMatchObject({ last: '59000' });
  });

  it('keep the last print when a worker that has just begun has seen none', async () => {
    await prices.save('sim', session, [price]);
    await prices.save('sim', session, [{ ...price, last: null, at: null, bid: '1', receivedAt: START + 50 }]);
    await expect(prices.last('sim', BTC)).resolves.toMatchObject({ last: '60000.1', at: START, bid: '1' });
  });

  it('are not taken from an older session, nor an older message', async () => {
    await prices.save('sim', session, [price]);
    await prices.save('sim', session, [{ ...price, last: '1', receivedAt: START + 39 }]);
    await sessions.begin('sim');
    await prices.save('sim', session, [{ ...price, last: '2', receivedAt: START + 90 }]);
    await expect(prices.last('sim', BTC)).resolves.toMatchObject({ last: '60000.1' });
  });

  it('range over the tape from the first whole second on, where it is covered', async () => {
    const second = (offset: number, high: string, low: string) => ({
      second: SECOND + offset,
      quantity: '1',
      prints: 2,
      high,
      low,
    });
    const seconds = [second(0, '90', '10'), second(1, '60', '9.5'), second(2, '61', '50'), second(9, '70', '55')];
    const coverage = { completeFrom: START, completeUntil: START + 9_800, nextId: 7 };
    await createLiveTape(storage.database).save('sim', session, BTC, seconds, coverage);
    const range = (since: number) => prices.range('sim', BTC, START + since);
    await expect(range(0)).resolves.toEqual({ high: '90', low: '9.5' });
    await expect(range(1)).resolves.toEqual({ high: '70', low: '9.5' });
    await expect(range(1_001)).resolves.toEqual({ high: '70', low: '50' });
    // Nothing was printed since; and before the tape nothing is known.
    await expect(range(9_001)).resolves.toBeNull();
    await expect(range(-1_000)).resolves.toBeNull();
    await storage.database.query('update live_tape set high = null, low = null where second = $1', [SECOND + 2]);
    await expect(range(0)).resolves.toBeNull();
    await expect(range(3_000)).resolves.toEqual({ high: '70', low: '55' });
  });
});

describe('open candles', () => {
  const stream = { venue: 'sim', symbol: BTC, timeframe: '5s' };
  const piece = { stream: { ...stream, timeframe: '1s' }, candle: { time: START, high: 101.5, low: 99, volume: 0 } };
  let running: RunningCandleStore;
  beforeEach(async () => {
    running = createRunningCandles(storage.database);
    await createCandleParts(storage.database).choose('sim', '5s', ['1s']);
  });

  it('are those that candles of a timeframe are made of, the newest only', async () => {
    await expect(running.find(stream)).resolves.toBeNull();
    await running.save('sim', session, [piece]);
    await expect(running.find(stream)).resolves.toEqual(piece.candle);
    const next = { time: START + 1_000, high: 102, low: 98.5, volume: 3 };
    await running.save('sim', session, [{ ...piece, candle: next }]);
    await expect(running.find(stream)).resolves.toEqual(next);
    await expect(running.find({ ...stream, symbol: ETH })).resolves.toBeNull();
  });

  it('are not taken from an older session', async () => {
    await sessions.begin('sim');
    await expect(running.save('sim', session, [piece])).rejects.toThrow(StreamsSuperseded);
  });

  it('wake who has seen another one, and nobody else', async () => {
    const watch = createMarketWatch(storage.database);
    const waits = (seen: RunningCandle | null) => ({
      sessionId: 's',
      streams: [],
      afterBar: null,
      executionIds: [],
      watched: [],
      running: [{ stream, seen }],
    });
    await expect(watch.look([waits(null), waits(piece.candle)])).resolves.toEqual([null, 'price']);
    await running.save('sim', session, [piece]);
    await expect(watch.look([waits(null), waits(piece.candle)])).resolves.toEqual(['price', null]);
    const others = [{ high: 102 }, { low: 98 }, { time: START - 1_000 }, { volume: 2 }].map((change) =>
      waits({ ...piece.candle, ...change }),
    );
    await expect(watch.look(others)).resolves.toEqual(['price', 'price', 'price', 'price']);
  });
});

describe('what sessions wait for', () => {
  const interest = (given: Partial<SessionInterest> = {}): SessionInterest => ({
    sessionId: 's',
    streams: [{ venue: 'sim', symbol: BTC, timeframe: '5s' }],
    afterBar: null,
    executionIds: [],
    watched: [],
    ...given,
  });
  /** Stores seconds of a symbol from `from` on, covered to `until`: both not included. */
  async function store(symbol: string, until: number, from = 0): Promise<void> {
    const builder = new CandleBuilder(symbol, '1s');
    for (let s = from; s < until; s += 1) builder.add(START + s * 1_000, 1, 1, 1, 1, 1);
    await createClosedCandleStore(storage.database).save('sim', session, [
      {
        stream: { venue: 'sim', symbol, timeframe: '1s' },
        candles: builder.take(),
        coverage: { from: START, last: START + (until - 1) * 1_000, unavailableBefore: null },
      },
    ]);
  }
  const market = () => createMarketWatch(storage.database);
  beforeEach(() => createCandleParts(storage.database).choose('sim', '5s', ['1s']));

  it('is a bar that has closed behind the last, and none that is half done', async () => {
    const watch = market();
    await expect(watch.look([interest()])).resolves.toEqual([null]);
    await store(BTC, 4);
    await expect(watch.look([interest()])).resolves.toEqual([null]);
    await store(BTC, 5, 4);
    await expect(watch.look([interest(), interest({ afterBar: START })])).resolves.toEqual(['bar', null]);
    await store(BTC, 9, 5);
    await expect(watch.look([interest({ afterBar: START })])).resolves.toEqual([null]);
    await store(BTC, 10, 9);
    await expect(watch.look([interest({ afterBar: START })])).resolves.toEqual(['bar']);
  });

  it('is a bar of all its symbols', async () => {
    const watch = market();
    const both = interest({ streams: [BTC, ETH].map((symbol) => ({ venue: 'sim', symbol, timeframe: '5s' })) });
    await store(BTC, 5);
    await expect(watch.look([both])).resolves.toEqual([null]);
    await store(ETH, 5);
    await expect(watch.look([both])).resolves.toEqual(['bar']);
    await expect(watch.look([{ ...both, afterBar: START }])).resolves.toEqual([null]);
    await store(ETH, 10, 5);
    await expect(watch.look([{ ...both, afterBar: START }])).resolves.toEqual([null]);
    await store(BTC, 10, 5);
    await expect(watch.look([{ ...both, afterBar: START }])).resolves.toEqual(['bar']);
  });

  it.each([
    ['above its upper one', '60001', '60000.5', null, 'price'],
    ['at its upper one', '60001', '60001', null, 'price'],
    ['below its upper one', '60000.99', '60001', null, null],
    ['below its lower one', '9.9', null, '10', 'price'],
    ['at its lower one', '10.0', null, '10', 'price'],
    ['above its lower one', '10.01', null, '10', null],
  ] as const)('is a price %s', async (_, last, above, below, told) => {
    await createLastPrices(storage.database).save('sim', session, [
      { symbol: BTC, last, bid: null, ask: null, at: START, receivedAt: START },
    ]);
    const watched = [{ venue: 'sim', symbol: BTC, above, below }];
    await expect(market().look([interest(), interest({ watched })])).resolves.toEqual([null, told]);
  });

  it('costs as many statements for a hundred as for two', async () => {
    await store(BTC, 5);
    await store(ETH, 5);
    let statements = 0;
    const counted = Object.create(storage.database, {
      query: {
        value: (...given: Parameters<typeof storage.database.query>) => {
          statements += 1;
          return storage.database.query(...given);
        },
      },
    }) as typeof storage.database;
    const all = Array.from({ length: 100 }, (_, index) =>
      interest({
        sessionId: `s${index}`,
        streams: [{ venue: 'sim', symbol: index % 2 === 0 ? BTC : ETH, timeframe: '5s' }],
        watched: [{ venue: 'sim', symbol: BTC, above: '1', below: null }],
      }),
    );
    await createMarketWatch(counted).look(all);
    // What the timeframe is made of for each stream, once; coverage; newest bars; prices.
    expect(statements).toBeLessThanOrEqual(5);
    expect(await createMarketWatch(storage.database).look(all)).toEqual(all.map(() => 'bar'));
  });
});

describe('what is watched for sessions', () => {
  it('are their symbols, with the part that their timeframe is made of, from the earliest candle that one of them needs', async () => {
    await insertSession(storage.database, 'a', {
      symbols: [BTC, ETH],
      timeframe: '5s',
      firstCandle: START - 100 * 1_000,
    });
    await insertSession(storage.database, 'b', {
      symbols: [BTC],
      timeframe: '10s',
      firstCandle: START - 900 * 1_000,
      status: 'paused',
    });
    await insertSession(storage.database, 'c', {
      symbols: [BTC],
      timeframe: '15m',
      firstCandle: START - 9_000 * 1_000,
      status: 'stopping',
    });
    await insertSession(storage.database, 'd', {
      symbols: [BTC, 'XRP/USDT'],
      timeframe: '5s',
      firstCandle: START - 99_000 * 1_000,
      status: 'stopped',
      endedHoursAgo: 25,
    });
    await insertSession(storage.database, 'e', {
      symbols: [ETH],
      timeframe: '5s',
      firstCandle: START - 99_000 * 1_000,
      status: 'failed',
      endedHoursAgo: 25,
    });
    const list = createWatchList(storage.database, {
      configured: [],
      standard: ['1m'],
      timeframesOf: () => ['1s', '1m', '5m', '15m', '1M'],
    });
    await expect(list.watched('sim')).resolves.toEqual([
      {
        symbol: BTC,
        candles: [
          { timeframe: '1m', since: null },
          { timeframe: '1s', since: START - 900_000 },
          { timeframe: '15m', since: START - 9_000_000 },
        ],
      },
      {
        symbol: ETH,
        candles: [
          { timeframe: '1m', since: null },
          { timeframe: '1s', since: START - 100_000 },
        ],
      },
    ]);
    await expect(list.watched('other')).resolves.toEqual([]);
  });

  it('keep what a session needed for a day after its end where it is watched still, and are not watched for it', async () => {
    const ended = { status: 'stopped', endedHoursAgo: 23, firstCandle: START - 9_000_000 };
    await insertSession(storage.database, 'a', { symbols: [BTC], timeframe: '5s', firstCandle: START });
    await insertSession(storage.database, 'b', { ...ended, symbols: [BTC, ETH], timeframe: '10s' });
    await insertSession(storage.database, 'c', { ...ended, symbols: [BTC], timeframe: '15m' });
    const list = createWatchList(storage.database, {
      configured: [],
      standard: ['1m'],
      timeframesOf: () => ['1s', '1m', '15m'],
    });
    await expect(list.watched('sim')).resolves.toEqual([
      {
        symbol: BTC,
        candles: [
          { timeframe: '1m', since: null },
          { timeframe: '1s', since: START - 9_000_000 },
        ],
      },
    ]);
  });
});

describe('a connection of the streams of an account', () => {
  it('is an event about its venue, told by the newest session alone', async () => {
    await sessions.accountConnected('sim', session, 1);
    await sessions.accountConnected('sim', session, 2);
    const { rows } = await storage.database.query('select kind, subject, payload from outbox order by id');
    expect(rows).toEqual([
      { kind: 'account.connected', subject: 'sim', payload: { session, connection: 1 } },
      { kind: 'account.connected', subject: 'sim', payload: { session, connection: 2 } },
    ]);
    await sessions.begin('sim');
    await expect(sessions.accountConnected('sim', session, 3)).rejects.toThrow(StreamsSuperseded);
  });
});
