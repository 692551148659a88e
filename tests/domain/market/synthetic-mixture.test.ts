import { describe, expect, it } from '@jest/globals';
import { MARKET_KINDS, type MarketKind, syntheticMixture } from '../../../domain/market/synthetic-mixture.ts';

const market = (kind: MarketKind, seed: number) =>
  syntheticMixture({ seed, bars: 5_000, kind, timeframe: '1h', volatility: 0.005 });

/** Correlation of a bar's return with that of the bar before, over some markets. */
function persistence(kind: MarketKind): number {
  let [products, squares] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const { close } = market(kind, seed);
    for (let i = 2; i < close.length; i++) {
      const [now, before] = [close[i]! / close[i - 1]! - 1, close[i - 1]! / close[i - 2]! - 1];
      products += now * before;
      squares += now * now;
    }
  }
  return products / squares;
}

describe('made markets', () => {
  it.each(MARKET_KINDS)(
    'of %s have bars whose extremes hold their open and close, and the same bits for a seed',
    (kind) => {
      const candles = market(kind, 3);
      const wrong: number[] = [];
      for (let i = 0; i < candles.length; i++) {
        const [open, high, low, close] = [candles.open[i]!, candles.high[i]!, candles.low[i]!, candles.close[i]!];
        if (!(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close))) wrong.push(i);
      }
      expect(candles.length).toBe(5_000);
      expect(wrong).toEqual([]);
      expect(market(kind, 3)).toEqual(candles);
      expect(market(kind, 4).close).not.toEqual(candles.close);
    },
  );

  it('persist or turn as their kind says', () => {
    // 100,000 returns: the standard error of a correlation is 0.003. Momentum is 0.075 on average.
    expect(persistence('momentum')).toBeGreaterThan(0.03);
    expect(persistence('reversion')).toBeLessThan(-0.006);
    expect(Math.abs(persistence('noise'))).toBeLessThan(0.012);
  });
});
