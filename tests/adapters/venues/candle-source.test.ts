import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CandleSource } from '../../../adapters/ports/candle-source.ts';
import { openCandleSource } from '../../../adapters/venues/candle-source.ts';
import { type BinanceStub, json, refusal, startBinanceStub } from './binance-stub.ts';

const MINUTE_MS = 60_000;
const KLINES = 'GET /api/v3/klines';
/** 2024-01-01T12:30:20Z: the candle of 12:30 is still open. */
const NOW = Date.UTC(2024, 0, 1, 12, 30, 20);
const T0 = Date.UTC(2024, 0, 1, 12);

let stub: BinanceStub;
let source: CandleSource;
beforeEach(async () => {
  stub = await startBinanceStub();
  stub.on('GET /api/v3/time', json({ serverTime: NOW }));
  source = openCandleSource({ id: 'v', exchange: 'binance', rest: stub.url }, { clock: { now: () => NOW } });
});
afterEach(async () => {
  await source.close();
  await stub.close();
});

/** A row of the exchange for a minute after 12:00, with prices no float holds exactly. */
const kline = (minute: number): unknown[] => {
  const open = T0 + minute * MINUTE_MS;
  return [open, '0.1', '0.30000001', '0.01', '0.2', '7.7', open + MINUTE_MS - 1, '1', 2, '1', '1', '0'];
};
const klines = (...minutes: readonly number[]) => json(minutes.map(kline));
const at = (minute: number): number => T0 + minute * MINUTE_MS;
const page = (from: number, to: number) => source.page('BTC/USDT', '1m', at(from), at(to));

describe('a page of candles', () => {
  it('has the numbers of the exchange, and where the next page begins', async () => {
    stub.on(KLINES, klines(0, 1, 2));
    const { candles, next } = await page(0, 30);
    expect(candles).toMatchObject({
      symbol: 'BTC/USDT',
      timeframe: '1m',
      time: Float64Array.of(at(0), at(1), at(2)),
      open: Float64Array.of(0.1, 0.1, 0.1),
      high: Float64Array.of(0.30000001, 0.30000001, 0.30000001),
      low: Float64Array.of(0.01, 0.01, 0.01),
      close: Float64Array.of(0.2, 0.2, 0.2),
      volume: Float64Array.of(7.7, 7.7, 7.7),
    });
    expect(next).toBe(at(3));
    const { query } = stub.requests.find(({ path }) => path === '/api/v3/klines')!;
    expect([query.get('startTime'), query.get('interval'), query.get('limit')]).toEqual([String(at(0)), '1m', '1000']);
  });

  it('leaves out the candle that is still open, and what lies outside the range', async () => {
    stub.on(KLINES, klines(27, 28, 29, 30));
    const whole = await page(28, 40);
    expect([Array.from(whole.candles.time), whole.next]).toEqual([[at(28), at(29)], at(30)]);
    const cut = await page(27, 29);
    expect([Array.from(cut.candles.time), cut.next]).toEqual([[at(27), at(28)], at(29)]);
  });

  it('that is empty passes over its stretch, never beyond the range', async () => {
    stub.on(KLINES, json([]));
    expect(await page(0, 30)).toMatchObject({ candles: { length: 0 }, next: at(30) });
    const far = await source.page('BTC/USDT', '1m', at(-5000), at(30));
    expect([far.candles.length, far.next]).toEqual([0, at(-4000)]);
  });

  it('goes on where the exchange begins to have candles', async () => {
    stub.on(KLINES, klines(20, 21));
    expect(await source.page('BTC/USDT', '1m', at(-5000), at(30))).toMatchObject({ next: at(22) });
    // All candles that it gives lie behind the range: there is nothing in it.
    expect(await source.page('BTC/USDT', '1m', at(-5000), at(-4000))).toMatchObject({
      candles: { length: 0 },
      next: at(-4000),
    });
  });

  it('cannot be had of a candle that has not closed', async () => {
    await expect(page(30, 31)).rejects.toMatchObject({ code: 'STILL_OPEN', retryAfterMs: 40_000 });
    expect(stub.countOf(KLINES)).toBe(0);
  });

  it('cannot be had of a market or a timeframe that the exchange does not have', async () => {
    await expect(source.page('BTC/USDX', '1m', at(0), at(1))).rejects.toMatchObject({ code: 'NO_SUCH_MARKET' });
    await expect(source.page('BTC/USDT', '7m', at(0), at(7))).rejects.toMatchObject({
      code: 'NO_SUCH_TIMEFRAME',
      message: expect.stringContaining('it has 1s, 1m, 3m'),
    });
  });

  it('is a failed read when the exchange refuses it', async () => {
    stub.on(KLINES, refusal(-1003, 'Too many requests', 429, { 'retry-after': '3' }));
    await expect(page(0, 30)).rejects.toMatchObject({ name: 'VenueReadError', code: '-1003' });
  });
});
