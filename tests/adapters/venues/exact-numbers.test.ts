import ccxt, { type Market } from 'ccxt';
import { describe, expect, test } from '@jest/globals';
import { exactText, exactTextOrNull } from '../../../adapters/venues/exact-text.ts';
import { toInstrument } from '../../../adapters/venues/mapping/instrument.ts';

describe('exact text', () => {
  test.each([
    ['61234.57000000', '61234.57'],
    ['1e-8', '0.00000001'],
    ['1.5E-7', '0.00000015'],
    ['2.5e+3', '2500'],
    ['0.00000000', '0'],
    ['123456789012345678901234.000000000000000001', '123456789012345678901234.000000000000000001'],
    [1e-8, '0.00000001'],
    [0.1, '0.1'],
  ])('of %j is %s', (value, text) => {
    expect(exactText(value, 'x')).toBe(text);
  });

  test.each(['', 'abc', 'NaN', 'Infinity', Number.NaN, null, {}, '0x10', '1e-30'])('of %j there is none', (value) => {
    expect(() => exactText(value, 'the price')).toThrow(/^the price is /);
  });

  test('of an absent number is null', () => {
    expect([undefined, null, ''].map((value) => exactTextOrNull(value, 'x'))).toEqual([null, null, null]);
  });
});

/** What matters here of a market as ccxt describes it. */
function market(precision: object, limits: object = {}, more: object = {}): Market {
  const base = { symbol: 'A/B', base: 'A', quote: 'B', spot: true, active: true };
  return { ...base, precision, limits, ...more } as unknown as Market;
}

describe('the steps of an instrument', () => {
  test('in tick-size mode are the steps themselves, also those that are no power of ten', () => {
    const instrument = toInstrument(market({ price: '0.05', amount: '1e-8' }), ccxt.TICK_SIZE);
    expect(instrument).toMatchObject({ tick: '0.05', lot: '0.00000001', minQuantity: '0.00000001', minNotional: '0' });
  });

  test('in decimal-places mode are powers of ten', () => {
    const instrument = toInstrument(market({ price: '2', amount: '-1' }), ccxt.DECIMAL_PLACES);
    expect(instrument).toMatchObject({ tick: '0.01', lot: '10' });
  });

  test('counted in significant digits are none, so there is no instrument', () => {
    expect(toInstrument(market({ price: '5', amount: '5' }), ccxt.SIGNIFICANT_DIGITS)).toBeNull();
  });

  test('missing, or a market that is closed or no spot market, give no instrument', () => {
    const steps = { price: '0.01', amount: '0.01' };
    expect(toInstrument(market({ price: '0.01' }), ccxt.TICK_SIZE)).toBeNull();
    expect(toInstrument(market(steps, {}, { active: false }), ccxt.TICK_SIZE)).toBeNull();
    expect(toInstrument(market(steps, {}, { spot: false }), ccxt.TICK_SIZE)).toBeNull();
  });

  test('come with the least quantity of a lot at least, and no largest quantity when the venue says 0', () => {
    const limits = { amount: { min: '0.00000000', max: '0.00000000' }, cost: { min: '10.00000000' } };
    const instrument = toInstrument(market({ price: '0.01', amount: '0.001' }, limits), ccxt.TICK_SIZE);
    expect(instrument).toMatchObject({ minQuantity: '0.001', maxQuantity: null, minNotional: '10' });
  });
});
