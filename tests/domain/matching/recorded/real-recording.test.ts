import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Big from 'big.js';
import type { FeedEvent } from '../../../../domain/matching/feed.ts';
import { Market } from '../../../../domain/matching/market.ts';
import type { MarketChange, MarketFill, TapePrint } from '../../../../domain/matching/market-types.ts';
import { RecordedParser } from '../../../../domain/matching/recorded/recorded-parser.ts';
import { describeWithData, testData } from '../../../helpers/test-data.ts';
import { limit } from '../books.ts';

const IMPACT = { permanent: 0.25, halfLifeMs: 21000 };

interface Recording {
  readonly events: readonly FeedEvent[];
  readonly parser: RecordedParser;
}

const read = new Map<string, Recording>();

/** Both days of a spot recording in order; each is read once. */
function recordingOf(symbol: string): Recording {
  const recording = read.get(symbol) ?? readRecording(symbol);
  read.set(symbol, recording);
  return recording;
}

function readRecording(symbol: string): Recording {
  const parser = new RecordedParser();
  const events: FeedEvent[] = [];
  for (const day of ['20240808', '20240809']) {
    const file = testData(`execution/binance-l2-20240808/spot_${symbol}_${day}.jsonl.gz`);
    const lines = gunzipSync(readFileSync(file)).toString().split('\n');
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      for (const { event } of parser.parse(line, index + 1)) events.push(event);
    }
  }
  return { events, parser };
}

const total = (prints: readonly Pick<TapePrint, 'quantity'>[]) =>
  prints.reduce((sum, { quantity }) => sum.plus(quantity), new Big(0));

const isCrossed = (market: Market, at: number) => {
  const best = market.best(at);
  return best !== null && new Big(best.bid).gte(best.ask);
};

// Counts, volumes and the 6,493 uncrossed BTC states: README of the data.
describeWithData('the recorded Binance spot books of 2024-08-08', () => {
  it.each([
    ['btcusdt', 3451 + 3044, 28040 + 45134, 19904, '437.9', 6493],
    ['ethusdt', 3434 + 3036, 24077 + 34681, 14515, '4272.7', null],
  ])(
    '%s: is built without a gap or a crossed state and agrees with the recorded quotes',
    (symbol, depths, quotes, trades, volume, states) => {
      const { events, parser } = recordingOf(symbol);
      expect(parser.counts).toEqual({ snapshot: 1, depth: depths, quote: quotes, trade: trades, unknown: 0 });
      const market = new Market({ symbol: 'A/B', tick: '0.01', lot: '0.00001', impact: IMPACT }, 1);
      const prints: TapePrint[] = [];
      let seen = 0;
      let crossed = 0;
      let last = 0;
      let backwards = 0;
      for (const event of events) {
        if (event.t < last) backwards += 1;
        last = event.t;
        prints.push(...market.apply(event, event.t).prints);
        if (!market.ready || (event.kind !== 'depth' && event.kind !== 'snapshot')) continue;
        seen += 1;
        if (isCrossed(market, event.t)) crossed += 1;
      }
      expect({ crossed, backwards }).toEqual({ crossed: 0, backwards: 0 });
      if (states !== null) expect(seen).toBe(states);
      expect(prints).toHaveLength(trades);
      expect(total(prints).toFixed(1)).toBe(volume);
      expect(market.nextTradeId).toBe(trades + 1);
      // Quotes come from another stream than depth: a few may overtake it, no more.
      const { compared, agreed } = market.quoteCheck;
      expect(compared).toBeGreaterThan(5000);
      expect(agreed / compared).toBeGreaterThan(0.999);
    },
  );

  it('stays uncrossed and keeps the tape whole while we buy 5 BTC in 20 slices and make on both sides', () => {
    const market = new Market({ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', impact: IMPACT }, 1);
    const fills: MarketFill[] = [];
    const prints: TapePrint[] = [];
    const recorded: { quantity: string }[] = [];
    let crossed = 0;
    let nextSlice = Number.POSITIVE_INFINITY;
    let orderId = 0;
    const note = (change: MarketChange) => {
      fills.push(...change.fills);
      prints.push(...change.prints);
    };
    for (const event of recordingOf('btcusdt').events) {
      note(market.apply(event, event.t));
      if (event.kind === 'trade') recorded.push(event);
      if (event.kind === 'snapshot') nextSlice = event.t;
      if (event.t >= nextSlice && orderId < 60) {
        nextSlice += 15000;
        const best = market.best(event.t)!;
        note(
          market.submit(
            limit((orderId += 1), 'buy', '0.25', new Big(best.ask).times('1.001').toFixed(2), 'IOC'),
            event.t,
          ),
        );
        note(market.submit(limit((orderId += 1), 'buy', '0.01', best.bid), event.t));
        note(market.submit(limit((orderId += 1), 'sell', '0.01', best.ask), event.t));
      }
      if (isCrossed(market, event.t)) crossed += 1;
    }
    expect(crossed).toBe(0);
    const taken = fills.filter(({ maker }) => !maker);
    const made = fills.filter(({ maker }) => maker);
    expect(total(taken).toFixed()).toBe('5');
    expect(made.length).toBeGreaterThan(10);
    expect(prints.map(({ tradeId }) => tradeId)).toEqual(prints.map((_, index) => index + 1));
    // The volume of the tape is the recorded one and what only we brought about.
    expect(total(prints.filter(({ sourceId }) => sourceId !== null)).toFixed()).toBe(total(recorded).toFixed());
    // Resting orders filled by recorded trades keep the recorded ids.
    const sourced = made.filter(({ sourceId }) => sourceId !== null);
    expect(sourced.length).toBeGreaterThan(10);
  });
});
