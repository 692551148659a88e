import { describe, expect, it } from '@jest/globals';
import { watchSettings } from '../../../adapters/streams/watch-settings.ts';

describe('TRADEWIND_WATCH', () => {
  it('lists symbols of venues, with a timeframe or without', () => {
    expect(watchSettings({ TRADEWIND_WATCH: 'sim:BTC/USDT, sim-2:ETH/USDT@5m,' })).toEqual([
      { venue: 'sim', symbol: 'BTC/USDT', timeframe: null },
      { venue: 'sim-2', symbol: 'ETH/USDT', timeframe: '5m' },
    ]);
    expect(watchSettings({})).toEqual([]);
  });

  it.each(['BTC/USDT', 'sim:BTCUSDT', 'sim:btc/usdt', 'sim:BTC/USDT@5x', 'sim:BTC/USDT@'])(
    'with the entry "%s" is refused, and the message names it',
    (entry) => {
      expect(() => watchSettings({ TRADEWIND_WATCH: `sim:ETH/USDT,${entry}` })).toThrow(
        `TRADEWIND_WATCH has the entry "${entry}"`,
      );
    },
  );
});
