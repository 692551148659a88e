import { describe, expect, it } from '@jest/globals';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import type { Candles } from '../../../../domain/market/candles.ts';
import { allocateCandles } from '../../../../domain/market/candles.ts';
import { searchedMarket } from '../../../../domain/optimization/trials/searched-market.ts';

const DAY_MS = 86_400_000;
const hours = syntheticCandles({ seed: 3, bars: 24 * 10, timeframe: '1h', volatility: 0.01 });
const START = hours.time[0]!;

/** Every 24th close, as bars of a day under another name. */
function daily(): Candles {
  const candles = allocateCandles('OTHER', '1d', 10);
  for (let day = 0; day < 10; day++) {
    candles.time[day] = hours.time[24 * day]!;
    for (const name of ['open', 'high', 'low', 'close'] as const) candles[name][day] = hours.close[24 * day + 23]!;
  }
  return candles;
}

const all = (candles: Candles) => searchedMarket(candles, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

describe('what a search looks at', () => {
  it('is the last price of each day, the same for hours and for days', () => {
    expect(START % DAY_MS).toBe(0);
    const [ofHours, ofDays] = [all(hours), all(daily())];
    expect(ofHours.closes).toEqual(Array.from({ length: 10 }, (_, day) => hours.close[24 * day + 23]));
    expect(ofHours.days).toEqual(Array.from({ length: 10 }, (_, day) => START / DAY_MS + day));
    expect([ofDays.days, ofDays.closes]).toEqual([ofHours.days, ofHours.closes]);
    expect([ofDays.symbol, ofDays.to]).toEqual(['OTHER', START + 10 * DAY_MS]);
  });

  it('is of the bars that open in its time, and ends with the last of them', () => {
    const some = searchedMarket(hours, START + 2 * DAY_MS, START + 3 * DAY_MS + 6 * 3_600_000);
    expect(some).toEqual({
      symbol: hours.symbol,
      from: START + 2 * DAY_MS,
      to: START + 3 * DAY_MS + 6 * 3_600_000,
      days: [START / DAY_MS + 2, START / DAY_MS + 3],
      closes: [hours.close[71], hours.close[77]],
    });
  });

  it('has no day where there is no bar', () => {
    expect(searchedMarket(hours, 0, START)).toMatchObject({ days: [], closes: [], from: 0, to: 0 });
  });
});
