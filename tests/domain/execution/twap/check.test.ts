import { describe, expect, it } from '@jest/globals';
import { checkTwap } from '../../../../domain/execution/twap/check.ts';
import { btc, planOf } from '../good-plan.ts';

describe('what a TWAP needs', () => {
  it('finds nothing to say against slices that are orders', () => {
    expect(checkTwap(planOf({}), btc, '60000')).toEqual([]);
  });

  // Least slice at 55,000 with a minimum of 5: 5 * 1.1 / 55000 = 0.0001, so 0.001 makes 10 slices and no more.
  it('allows as many slices as have 110 % of the minimum notional', () => {
    const plan = planOf({ quantity: '0.001', params: { slices: 10 } });
    expect(checkTwap(plan, btc, '55000')).toEqual([]);
  });

  it('refuses one slice more and says how many there may be', () => {
    const plan = planOf({ quantity: '0.001', params: { slices: 11 } });
    const [problem, ...others] = checkTwap(plan, btc, '55000');
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ field: 'slices', value: 11 });
    expect(problem?.message).toContain('use at most 10 slices, or a larger quantity');
    expect(problem?.message).toContain('minimum notional 5 USDT');
  });

  it('refuses a quantity that is less than one order and names the least', () => {
    const plan = planOf({ quantity: '0.00009', params: { slices: 1 } });
    const [problem] = checkTwap(plan, btc, '55000');
    expect(problem).toMatchObject({ field: 'quantity', value: '0.00009' });
    expect(problem?.message).toContain("below the venue's minimum of 0.0001 BTC");
  });

  it.each([
    // A lot of 1 and 3 slices of 2.9: floor(2.9 / 1) = 2.
    ['the lot', { lot: '1', minQuantity: '0', minNotional: '0' }],
    ['the minimum quantity', { lot: '0.1', minQuantity: '1', minNotional: '0' }],
  ])('holds slices against %s where no notional is asked for', (_, given) => {
    const plan = planOf({ quantity: '2.9', params: { slices: 3 } });
    expect(checkTwap(plan, { ...btc, ...given }, '1')[0]?.message).toContain('use at most 2 slices');
  });
});

describe('what a maker-first TWAP needs', () => {
  // 20 slices over 300 s are 15 s apart: 15 * 0.9 = 13.5 s to wait and 1.5 s to cross.
  const maker = (params: object) => planOf({ params: { style: 'maker-first', ...params } });

  it('is a second to wait and a second to cross', () => {
    expect(checkTwap(maker({ crossAfter: 0.9 }), btc, '60000')).toEqual([]);
    // 15 * 0.05 = 0.75 s.
    const [problem] = checkTwap(maker({ crossAfter: 0.95 }), btc, '60000');
    expect(problem).toMatchObject({ field: 'style', value: 'maker-first' });
    expect(problem?.message).toContain('would have 750 ms');
  });

  it('is that also where jitter brings slices together', () => {
    // 15 * (1 - 0.8) * 0.3 = 0.9 s.
    const [problem] = checkTwap(maker({ jitterTime: 0.8 }), btc, '60000');
    expect(problem?.message).toContain('needs 1000');
  });

  it('is asked of no other', () => {
    expect(checkTwap(planOf({ params: { crossAfter: 0.95 } }), btc, '60000')).toEqual([]);
  });
});
