import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CandleStream } from '../../../adapters/ports/closed-candles.ts';
import { sumOf } from '../../../domain/market/decimal.ts';
import { until } from '../../helpers/rig-until.ts';
import { startStreamRig, type StreamRig, SYMBOL } from './stream-rig.ts';

const TEST_MS = 180_000;
/** Prints of one page of the venue's history. */
const PAGE = 1_000;

interface Second {
  readonly second: number;
  readonly quantity: number;
  readonly prints: number;
}

describe('the streams of a venue', () => {
  let rig: StreamRig;
  let ended: AbortController;
  let running: Promise<void>;
  beforeAll(async () => {
    rig = await startStreamRig();
    ended = new AbortController();
    running = rig.run(ended.signal);
    await rig.untilLive('order-book', 'trades', 'bids-asks', 'candles', 'orders', 'my-trades', 'balance');
  }, TEST_MS);
  afterAll(async () => {
    ended?.abort();
    await running;
    await rig?.stop();
  }, TEST_MS);
  afterEach(() => rig.clearFaults());

  const coverage = async (): Promise<{ from: number; until: number }> => {
    const { rows } = await rig.storage.database.query<{ complete_from: Date; complete_until: Date }>(
      "select complete_from, complete_until from stream_coverage where timeframe = ''",
    );
    return { from: rows[0]!.complete_from.getTime(), until: rows[0]!.complete_until.getTime() };
  };

  /** Waits until the tape is complete up to now, and gives the seconds that are over and covered. */
  const coveredSeconds = async (): Promise<{ first: number; last: number }> => {
    const now = Date.now();
    await until('the tape to be complete up to now', async () => (await coverage()).until >= now);
    const { from, until: to } = await coverage();
    return { first: Math.ceil(from / 1000), last: Math.floor(to / 1000) - 1 };
  };

  async function storedSeconds({ first, last }: { first: number; last: number }): Promise<Second[]> {
    const { rows } = await rig.storage.database.query<{ second: number; quantity: string; prints: number }>(
      'select second, quantity, prints from live_tape where second between $1 and $2 order by second',
      [first, last],
    );
    return rows.map((row) => ({ ...row, quantity: Number(row.quantity) }));
  }

  /** The venue's own history by seconds. */
  async function venueSeconds({ first, last }: { first: number; last: number }): Promise<Second[]> {
    const begin = `/api/v3/aggTrades?symbol=BTCUSDT&startTime=${first * 1000}&limit=1`;
    let fromId = ((await rig.get(begin)) as { f: number }[])[0]!.f;
    const seconds = new Map<number, string[]>();
    for (;;) {
      const path = `/api/v3/historicalTrades?symbol=BTCUSDT&fromId=${fromId}&limit=${PAGE}`;
      const page = (await rig.get(path)) as { id: number; qty: string; time: number }[];
      for (const { qty, time } of page) {
        const second = Math.floor(time / 1000);
        if (second >= first && second <= last) seconds.set(second, [...(seconds.get(second) ?? []), qty]);
      }
      if (page.length < PAGE || page.at(-1)!.time > (last + 1) * 1000) break;
      fromId = page.at(-1)!.id + 1;
    }
    return [...seconds].map(([second, quantities]) => ({
      second,
      quantity: Number(sumOf(quantities)),
      prints: quantities.length,
    }));
  }

  /** The tape as stored and as the venue has it, over all covered seconds; the instant `since` must be among them. */
  async function bothTapes(since: number): Promise<{ stored: Second[]; venue: Second[] }> {
    const range = await coveredSeconds();
    if (range.first * 1000 >= since || range.last - range.first < 3) {
      throw new Error(`only seconds ${range.first} to ${range.last} are covered: the tape was given up`);
    }
    return { stored: await storedSeconds(range), venue: await venueSeconds(range) };
  }

  async function storedFills(): Promise<{ tradeId: string; quantity: number }[]> {
    const { rows } = await rig.storage.database.query<{ trade_id: string; quantity: string }>(
      'select trade_id, quantity from fills order by trade_id::bigint',
    );
    return rows.map((row) => ({ tradeId: row.trade_id, quantity: Number(row.quantity) }));
  }

  /** What tells stored fills from those of the venue's ledger, once there are as many. */
  async function fillsDiffer(): Promise<readonly string[]> {
    const ledger = (await rig.ledgerFills()).map(({ tradeId, quantity }) => ({ tradeId, quantity: Number(quantity) }));
    await until('all fills to be stored', async () => (await storedFills()).length >= ledger.length);
    const text = (fills: readonly object[]): string[] => fills.map((fill) => JSON.stringify(fill)).sort();
    const [ours, theirs] = [text(await storedFills()), text(ledger)];
    return [
      ...ours.filter((each, i) => !theirs.includes(each) || ours.indexOf(each) !== i),
      ...theirs.filter((each) => !ours.includes(each)),
    ];
  }

  it(
    'keep the tape as the venue has it, to the last print',
    async () => {
      const { stored, venue } = await bothTapes(Date.now());
      expect(stored).toEqual(venue);
      const { first, last } = await coveredSeconds();
      const volume = await rig.tape.volume('sim', SYMBOL, first * 1000, (last + 1) * 1000);
      const expected = (await venueSeconds({ first, last })).map(({ quantity }) => quantity.toFixed(8));
      expect(Number(volume!.quantity)).toBeCloseTo(Number(sumOf(expected)), 8);
      // Before the coverage nothing is known.
      await expect(rig.tape.volume('sim', SYMBOL, first * 1000 - 5_000, last * 1000)).resolves.toBeNull();
    },
    TEST_MS,
  );

  it(
    'go on after their sockets were cut, and the tape has no hole',
    async () => {
      const at = Date.now();
      const before = await rig.healthOf('trades');
      await rig.setFault({ endpoint: 'stream.public', kind: 'cut', forMs: 3_000 });
      await until('the cut to be noticed', async () => (await rig.healthOf('trades')).reconnects > before.reconnects);
      await rig.clearFaults();
      const seen = (await rig.healthOf('trades')).messages;
      await until('prints to come again', async () => (await rig.healthOf('trades')).messages > seen);
      await rig.untilLive('order-book', 'trades', 'bids-asks', 'candles');
      const { stored, venue } = await bothTapes(at);
      expect(stored).toEqual(venue);
    },
    TEST_MS,
  );

  it(
    'notice sockets that stay open and say nothing, and the tape has no hole',
    async () => {
      const at = Date.now();
      const before = await rig.healthOf('order-book');
      await rig.setFault({ endpoint: 'stream.public', kind: 'silence', forMs: 60_000 });
      await until('the silence to be noticed', async () => {
        const { stale, reconnects, status } = await rig.healthOf('order-book');
        return stale > before.stale && reconnects > before.reconnects && status === 'stale';
      });
      // While nothing streams, the tape is read from the history.
      const { until: reached } = await coverage();
      await until('the tape to go on', async () => (await coverage()).until > reached + 2_000);
      await rig.clearFaults();
      await rig.untilLive('order-book', 'trades', 'bids-asks', 'candles');
      const { stored, venue } = await bothTapes(at);
      expect(stored).toEqual(venue);
    },
    TEST_MS,
  );

  it(
    'count a gap in the sequence of the book and read the book anew',
    async () => {
      const before = await rig.healthOf('order-book');
      await rig.setFault({ endpoint: 'stream.public', kind: 'skip', count: 1 });
      await until('the gap to be noticed', async () => (await rig.healthOf('order-book')).gaps > before.gaps);
      const { messages } = await rig.healthOf('order-book');
      await until('the book to go on', async () => (await rig.healthOf('order-book')).messages > messages + 5);
      await expect(rig.healthOf('order-book')).resolves.toMatchObject({
        status: 'live',
        reconnects: before.reconnects,
      });
    },
    TEST_MS,
  );

  it(
    'store closed candles as the venue has them, none missing and none half done',
    async () => {
      const stream: CandleStream = { venue: 'sim', symbol: SYMBOL, timeframe: '1s' };
      // The cuts, silences and gaps of the minute before are among it.
      const since = Math.floor(Date.now() / 1000) * 1000 - 60_000;
      const last = Math.floor(Date.now() / 1000) * 1000 + 2_000;
      await until('the candles to close', async () => {
        const candles = await rig.candles.list(stream, since);
        return candles !== null && candles.length > 0 && candles.time.at(-1)! >= last;
      });
      const candles = (await rig.candles.list(stream, since))!;
      const path = `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${since}&limit=${candles.length}`;
      const rows = (await rig.get(path)) as (string | number)[][];
      expect(candles.length).toBeGreaterThanOrEqual(62);
      expect(
        Array.from(candles.time, (time, i) => [
          time,
          candles.open[i],
          candles.high[i],
          candles.low[i],
          candles.close[i],
          candles.volume[i],
        ]),
      ).toEqual(rows.map((row) => row.slice(0, 6).map(Number)));
      await expect(rig.candles.next(stream, candles.time.at(-1)! + 1_000, 10_000)).resolves.toMatchObject({
        timeframe: '1s',
      });
    },
    TEST_MS,
  );

  it(
    'show orders, trades and balances of the account, and count each trade once',
    async () => {
      const before = await rig.healthOf('my-trades');
      await rig.placeOrder('0.01');
      await until('the trade to be shown', async () => (await rig.healthOf('my-trades')).messages > before.messages);
      await expect(fillsDiffer()).resolves.toEqual([]);
      for (const kind of ['orders', 'my-trades', 'balance'] as const) {
        await until(`${kind} to be shown`, async () => (await rig.healthOf(kind)).messages > 0);
        expect(await rig.healthOf(kind)).toMatchObject({ status: 'live', gaps: 0 });
      }
      // Looked up afterwards it is the same trade.
      const fills = await rig.account.fillsSince(SYMBOL, Date.now() - 60_000);
      await rig.endOrder(fills);
      await expect(fillsDiffer()).resolves.toEqual([]);
    },
    TEST_MS,
  );

  it(
    'find by REST what the account did while its stream was cut or silent',
    async () => {
      const before = await rig.healthOf('my-trades');
      await rig.setFault({ endpoint: 'stream.user', kind: 'cut', forMs: 2_000 });
      await until(
        'the cut to be noticed',
        async () => (await rig.healthOf('my-trades')).reconnects > before.reconnects,
      );
      await rig.placeOrder('0.02');
      await rig.clearFaults();
      await expect(fillsDiffer()).resolves.toEqual([]);

      await rig.untilLive('orders', 'my-trades', 'balance');
      const calm = await rig.healthOf('my-trades');
      await rig.setFault({ endpoint: 'stream.user', kind: 'silence', forMs: 120_000 });
      await rig.placeOrder('0.03');
      await expect(fillsDiffer()).resolves.toEqual([]);
      await until('the silence to be counted', async () => (await rig.healthOf('my-trades')).gaps > calm.gaps);
      await rig.clearFaults();
      await rig.untilLive('orders', 'my-trades', 'balance');
      await rig.placeOrder('0.04');
      await expect(fillsDiffer()).resolves.toEqual([]);
    },
    TEST_MS,
  );
});
