import { describe, expect, it } from '@jest/globals';
import { type AdjustedBooks, type AdjustmentRequest, adjustmentOf } from '../../../domain/session/adjustment.ts';

const ASKED: AdjustmentRequest = { symbol: 'BTC/USDT', quantity: '-0.2', price: '60000', reason: 'sold by hand' };

/** 0.8 BTC in trades, as two floats add up to it, and 0.00000392 of dust. */
const HELD: AdjustedBooks = {
  symbols: ['BTC/USDT', 'ETH/USDT'],
  books: {
    positions: [
      { symbol: 'BTC/USDT', units: 0.7999999999999999, quantity: '0.8', entryPrice: 60_000, mark: 61_000 },
      { symbol: 'ETH/USDT', units: 0, quantity: '0', entryPrice: null, mark: null },
    ],
    dust: { 'BTC/USDT': '0.00000392' },
  },
  pending: [],
};

const adjusted = (given: Partial<AdjustmentRequest>, books: Partial<AdjustedBooks> = {}) =>
  adjustmentOf({ ...ASKED, ...given }, { ...HELD, ...books });
const refusal = (given: Partial<AdjustmentRequest>, books: Partial<AdjustedBooks> = {}) => {
  const found = adjusted(given, books);
  return found.ok ? null : found.problem;
};

describe('an adjustment', () => {
  it('is an entry of the journal, at the last mark where no price is given', () => {
    expect(adjusted({})).toEqual({ ok: true, event: { kind: 'adjusted', ...ASKED } });
    expect(adjusted({ price: null })).toMatchObject({ event: { price: '61000' } });
  });

  it('may take out all that is held, dust as well, and no more', () => {
    expect(adjusted({ quantity: '-0.80000392' }).ok).toBe(true);
    expect(refusal({ quantity: '-0.80000393' })).toEqual({
      field: 'quantity',
      value: '-0.80000393',
      message:
        'by its books it holds 0.80000392 (0.8 in trades, 0.00000392 left by rounding): give at least -0.80000392',
    });
  });

  it('may take out dust where nothing is held, and a part of it', () => {
    const flat = { books: { positions: [], dust: { 'BTC/USDT': '0.00000392' } } };
    expect(adjusted({ quantity: '-0.000003' }, flat).ok).toBe(true);
    expect(refusal({ quantity: '-0.000004' }, flat)?.message).toContain('give at least -0.00000392');
  });

  it('counts what is on record and not booked yet', () => {
    const pending = (quantity: string) => [{ kind: 'adjusted', ...ASKED, price: '1', quantity } as const];
    expect(refusal({ quantity: '-0.4' }, { pending: pending('-0.5') })?.message).toBe(
      'by its books it holds 0.30000392 (0.8 in trades, 0.00000392 left by rounding, -0.5 of adjustments that are not booked yet): give at least -0.30000392',
    );
    expect(adjusted({ quantity: '-1.8' }, { pending: pending('1') }).ok).toBe(true);
    const others = [{ ...pending('-0.5')[0]!, symbol: 'ETH/USDT' }];
    expect(adjusted({ quantity: '-0.8' }, { pending: others }).ok).toBe(true);
  });

  it('of books that are not there yet can only add, at a price that is given', () => {
    expect(adjusted({ quantity: '1' }, { books: null }).ok).toBe(true);
    expect(refusal({ quantity: '1', price: null }, { books: null })).toMatchObject({ field: 'price' });
    expect(refusal({ quantity: '-1' }, { books: null })?.message).toContain('there is nothing to take out');
  });

  it('is bounded: by what is held then, and by what that is worth', () => {
    expect(refusal({ quantity: '999999999999999999999999' })).toMatchObject({ field: 'quantity' });
    expect(refusal({ quantity: '1000000000000000', price: '0.01' })?.message).toBe(
      'it would hold 1000000000000000.80000392 then: give less, up to 10^15 together',
    );
    // 16,666,666,666 x 60,000 = 999,999,999,960,000, and what is held already is worth 48,000.2352.
    expect(refusal({ quantity: '16666666666' })?.message).toBe(
      'what it holds would be worth 1000000000008000.2352 at 60000: give less, up to 10^15 together',
    );
    expect(adjusted({ quantity: '16666666665' }).ok).toBe(true);
    expect(refusal({ quantity: '1', price: '1000000000000000' })).toMatchObject({ field: 'price' });
  });

  it('takes out what a slip of before has put in', () => {
    const positions = [{ symbol: 'BTC/USDT', units: 1e20, quantity: '100000000000000000000', entryPrice: 1, mark: 1 }];
    expect(adjusted({ quantity: '-99999999999999999999' }, { books: { positions, dust: {} } }).ok).toBe(true);
  });

  it.each([
    [
      'symbol',
      { symbol: 'BTC/USD' },
      'the session does not trade it; did you mean "BTC/USDT"? known: BTC/USDT, ETH/USDT',
    ],
    ['quantity', { quantity: '0' }, 'give how much more it holds, or less with a minus sign'],
    ['price', { price: '0' }, 'give a price above 0'],
  ] as const)('names a %s that cannot be used', (field, given, message) => {
    expect(refusal(given)).toEqual({ field, value: Object.values(given)[0], message });
  });
});
