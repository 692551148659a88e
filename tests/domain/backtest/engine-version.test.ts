import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../domain/backtest/engine/run-backtest.ts';
import { ENGINE_VERSION } from '../../../domain/backtest/manifest.ts';
import { DEFAULT_BROKER } from '../../../domain/backtest/settings.ts';
import { tradesHash } from '../../../domain/backtest/trades-hash.ts';
import { syntheticCandles } from '../../../domain/market/synthetic-candles.ts';
import { completeParams } from '../../../domain/parameters/param-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import type { Strategy } from '../../../domain/strategies/strategy.ts';

/** The engine that gave the hashes below. */
const PINNED_VERSION = '1.1.0';

/** Trades hash of every strategy of the registry, by its id. */
const PINNED: Readonly<Record<string, string>> = {
  'sma-cross': '49f80aaa0c53c9c73e64c7f6ffcc90ab668aea2e90bab32d356dde6541d5af90',
  'ema-cross': '85be7442f815d09d0960e79b3b566348467d141f9184dde8c1da5514f050d111',
  macd: '7750811fbf0cd156ed890884dea60d0a33f9490893a8bca2824aa494c8ea67ed',
  'rsi-reversion': '4ef2814ed286e5bea1abd3fb3f4460afc673a0af00da9822a2e247c1d8323163',
  'bollinger-breakout': 'e1c023eed783e199ee6a33ab1e0acf54ade43fdf3cd9b7c81c38d8cdefcd0fc7',
  'bollinger-reversion': '716543b43f8992a2e74308f20f8b3cb87a16507f83387a3c26e90358aed63e03',
  'donchian-turtle': '834c84429efeab5de845a15889398098a16c1c49631f9c31f5d79d5334b132ba',
  supertrend: '0a315e6403073dde8c986f439a8d143ea188f73177453aa0100ec5b06c54aaec',
  stochastic: '66575ea491bd1a87c6d32a956a26696fca2162ca41d7c7c9f3e449b4fe87863b',
  'adx-trend': 'f9385c6554ff0e23a7a1ae4dfcd23e59416bcb80fa6fbd822514be6191231bf6',
  ichimoku: '617e394a076400beae0d71ccc8cd81717180567f05e810df5b555ddb74d0a8df',
  'trend-pullback': '33a29aaa0d02b759c84022c9f15018f1ce89fed9de9c1832f306da7ed0c784df',
  'buy-and-hold': '76d2648ccc94257316cfb224ae3c723ffbe191a24c1725cb767331af84fa92a4',
  'turtle-pyramid': '46131bca9c9d7ebde7456b85b0587ec6523b2c524b5996e8f7ee66c742ee64c8',
  'bracket-breakout': '8073e390004291cd217be5f91d1eac562c8a64139fc6e73236ee6a0ba52d8730',
};

const candles = syntheticCandles({ seed: 3, bars: 10_000, timeframe: '15m', volatility: 0.004 });

function hashOf(strategy: Strategy): string {
  const run = runBacktest({
    markets: [candles],
    strategy,
    params: completeParams(strategy.params, {}).params,
    broker: {
      ...DEFAULT_BROKER,
      commission: { maker: 0.0002, taker: 0.0005, fixed: 0 },
      slippageBps: 1,
      spread: 0.0001,
    },
    sizing: { kind: 'cashShare', value: 0.5 },
  });
  expect(run.trades.length + run.openTrades.length).toBeGreaterThan(strategy.id === 'buy-and-hold' ? 0 : 20);
  const hash = createHash('sha256');
  return tradesHash(run, { update: (data) => hash.update(data), hex: () => hash.digest('hex') });
}

/*
 * These hashes are our own output: they say that trades have changed, not whether they were right. When one differs without intent, find
 * out why. When it differs by intent, raise ENGINE_VERSION, so that no older manifest is replayed as if nothing had changed, take
 * PINNED_VERSION and the hashes of the failing tests over, and say in docs/backtesting.md what fills in another way than before.
 */
describe('against unnoticed change, which is no test of correctness', () => {
  it('pins every strategy of the registry, with the version of the engine that traded', () => {
    expect(Object.keys(PINNED)).toEqual(strategies.map(({ id }) => id));
    expect(ENGINE_VERSION).toBe(PINNED_VERSION);
  });

  it.each(strategies)('gives the pinned trades of $id', (strategy) => {
    expect(hashOf(strategy)).toBe(PINNED[strategy.id]);
  });
});
