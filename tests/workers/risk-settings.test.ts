import { describe, expect, it } from '@jest/globals';
import { janitorEveryMs } from '../../workers/janitor-schedule.ts';
import { riskSettings } from '../../workers/risk-settings.ts';

describe('the settings of the risk gate', () => {
  it('have defaults that a person must raise to trade larger or faster', () => {
    expect(riskSettings({})).toEqual({
      feeRate: '0.001',
      gate: {
        quoteRates: { USDT: '1', USDC: '1', USD: '1', FDUSD: '1' },
        collarBps: '100',
        maxOrderNotional: '250000',
        maxQuoteAgeMs: 5_000,
        maxOpenNotional: '1000000',
        allowedSymbols: 'all',
        maxOrdersPer10s: 200,
        maxOrdersPerMinute: 1_000,
      },
    });
  });

  it('are read from the environment', () => {
    const { gate } = riskSettings({
      TRADEWIND_QUOTE_RATES: 'USDT=1, BTC=100000',
      TRADEWIND_MAX_OPEN_NOTIONAL: '50000.5',
      TRADEWIND_ALLOWED_SYMBOLS: 'BTC/USDT, ETH/USDT',
      TRADEWIND_MAX_ORDERS_PER_10S: '5',
      TRADEWIND_MAX_ORDERS_PER_MINUTE: '20',
    });
    expect(gate).toMatchObject({
      quoteRates: { USDT: '1', BTC: '100000' },
      maxOpenNotional: '50000.5',
      allowedSymbols: ['BTC/USDT', 'ETH/USDT'],
      maxOrdersPer10s: 5,
      maxOrdersPerMinute: 20,
    });
  });

  it.each([
    ['TRADEWIND_MAX_OPEN_NOTIONAL', '-1'],
    ['TRADEWIND_MAX_OPEN_NOTIONAL', '1e6'],
    ['TRADEWIND_QUOTE_RATES', 'USDT'],
    ['TRADEWIND_QUOTE_RATES', 'USDT=0'],
    ['TRADEWIND_QUOTE_RATES', 'USDT=-1'],
    ['TRADEWIND_QUOTE_RATES', 'USDT=1=2'],
    ['TRADEWIND_QUOTE_RATES', 'USDT=1,USDT=2'],
    ['TRADEWIND_QUOTE_RATES', ' '],
    ['TRADEWIND_ALLOWED_SYMBOLS', 'BTCUSDT'],
    ['TRADEWIND_ALLOWED_SYMBOLS', 'BTC/USDT,'],
    ['TRADEWIND_ALLOWED_SYMBOLS', '*,BTC/USDT'],
    ['TRADEWIND_MAX_ORDERS_PER_10S', '0'],
    ['TRADEWIND_MAX_ORDERS_PER_10S', '1.5'],
    ['TRADEWIND_MAX_ORDERS_PER_MINUTE', 'many'],
  ])('%s="%s" keeps the worker from starting, by name', (name, value) => {
    expect(() => riskSettings({ [name]: value })).toThrow(name);
  });
});

describe('how often the janitor runs', () => {
  it('is once a minute unless said otherwise', () => {
    expect(janitorEveryMs({})).toBe(60_000);
    expect(janitorEveryMs({ TRADEWIND_JANITOR_EVERY_S: '10' })).toBe(10_000);
  });

  it.each(['9', '86401', '1.5', 'x'])('cannot be every %s s', (value) => {
    expect(() => janitorEveryMs({ TRADEWIND_JANITOR_EVERY_S: value })).toThrow('TRADEWIND_JANITOR_EVERY_S');
  });
});
