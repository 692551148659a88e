import { describe, expect, it } from '@jest/globals';
import { decimalPlaces, marketScales, Scale, wholeLots } from '../../../domain/matching/scale.ts';

describe('scale', () => {
  it.each([
    ['0.01', 2],
    ['0.00001000', 5],
    ['1', 0],
    ['10.0', 0],
  ])('counts the decimal places that %s needs as %i', (value, places) => {
    expect(decimalPlaces(value)).toBe(places);
  });

  it.each([
    ['61837.64000000', 6183764n, '61837.64'],
    ['0.01', 1n, '0.01'],
    ['7', 700n, '7'],
    ['0', 0n, '0'],
    // 2^53 is 9,007,199,254,740,992: a double could not hold the next odd number.
    ['90071992547409.93', 9007199254740993n, '90071992547409.93'],
  ])('turns %s into %s hundredths and back, exactly', (text, units, back) => {
    const scale = new Scale(2);
    expect(scale.units(text, 'price')).toBe(units);
    expect(scale.text(units)).toBe(back);
  });

  it.each(['1.234', '-1', '1e3', '', 'NaN', '.5'])('refuses %j and names the field', (text) => {
    expect(() => new Scale(2).units(text, 'ask price')).toThrow(`ask price "${text}"`);
  });

  it('refuses a number of steps that is no safe integer', () => {
    expect(() => new Scale(2).safeUnits('90071992547409.93', 'price')).toThrow(
      'price "90071992547409.93" is too large',
    );
  });

  it('writes whole numbers without a point when the unit is 1', () => {
    expect(new Scale(0).text(120n)).toBe('120');
  });

  it('cuts quantities of a recording down to whole lots', () => {
    const scales = marketScales({ tick: '0.01', lot: '0.001' });
    expect(scales.quantity.text(wholeLots(scales, scales.quantity.units('0.01234567', 'quantity')))).toBe('0.012');
  });

  it('refuses a lot of zero', () => {
    expect(() => marketScales({ tick: '0.01', lot: '0.000' })).toThrow('lot "0.000" is not above zero');
  });
});
