import { describe, expect, it } from '@jest/globals';
import { rateOf, sumAtRates } from '../../../domain/risk/notional.ts';

const rates = { USDT: '1', USDC: '1', BTC: '60000' };

describe('notional in several quote currencies', () => {
  it('is one sum, each at its rate', () => {
    // 100.5 + 20 + 0.5 * 60,000
    expect(sumAtRates({ USDT: '100.5', USDC: '20', BTC: '0.5' }, rates)).toBe('30120.5');
    expect(sumAtRates({}, rates)).toBe('0');
  });

  it('is rounded up, since it is held against a limit', () => {
    // 10^-18 * 0.5 is half of the last decimal that a text may have.
    expect(sumAtRates({ X: '0.000000000000000001' }, { X: '0.5' })).toBe('0.000000000000000001');
  });

  it('is not known where one has no rate, unless there is none of it', () => {
    expect(sumAtRates({ USDT: '1', EUR: '1' }, rates)).toBeNull();
    expect(sumAtRates({ USDT: '1' }, null)).toBeNull();
    expect(sumAtRates({ USDT: '1', EUR: '0' }, rates)).toBe('1');
  });

  it.each(['0', '-1'])('has no rate of %s', (rate) => {
    expect(() => rateOf({ BTC: rate }, 'BTC')).toThrow(`quoteRates.BTC ${rate} must be above 0`);
  });

  it('has nothing below zero in it', () => {
    expect(() => sumAtRates({ USDT: '-1' }, rates)).toThrow('amount of USDT');
  });
});
