import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SilenceCheck } from '../../../adapters/streams/silence-check.ts';
import { StreamGroup } from '../../../adapters/streams/stream-group.ts';
import type { StreamMonitor } from '../../../adapters/streams/stream-monitor.ts';
import type { StreamVenue } from '../../../adapters/streams/stream-venue.ts';
import { SymbolCandles } from '../../../adapters/streams/symbol-candles.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import { until } from '../../helpers/rig-until.ts';
import { FakeStreamClient } from './fake-stream-client.ts';

const QUARTER = 900_000;
/** Recorded time, far from any clock. */
const START = Date.UTC(2023, 4, 1);
const at = (bar: number): number => START + bar * QUARTER;

/** The newest candle of the replay that has begun, as the venue's history shows. */
let newest: number | null;
let client: FakeStreamClient;
let group: StreamGroup;
let ended: AbortController;
let isQuiet: () => Promise<boolean>;
let news: number;
let candles: SymbolCandles;
beforeEach(() => {
  newest = null;
  news = 0;
  client = new FakeStreamClient();
  ended = new AbortController();
  group = new StreamGroup({ open: async () => client, sharedFate: false, log: () => undefined });
  candles = new SymbolCandles({
    symbol: 'BTC/USDT',
    venue: { venueId: 'replay', venueNow: () => Date.now() } as unknown as StreamVenue,
    group,
    source: {
      page: async (symbol, timeframe, from, to) => {
        const builder = new CandleBuilder(symbol, timeframe);
        for (let bar = 0; bar <= newest!; bar += 1)
          if (at(bar) >= from && at(bar) < to) builder.add(at(bar), 1, 1, 1, 1, 1);
        return { candles: builder.take(), next: to };
      },
      newest: async () => (newest === null ? null : at(newest)),
    },
    store: { coverage: async () => null },
    marketTime: 'candles',
    clock: { now: () => Date.now() },
    check: (monitor: StreamMonitor, asked) => {
      isQuiet = asked;
      return new SilenceCheck({
        monitor,
        clock: { now: () => 0 },
        limitMs: () => Number.POSITIVE_INFINITY,
        isQuiet: asked,
        reopen: () => undefined,
        wait: async () => undefined,
      });
    },
    hasPrintedSince: () => false,
    onNews: () => {
      news += 1;
    },
    ended: ended.signal,
  });
});
afterEach(async () => {
  ended.abort();
  await group.close();
});

/** Opening bars of what is to be stored, which counts as stored then. */
function stored(): number[] {
  return candles.due().flatMap(({ piece, saved }) => {
    const bars = Array.from(piece.candles.time, (time) => (time - START) / QUARTER);
    saved();
    return bars;
  });
}

/** Waits for candles to store, as the worker ticks. */
const due = (): Promise<readonly number[]> =>
  until('candles to store', async () => {
    candles.tick();
    const bars = stored();
    return bars.length > 0 && bars;
  });

describe('candles of a venue that replays them', () => {
  beforeEach(async () => {
    newest = 3;
    candles.set([{ timeframe: '15m', since: null }]);
  });

  it('begin with all before the newest, whatever our clock says', async () => {
    await expect(due()).resolves.toEqual([0, 1, 2]);
    expect(news).toBeGreaterThan(0);
    candles.tick();
    expect(stored()).toEqual([]);
  });

  it('come as the venue closes them', async () => {
    await due();
    await client.say('candles', { bars: [[at(3), 1, 2, 0.5, 1.5, 3]], closed: [at(3)] });
    await expect(due()).resolves.toEqual([3]);
  });

  it('are kept apart while they are open, and told again only where they show other prices', async () => {
    await due();
    const shown: unknown[] = [];
    const open = (): unknown[] => {
      for (const { piece, saved: done } of candles.dueRunning()) {
        const { time, high, low, volume } = piece.candle;
        shown.push([piece.stream.timeframe, (time - START) / QUARTER, high, low, volume]);
        done();
      }
      return shown;
    };
    const isOpen = (count: number) => until('an open candle', async () => open().length === count);
    expect(open()).toEqual([]);
    const before = news;
    await client.say('candles', { bars: [[at(3), 1, 1, 1, 1, 0]], closed: [] });
    await isOpen(1);
    expect(news).toBeGreaterThan(before);
    await client.say('candles', { bars: [[at(3), 1, 2, 0.5, 1, 3]], closed: [] });
    await isOpen(2);
    // No other prices, and then closed: neither is told, though no other candle has begun.
    await client.say('candles', { bars: [[at(3), 1, 2, 0.5, 1.5, 4]], closed: [] });
    await client.say('candles', { bars: [[at(3), 1, 3, 0.5, 1.5, 5]], closed: [at(3)] });
    await expect(due()).resolves.toEqual([3]);
    expect(open()).toEqual([
      ['15m', 3, 1, 1, 0],
      ['15m', 3, 2, 0.5, 3],
    ]);
  });

  it('are not suspected while the replay stands still, and are when it went on unseen', async () => {
    await due();
    await expect(isQuiet()).resolves.toBe(true);
    newest = 5;
    await expect(isQuiet()).resolves.toBe(false);
    // What the stream has left out is read without it.
    await expect(due()).resolves.toEqual([3, 4]);
    await expect(isQuiet()).resolves.toBe(true);
  });
});

it('candles of a venue that has none yet begin with the first', async () => {
  candles.set([{ timeframe: '15m', since: null }]);
  candles.tick();
  expect(stored()).toEqual([]);
  newest = 1;
  await expect(due()).resolves.toEqual([0]);
});
