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
  keeper = keeperOf(() => now);
});

function keeperOf(clock: (() => number) | null): CandleKeeper {
  return new CandleKeeper({
    stream: { venue: 'sim', symbol: 'BTC/USDT', timeframe: '1m' },
    now: clock,
    source: {
      page: async (symbol, timeframe, from, to) => {
        asked.push([from, to]);
        const builder = new CandleBuilder(symbol, timeframe);
        for (const [time, bar] of history) if (time >= from && time < to) builder.add(...bar);
        return { candles: builder.take(), next: to };
      },
    },
  });
}

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

describe('closed candles that the venue itself calls closed', () => {
  beforeEach(() => keeper.begin({ from: at(0), last: at(299), unavailableBefore: null }));

  it('are known at once, also when the stream began within them', () => {
    keeper.take({ bars: [whole(300)], closed: [at(300)] });
    expect(times()).toEqual([at(300)]);
    expect(volumes()).toEqual([5]);
  });

  it('are counted once when their successor is shown as well', () => {
    keeper.take({ bars: [half(299), half(300)], closed: [] });
    keeper.take({ bars: [whole(300), half(301)], closed: [at(300)] });
    keeper.take({ bars: [half(301)], closed: [] });
    expect(times()).toEqual([at(300)]);
    expect(keeper.isIncomplete()).toBe(false);
  });

  it('wait for the one before them, which the history has a second after its end', async () => {
    keeper.take({ bars: [whole(301)], closed: [at(301)] });
    expect(times()).toEqual([]);
    expect(keeper.isIncomplete()).toBe(true);
    now = at(302) + 10;
    await keeper.complete();
    // The one of 301 has only just ended: it is the stream's.
    expect(asked).toEqual([[at(300), at(301)]]);
    expect(times()).toEqual([at(300), at(301)]);
    expect(keeper.isIncomplete()).toBe(false);
  });
});

it('candles that were shown closed before it was known where to go on are not lost', () => {
  keeper.take({ bars: [whole(300), whole(301)], closed: [at(300), at(301)] });
  expect(times()).toEqual([]);
  keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
  expect(times()).toEqual([at(300), at(301)]);
});

describe('candles that a session needs', () => {
  const all = async (): Promise<void> => {
    while (keeper.isShort()) {
      await keeper.reachBack();
      keeper.unsaved();
      keeper.saved();
    }
  };
  beforeEach(() => {
    history = new Map(Array.from({ length: 3_301 }, (_, index) => [at(index - 3_000), whole(index - 3_000)]));
  });

  it('are read backwards in pieces, and covered with each', async () => {
    keeper.want(at(-1_500));
    keeper.begin({ from: at(100), last: at(299), unavailableBefore: null });
    expect(keeper.isShort()).toBe(true);
    await keeper.reachBack();
    expect(keeper.unsaved()!.coverage).toEqual({ from: at(-900), last: at(299), unavailableBefore: null });
    expect(times()).toHaveLength(1_000);
    // Not before the first thousand are stored.
    expect(keeper.isShort()).toBe(false);
    keeper.saved();
    await keeper.reachBack();
    expect([times()[0], times().length]).toEqual([at(-1_500), 600]);
    expect(keeper.unsaved()!.coverage.from).toBe(at(-1_500));
    keeper.saved();
    expect(keeper.isShort()).toBe(false);
  });

  it('come with those of the stream, in order', async () => {
    keeper.want(at(98));
    keeper.begin({ from: at(100), last: at(299), unavailableBefore: null });
    keeper.take({ bars: [whole(300)], closed: [at(300)] });
    await keeper.reachBack();
    expect(times()).toEqual([at(98), at(99), at(300)]);
  });

  it('that the venue does not have are known not to be had', async () => {
    keeper.want(at(-3_500));
    keeper.begin({ from: at(-2_990), last: at(299), unavailableBefore: null });
    await all();
    expect(keeper.isShort()).toBe(false);
    now = at(301) + 1_000;
    await keeper.complete();
    expect(keeper.unsaved()!.coverage).toEqual({ from: at(-3_000), last: at(300), unavailableBefore: at(-3_000) });
  });

  it('are not missing where nothing was traded, as the history goes back further', async () => {
    for (let minute = -100; minute < 120; minute += 1) history.delete(at(minute));
    keeper.want(at(-50));
    keeper.begin({ from: at(120), last: at(299), unavailableBefore: null });
    await keeper.reachBack();
    expect(keeper.unsaved()).toMatchObject({
      candles: { length: 0 },
      coverage: { from: at(-50), last: at(299), unavailableBefore: null },
    });
  });

  it('are gone on with after any absence', async () => {
    keeper.want(at(-2_000));
    keeper.begin({ from: at(-2_000), last: at(-1_500), unavailableBefore: null });
    now = at(300) + 1_000;
    await keeper.complete();
    expect(keeper.unsaved()!.coverage.from).toBe(at(-2_000));
    expect([times()[0], times().at(-1), times().length]).toEqual([at(-1_499), at(299), 1_799]);
  });

  it('are not forgotten; others are', async () => {
    keeper.want(at(50));
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    expect(keeper.forgetAllBut(100)).toBe(at(50));
    expect(keeper.forgetAllBut(100)).toBeNull();
    keeper.want(null);
    expect(keeper.forgetAllBut(100)).toBe(at(199));
    // What is stored next says so.
    keeper.take({ bars: [whole(300)], closed: [at(300)] });
    expect(keeper.unsaved()!.coverage.from).toBe(at(199));
  });
});

describe('candles that tell the time themselves', () => {
  beforeEach(() => {
    keeper = keeperOf(null);
    // The newest is the one of 300: all before it have closed, whatever our clock says.
    keeper.learn(at(300));
  });

  it('begin with those before the newest', async () => {
    keeper.begin(null);
    expect(keeper.isIncomplete()).toBe(true);
    await keeper.complete();
    expect([times()[0], times().at(-1)]).toEqual([at(100), at(299)]);
    expect(keeper.isIncomplete()).toBe(false);
  });

  it('never end by themselves, and at once when the venue says so', async () => {
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    now = at(100_000);
    expect(keeper.isIncomplete()).toBe(false);
    keeper.take({ bars: [whole(300)], closed: [at(300)] });
    expect(times()).toEqual([at(300)]);
    expect(keeper.isIncomplete()).toBe(false);
    expect(keeper.begun).toBe(at(301));
  });

  it('are read from the history, without waiting for any clock, when the newest shows that one was missed', async () => {
    keeper.begin({ from: at(0), last: at(299), unavailableBefore: null });
    history.set(at(301), half(301));
    keeper.take({ bars: [half(301)], closed: [] });
    expect(keeper.isIncomplete()).toBe(true);
    await keeper.complete();
    expect(times()).toEqual([at(300)]);
  });
});
