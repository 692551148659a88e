import { describe, expect, it } from '@jest/globals';
import type { TapePrint } from '../../../domain/matching/market-types.ts';
import { KlineStream } from '../../../simulator/protocol/binance-spot/streams/kline-stream.ts';
import { listedMarket } from '../support/listed-market.ts';

const MINUTE_MS = 60_000;
const LISTING = { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', tick: '0.01', lot: '0.001', minNotional: '5' };

const marketWith = (...prints: readonly TapePrint[]) => {
  const listed = listedMarket(LISTING);
  listed.record(prints);
  return listed;
};
const print = (tradeId: number, at: number, price: string, quantity: string, buyerIsMaker = false): TapePrint => ({
  tradeId,
  at,
  price,
  quantity,
  buyerIsMaker,
  sourceId: null,
  ours: false,
});
const told = (messages: readonly unknown[]) => messages.map((message) => (message as { k: Record<string, unknown> }).k);

describe('the stream of candles', () => {
  it('goes on from the trades before it, and tells at most every two seconds and only changes', () => {
    const listed = marketWith(print(1, 10_000, '100', '1'), print(2, 11_000, '102', '0.5', true));
    const stream = new KlineStream(listed, '1m', 12_000, (at) => at);
    expect(told(stream.turned(12_000))).toEqual([
      {
        t: 0,
        T: 59_999,
        s: 'BTCUSDT',
        i: '1m',
        f: 1,
        L: 2,
        o: '100.00000000',
        c: '102.00000000',
        h: '102.00000000',
        l: '100.00000000',
        v: '1.50000000',
        n: 2,
        x: false,
        // 1 * 100 + 0.5 * 102; the second one was sold to a resting buyer.
        q: '151.00000000',
        V: '1.00000000',
        Q: '100.00000000',
        B: '0',
      },
    ]);
    listed.record([print(3, 13_000, '99', '1')]);
    expect(stream.turned(13_999)).toEqual([]);
    expect(told(stream.turned(14_000))).toMatchObject([{ l: '99.00000000', c: '99.00000000', n: 3, L: 3, x: false }]);
    expect(stream.turned(20_000)).toEqual([]);
  });

  it('closes a candle at its end, and sorts the trades of one turn into theirs', () => {
    const listed = marketWith(print(1, 10_000, '100', '1'));
    const stream = new KlineStream(listed, '1m', 50_000, (at) => at);
    stream.turned(50_000);
    // The venue comes to its next turn late: one trade of the old minute, one of the new.
    listed.record([print(2, 59_999, '101', '1'), print(3, MINUTE_MS, '103', '2')]);
    expect(told(stream.turned(MINUTE_MS + 100))).toMatchObject([
      { t: 0, o: '100.00000000', c: '101.00000000', n: 2, f: 1, L: 2, x: true },
      { t: MINUTE_MS, o: '103.00000000', c: '103.00000000', n: 1, f: 3, L: 3, x: false },
    ]);
  });

  it('closes minutes without a trade at the last price', () => {
    const listed = marketWith(print(1, 10_000, '100', '1'));
    const stream = new KlineStream(listed, '1m', 50_000, (at) => at);
    stream.turned(50_000);
    const closed = told(stream.turned(3 * MINUTE_MS)).filter(({ x }) => x === true);
    const flat = { o: '100.00000000', c: '100.00000000', h: '100.00000000', l: '100.00000000', n: 0, f: -1, L: -1 };
    expect(closed).toMatchObject([
      { t: 0, n: 1, v: '1.00000000' },
      { t: MINUTE_MS, T: 2 * MINUTE_MS - 1, ...flat, v: '0.00000000' },
      { t: 2 * MINUTE_MS, ...flat, v: '0.00000000' },
    ]);
  });

  it('tells of the next candle in the same breath as of a closed one, without trades flat at the last price', () => {
    const listed = marketWith(print(1, 57_000, '100', '1'));
    const stream = new KlineStream(listed, '1m', 58_000, (at) => at);
    stream.turned(58_000);
    listed.record([print(2, 59_500, '101', '1')]);
    // A second and a half after the last message, so the running candle would have to wait.
    expect(stream.turned(59_500)).toEqual([]);
    const flat = { o: '101.00000000', c: '101.00000000', h: '101.00000000', l: '101.00000000', v: '0.00000000', n: 0 };
    expect(told(stream.turned(MINUTE_MS + 20))).toMatchObject([
      { t: 0, c: '101.00000000', x: true },
      { t: MINUTE_MS, ...flat, x: false },
    ]);
    // From there the usual pace.
    listed.record([print(3, MINUTE_MS + 100, '102', '1')]);
    expect(stream.turned(MINUTE_MS + 100)).toEqual([]);
    expect(told(stream.turned(MINUTE_MS + 2_020))).toMatchObject([{ t: MINUTE_MS, c: '102.00000000', x: false }]);
  });

  it('does so every second for candles of a second', () => {
    const stream = new KlineStream(marketWith(print(1, 500, '100', '1')), '1s', 900, (at) => at);
    stream.turned(900);
    const seconds = [1_003, 2_001, 3_049].flatMap((now) => told(stream.turned(now)).map(({ t, x }) => [t, x]));
    expect(seconds).toEqual([
      [0, true],
      [1_000, false],
      [1_000, true],
      [2_000, false],
      [2_000, true],
      [3_000, false],
    ]);
  });

  it('says nothing before the first trade ever, and hears of none once it is closed', () => {
    const listed = marketWith();
    const stream = new KlineStream(listed, '1m', 0, (at) => at);
    expect(stream.turned(3 * MINUTE_MS)).toEqual([]);
    stream.close();
    listed.record([print(1, 3 * MINUTE_MS, '100', '1')]);
    expect(stream.turned(4 * MINUTE_MS)).toEqual([]);
  });
});
