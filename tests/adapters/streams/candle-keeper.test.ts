import { beforeEach, describe, expect, it } from '@jest/globals';
import { CandleKeeper } from '../../../adapters/streams/candle-keeper.ts';
import type { StreamedBar } from '../../../adapters/streams/stream-client.ts';
import { VenueReadError } from '../../../adapters/ports/venue.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 26, 9, 0, 0);
const at = (minute: number): number => START + minute * MINUTE;

/** A finished candle; its volume tells it from what a stream shows of it before its end. */
const whole = (minute: number): StreamedBar => [at(minute), 10, 12, 9, 11, 5];
const half = (minute: number): StreamedBar => [at(minute), 10, 11, 10, 10, 2];

let now: number;
let history: Map<number, StreamedBar>;
let asked: [from: number, to: number][];
let keeper: CandleKeeper;
beforeEach(() => {
  now = at(300) + 500;
  history = new Map(Array.from({ length: 301 }, (_, minute) => [at(minute), whole(minute)]));
  asked = [];
  keeper = new CandleKeeper({
    stream: { venue: 'sim', symbol: 'BTC/USDT', timeframe: '1m' },
    now: () => now,
    source: {
      page: async (symbol, timeframe, from, to) => {
        asked.push([from, to]);
        const builder = new CandleBuilder(symbol, timeframe);
        for (const [time, bar] of history) if (time >= from && time < to) builder.add(...bar);
        return { candles: builder.take(), next: to };
      },
    },
  });
});

const times = (): number[] => [...(keeper.unsaved()?.candles.time ?? [])];
const volumes = (): number[] => [...(keeper.unsaved()?.candles.volume ?? [])];

describe('closed candles', () => {
  it('begin with two hundred of the history, up to the last one that has surely closed', async () => {
    now = at(300) + 1_000;
    keeper.begin(null);
    expect(keeper.isIncomplete()).toBe(true);
    await keeper.complete();
    expect(times()).toHaveLength(200);
    expect(times().at(-1)).toBe(at(299));
    expect(keeper.unsaved()!.coverage).toEqual({ from: at(100), last: at(299), unavailableBefore: null });
    expect(keeper.isIncomplete()).toBe(false);
  });

  it('are not read within a second of their end: the clocks may differ', async () => {
    keeper.begin({ from: at(0), last: at(298), unavailableBefore: null });
    await keeper.complete();
    expect(asked).toEqual([]);
    now = at(300) + 1_000;
    await keeper.complete();
    expect(times()).toEqual([at(299)]);
  });

  it('come from the stream when it has shown the candle from its beginning to its successor', () => {
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    keeper.take({ bars: [half(299), half(300)], closed: [] });
    expect(times()).toEqual([]);
    now = at(301);
    keeper.take({ bars: [whole(300), half(301)], closed: [] });
    expect(times()).toEqual([at(300)]);
    expect(volumes()).toEqual([5]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['the stream began within it', (): void => keeper.take({ bars: [half(300), half(301)], closed: [] })],
    [
      'the connection was lost within it',
      (): void => {
        keeper.take({ bars: [half(299), half(300)], closed: [] });
        keeper.disturbed();
        keeper.take({ bars: [half(301)], closed: [] });
      },
    ],
    ['its successor was never shown', (): void => keeper.take({ bars: [half(299), half(300), half(302)], closed: [] })],
  ])('come from the history when %s', async (_, watch) => {
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    now = at(302) + 1_500;
    for (const minute of [301, 302]) history.set(at(minute), whole(minute));
    watch();
    expect(times()).toEqual([]);
    expect(keeper.isIncomplete()).toBe(true);
    await keeper.complete();
    expect(times()).toEqual([at(300), at(301)]);
    expect(volumes()).toEqual([5, 5]);
  });

  it('are waited for when the history lacks the newest, and left out when it goes on lacking it', async () => {
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    history.delete(at(300));
    now = at(301) + 3_000;
    expect(keeper.isIncomplete()).toBe(true);
    await keeper.complete();
    expect(keeper.isIncomplete()).toBe(true);
    // Fifteen seconds later its absence means that nothing was traded.
    now = at(301) + 16_000;
    await keeper.complete();
    expect(keeper.isIncomplete()).toBe(false);
    history.set(at(301), whole(301));
    now = at(302) + 1_000;
    await keeper.complete();
    expect(times()).toEqual([at(301)]);
  });

  it('that were left for a thousand candles are begun anew', async () => {
    now = at(1_400) + 1_000;
    keeper.begin({ from: at(0), last: at(399), unavailableBefore: null });
    await keeper.complete();
    expect(asked[0]![0]).toBe(at(1_200));
  });

  it('stay to be stored until they are', async () => {
    now = at(300) + 1_000;
    keeper.begin({ from: at(0), last: at(297), unavailableBefore: null });
    await keeper.complete();
    expect(times()).toEqual([at(298), at(299)]);
    keeper.take({ bars: [half(300), whole(301)], closed: [at(301)] });
    keeper.take({ bars: [whole(300)], closed: [at(300)] });
    // What came since it was asked for is not among what was stored.
    keeper.saved();
    expect(times()).toEqual([at(300), at(301)]);
    keeper.saved();
    expect(keeper.unsaved()).toBeNull();
  });

  it('that the venue calls still open are asked for again', async () => {
    const stream = { venue: 'sim', symbol: 'BTC/USDT', timeframe: '1m' };
    const stillOpen = new CandleKeeper({
      stream,
      now: () => at(301) + 1_000,
      source: { page: () => Promise.reject(new VenueReadError('not closed yet', { code: 'STILL_OPEN' })) },
    });
    stillOpen.begin({ from: at(0), last: at(299), unavailableBefore: null });
    await stillOpen.complete();
    expect(stillOpen.isIncomplete()).toBe(false);
    expect(stillOpen.unsaved()).toBeNull();
  });
});
