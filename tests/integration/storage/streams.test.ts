import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClosedCandleStore } from '../../../adapters/ports/closed-candles.ts';
import type { LiveTape } from '../../../adapters/ports/live-tape.ts';
import { type StreamHealth, StreamsSuperseded } from '../../../adapters/ports/stream-health.ts';
import type { TapeSecond, TapeStore } from '../../../adapters/ports/tape-store.ts';
import { createClosedCandleStore } from '../../../adapters/storage/closed-candles.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createLiveTape } from '../../../adapters/storage/live-tape.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createOrderedSymbols } from '../../../adapters/storage/ordered-symbols.ts';
import { createStreamHealthStore } from '../../../adapters/storage/stream-health.ts';
import { createWatchList } from '../../../adapters/storage/watch-list.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { decisionOf, executionOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

const SYMBOL = 'BTC/USDT';
const SECOND = START / 1000;
const MINUTE = 60_000;

let storage: Storage;
let sessions: ReturnType<typeof createStreamHealthStore>;
let tape: LiveTape & TapeStore;
let candles: ClosedCandleStore;
beforeAll(async () => {
  storage = await openStorage();
  sessions = createStreamHealthStore(storage.database);
  tape = createLiveTape(storage.database);
  candles = createClosedCandleStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const BOOK: StreamHealth = {
  venue: 'sim',
  kind: 'order-book',
  symbol: SYMBOL,
  timeframe: null,
  status: 'live',
  exchangeAt: START + 5,
  receivedAt: START + 1_275,
  messages: 3,
  gaps: 0,
  reconnects: 1,
  stale: 2,
  lastError: null,
};
const ORDERS: StreamHealth = { ...BOOK, kind: 'orders', symbol: null, exchangeAt: null, lastError: 'cut' };
const CANDLES: StreamHealth = { ...BOOK, kind: 'candles', timeframe: '1m' };

describe('the health of streams', () => {
  it('is what was last saved, of every venue, with the age of the figures', async () => {
    const session = await sessions.begin('sim');
    await sessions.save('sim', session, [BOOK, ORDERS, CANDLES]);
    const other = await sessions.begin('other');
    await sessions.save('other', other, [{ ...BOOK, venue: 'other' }]);
    await sessions.save('sim', session, [{ ...BOOK, messages: 9, status: 'stale' }, CANDLES]);
    const listed = await sessions.list();
    expect(listed.map(({ ageMs: _age, ...stream }) => stream)).toEqual([
      { ...BOOK, venue: 'other' },
      CANDLES,
      { ...BOOK, messages: 9, status: 'stale' },
    ]);
    for (const { ageMs } of listed) expect(ageMs).toBeLessThan(60_000);
  });

  it('is written by the newest session alone', async () => {
    const first = await sessions.begin('sim');
    const second = await sessions.begin('sim');
    expect(second).toBeGreaterThan(first);
    await expect(sessions.save('sim', first, [BOOK])).rejects.toThrow(StreamsSuperseded);
    await sessions.save('sim', second, [BOOK]);
    await expect(sessions.list()).resolves.toHaveLength(1);
  });
});

describe('the live tape', () => {
  const second = (offset: number, quantity: string, prints: number): TapeSecond => ({
    second: SECOND + offset,
    quantity,
    prints,
    high: String(60_000 + offset),
    low: String(59_990 - offset),
  });
  const coverage = (from: number, until: number) => ({
    completeFrom: START + from,
    completeUntil: START + until,
    nextId: 77,
  });
  const volume = (from: number, to: number) => tape.volume('sim', SYMBOL, START + from, START + to);

  let session: number;
  beforeEach(async () => {
    session = await sessions.begin('sim');
    const seconds = [second(0, '1', 1), second(1, '0.00000001', 2), second(2, '4', 1), second(9, '8', 3)];
    await tape.save('sim', session, SYMBOL, seconds, coverage(1_000, 9_800));
  });

  it.each([
    ['whole seconds', 1_000, 3_000, '4.00000001', 1_000, 3_000],
    ['parts of seconds, rounded outwards', 1_001, 2_001, '4.00000001', 1_000, 3_000],
    ['one second', 2_000, 3_000, '4', 2_000, 3_000],
    ['a silence', 3_000, 9_000, '0', 3_000, 9_000],
    // The tenth second is known up to 9.8 s: its 8 are not all of it.
    ['as long an interval before, of an end that is not known whole', 3_000, 10_000, '4', 2_000, 9_000],
    ['what is known, of an interval of which nothing is', 10_000, 14_800, '0', 4_000, 9_000],
  ])('sums %s', async (_, from, to, quantity, first, end) => {
    await expect(volume(from, to)).resolves.toEqual({ quantity, from: START + first, to: START + end - 1 });
  });

  it('counts a second that is known to its last millisecond', async () => {
    await tape.save('sim', session, SYMBOL, [], coverage(1_000, 9_998));
    await expect(volume(9_000, 10_000)).resolves.toMatchObject({ quantity: '0', to: START + 8_999 });
    await tape.save('sim', session, SYMBOL, [], coverage(1_000, 9_999));
    await expect(volume(9_000, 10_000)).resolves.toMatchObject({ quantity: '8', to: START + 9_999 });
  });

  it.each([
    ['begins before the tape is complete', 999, 3_000],
    ['would begin before it once it is moved back', 1_000, 10_000],
    ['ends more than five seconds after what is known', 3_000, 14_801],
  ])('does not know an interval that %s', async (_, from, to) => {
    await expect(volume(from, to)).resolves.toBeNull();
  });

  it('does not know other symbols and venues', async () => {
    await expect(tape.volume('sim', 'ETH/USDT', START + 1_000, START + 2_000)).resolves.toBeNull();
    await expect(tape.volume('other', SYMBOL, START + 1_000, START + 2_000)).resolves.toBeNull();
  });

  it('counts a second once however often it is written, and keeps the fuller count', async () => {
    await tape.save('sim', session, SYMBOL, [second(2, '4', 1)], coverage(1_000, 9_999));
    await tape.save('sim', session, SYMBOL, [second(2, '5.5', 2), second(9, '1', 1)], coverage(1_000, 9_999));
    await expect(volume(1_000, 10_000)).resolves.toMatchObject({ quantity: '13.50000001' });
    await expect(tape.coverage('sim', SYMBOL)).resolves.toEqual(coverage(1_000, 9_999));
  });

  it('takes nothing of a session that has been followed by another', async () => {
    await sessions.begin('sim');
    const writing = tape.save('sim', session, SYMBOL, [second(2, '100', 9)], coverage(0, 20_000));
    await expect(writing).rejects.toThrow(StreamsSuperseded);
    await expect(volume(1_000, 3_000)).resolves.toMatchObject({ quantity: '4.00000001' });
  });

  it('forgets what is old, and knows that it has', async () => {
    await tape.prune('sim', START + 2_000);
    await expect(volume(1_000, 3_000)).resolves.toBeNull();
    await expect(volume(2_000, 3_000)).resolves.toMatchObject({ quantity: '4' });
    const { rows } = await storage.database.query<{ second: number }>('select second from live_tape order by second');
    expect(rows.map((row) => row.second - SECOND)).toEqual([2, 9]);
  });
});

describe('closed candles', () => {
  const stream = { venue: 'sim', symbol: SYMBOL, timeframe: '1m' };
  const bars = (...minutes: readonly number[]): Candles => {
    const builder = new CandleBuilder(SYMBOL, '1m');
    for (const minute of minutes) builder.add(START + minute * MINUTE, 60_000.1, 60_002, 59_999.5, 60_001, minute / 3);
    return builder.take();
  };
  const minutes = (list: Candles | null): number[] | null =>
    list && Array.from(list.time, (time) => (time - START) / MINUTE);

  let session: number;
  const save = (made: Candles, last: number): Promise<void> =>
    candles.save('sim', session, [{ stream, candles: made, coverage: { from: START, last, unavailableBefore: null } }]);
  beforeEach(async () => {
    session = await sessions.begin('sim');
    await save(bars(0, 1, 2), START + 2 * MINUTE);
  });

  it('come back bit for bit, from the one asked for on', async () => {
    const list = await candles.list(stream, START + MINUTE);
    expect(minutes(list)).toEqual([1, 2]);
    expect([list!.open[0], list!.high[0], list!.low[0], list!.close[0], list!.volume[0]]).toEqual([
      60_000.1,
      60_002,
      59_999.5,
      60_001,
      1 / 3,
    ]);
  });

  it('are unknown before the stream began, and of streams that are not kept', async () => {
    await expect(candles.list(stream, START - 1)).resolves.toBeNull();
    await expect(candles.list({ ...stream, timeframe: '5m' }, START)).resolves.toBeNull();
  });

  it('never change once they are stored', async () => {
    const changed = bars(2);
    changed.close[0] = 1;
    await save(changed, START + 2 * MINUTE);
    expect((await candles.list(stream, START + 2 * MINUTE))!.close[0]).toBe(60_001);
  });

  it('are awaited', async () => {
    const next = candles.next(stream, START + 3 * MINUTE, 30_000);
    await save(bars(3), START + 3 * MINUTE);
    expect(minutes(await next)).toEqual([3]);
  });

  it('that do not come are none, when the time is over or nobody waits any more', async () => {
    expect(minutes(await candles.next(stream, START + 3 * MINUTE, 0))).toEqual([]);
    const ended = new AbortController();
    const next = candles.next(stream, START + 3 * MINUTE, 600_000, ended.signal);
    ended.abort();
    expect(minutes(await next)).toEqual([]);
  });

  it('are pruned, and known to be', async () => {
    await candles.prune(stream, START + MINUTE);
    await expect(candles.list(stream, START)).resolves.toBeNull();
    expect(minutes(await candles.list(stream, START + MINUTE))).toEqual([1, 2]);
  });

  it('of a session that has been followed by another are not taken', async () => {
    await sessions.begin('sim');
    const saving = save(bars(3), START + 3 * MINUTE);
    await expect(saving).rejects.toThrow(StreamsSuperseded);
  });
});

describe('what is watched', () => {
  it('are symbols of executions that are under way, and configured ones with their timeframes', async () => {
    const store = createExecutionStore(storage.database);
    for (const [id, symbol] of [
      ['e1', 'BTC/USDT'],
      ['e2', 'BTC/USDT'],
      ['e3', 'ETH/USDT'],
      ['e4', 'SOL/USDT'],
    ] as const) {
      await store.accept(executionOf(id, { symbol }), null);
    }
    await storage.database.query("update executions set status = 'paused' where id = 'e3'");
    await storage.database.query("update executions set status = 'completed' where id = 'e4'");
    const configured = [
      { venue: 'sim', symbol: 'ADA/USDT', timeframe: null },
      { venue: 'sim', symbol: 'BTC/USDT', timeframe: '5m' },
      { venue: 'other', symbol: 'XRP/USDT', timeframe: '1h' },
    ];
    const list = createWatchList(storage.database, {
      configured,
      standard: ['1m'],
      timeframesOf: () => ['1s', '1m', '5m', '1M'],
    });
    const of = (timeframe: string) => ({ timeframe, since: null });
    await expect(list.watched('sim')).resolves.toEqual([
      { symbol: 'ADA/USDT', candles: [of('1m')] },
      { symbol: 'BTC/USDT', candles: [of('1m'), of('5m')] },
      { symbol: 'ETH/USDT', candles: [of('1m')] },
    ]);
  });
});

describe('symbols with orders of ours', () => {
  it('are open until the order has ended, and recent after that', async () => {
    await createExecutionStore(storage.database).accept(executionOf('e1'), null);
    const ledger = createOrderLedger(storage.database);
    const now = Date.now();
    await ledger.orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('e1')));
      await transaction.insertIntent(intentOf(keyOf('e1'), { signedAt: now, sentAt: now, notAfter: now }));
    });
    const symbols = createOrderedSymbols(storage.database);
    await expect(symbols.open('sim')).resolves.toEqual([SYMBOL]);
    await expect(symbols.open('other')).resolves.toEqual([]);
    await ledger.endIntent(keyOf('e1'), { state: 'refused', venueOrderId: null, fills: [], problem: null });
    await expect(symbols.open('sim')).resolves.toEqual([]);
    await expect(symbols.recent('sim', 60_000)).resolves.toEqual([SYMBOL]);
    await expect(symbols.recent('sim', 0)).resolves.toEqual([]);
  });
});
