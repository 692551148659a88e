import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import {
  ceilToStep,
  compare,
  decimal,
  difference,
  floorToStep,
  isDecimal,
  maxOf,
  minOf,
  sumOf,
  toText,
} from '../../../domain/market/decimal.ts';
import { midOf } from '../../../domain/market/quote.ts';

const big = (value: string) => new Big(value);

describe('decimal text', () => {
  it.each(['0', '-0', '12.5', '-12.5', '0.000000000000000001', '999999999999999999999999.5', '007'])(
    'may be %j',
    (text) => {
      expect(isDecimal(text)).toBe(true);
    },
  );

  it.each([
    '',
    ' 1',
    '1 ',
    '1e5',
    '+1',
    '.5',
    '1.',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1.0000000000000000001',
    '1234567890123456789012345',
    '１',
    1,
    null,
    undefined,
    {},
    ['1'],
  ])('cannot be %j', (value) => {
    expect(isDecimal(value)).toBe(false);
  });

  it('is refused by name when it is none', () => {
    expect(() => decimal('1e5')).toThrow('"1e5" is not a plain decimal number');
  });

  it('is written without exponent, trailing zeros or a minus before zero', () => {
    expect(['1e-18', '1e21', '-0', '5.00', '-0.10'].map((value) => toText(big(value)))).toEqual([
      '0.000000000000000001',
      '1000000000000000000000',
      '0',
      '5',
      '-0.1',
    ]);
  });

  it('adds and subtracts exactly where binary floats do not', () => {
    expect(sumOf(['0.1', '0.2'])).toBe('0.3');
    expect(sumOf([])).toBe('0');
    expect(difference('0.3', '0.1')).toBe('0.2');
    expect(difference('1', '1.0')).toBe('0');
  });

  it('compares by value', () => {
    expect([compare('1.0', '1'), compare('-1', '0'), compare('10', '9')]).toEqual([0, -1, 1]);
    expect(minOf(big('1'), big('2')).toFixed()).toBe('1');
    expect(maxOf(big('1'), big('2')).toFixed()).toBe('2');
  });
});

describe('steps', () => {
  it.each([
    ['0.00105', '0.00001', '0.00105', '0.00105'],
    ['1.0057', '0.01', '1', '1.01'],
    ['-1.0057', '0.01', '-1.01', '-1'],
    ['7', '2.5', '5', '7.5'],
    // One step less 1e-30: its quotient rounds up to 1, its floor is still 0.
    ['0.009999999999999999999999999999', '0.01', '0', '0.01'],
  ])('of %s by %s lie at %s and %s', (value, step, floor, ceil) => {
    expect(toText(floorToStep(big(value), big(step)))).toBe(floor);
    expect(toText(ceilToStep(big(value), big(step)))).toBe(ceil);
  });

  it('enclose the value, less than a step apart', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 0, max: 18 }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.integer({ min: 0, max: 12 }),
        (units, decimals, stepUnits, stepDecimals) => {
          const value = big(units.toString()).times(big('10').pow(-decimals));
          const step = big(stepUnits.toString()).times(big('10').pow(-stepDecimals));
          const floor = floorToStep(value, step);
          const ceil = ceilToStep(value, step);
          expect(floor.lte(value) && floor.plus(step).gt(value)).toBe(true);
          expect(ceil.gte(value) && ceil.minus(step).lt(value)).toBe(true);
          expect(floor.mod(step).eq(0)).toBe(true);
        },
      ),
    );
  });
});

describe('the mid', () => {
  it('is half way, exact', () => {
    // (0.01 + 0.02) / 2
    expect(midOf({ bid: '0.01', ask: '0.02' })).toBe('0.015');
    expect(midOf({ bid: '60000.01', ask: '60000.02' })).toBe('60000.015');
  });
});
