import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseNumber } from '../../../domain/market/csv-number.ts';

const parse = (text: string): number => {
  const bytes = new TextEncoder().encode(`,${text},`);
  return parseNumber(bytes, 1, bytes.length - 1);
};

describe('a number in a file', () => {
  it('is the nearest binary float, as JavaScript reads the same decimal', () => {
    const decimals = fc
      .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 20n), fc.integer({ min: 0, max: 20 }))
      .map(([negative, digits, places]) => {
        const text = digits.toString().padStart(places + 1, '0');
        const cut = text.length - places;
        return `${negative ? '-' : ''}${text.slice(0, cut)}${places === 0 ? '' : `.${text.slice(cut)}`}`;
      });
    fc.assert(
      fc.property(decimals, (text) => {
        expect(parse(text)).toBe(Number(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes back from the shortest text of any float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        expect(parse(String(value))).toBe(value),
      ),
    );
  });

  // The halfway cases and the long ones are those that naive readers round twice.
  it.each([
    '9007199254740993',
    '0.1',
    '0.30000000000000004',
    '1e22',
    '1e23',
    '5e-324',
    '123456789012345678',
    '.5',
    '5.',
    '+7',
  ])('may be %s', (text) => {
    expect(parse(text)).toBe(Number(text));
  });

  it.each([
    '',
    '-',
    '.',
    'NaN',
    'nan',
    'Infinity',
    '-inf',
    '0x10',
    '1_000',
    '1,5',
    '1 5',
    '--1',
    '1.2.3',
    '1e',
    'e5',
    '1e999',
    '١',
  ])('is none in %j', (text) => {
    expect(parse(text)).toBeNaN();
  });
});
