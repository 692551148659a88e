import { describe, expect, it } from '@jest/globals';
import { lastingDenial, reachesCollar } from '../../../domain/execution/lasting-denial.ts';
import type { Denial } from '../../../domain/risk/verdict.ts';
import { planOf } from './good-plan.ts';
import { singleOf } from './single/single-plan.ts';

const denial = (code: Denial['code']): Denial => ({ code, value: null, limit: null, message: code }) as Denial;
const COLLAR = denial('PRICE_OUTSIDE_COLLAR');
const config = { collarBps: '100' };
const marketable = (aggressionBps: number) => singleOf({ params: { aggressionBps } });

describe('a denial that one order would meet again', () => {
  it.each([
    // It counts from the mid, and the best opposite price lies beyond that: 100 bps from there are more than 100 from the mid.
    ['marketable at the collar', marketable(100), true],
    ['marketable beyond it', marketable(250), true],
    ['marketable within it, on a wide market', marketable(99.9), false],
    ['a stop, held against its own trigger', singleOf({ params: { kind: 'stop', stopPrice: '58000' } }), true],
    ['a limit that the market may come to', singleOf({ limit: '50000', params: { kind: 'limit' } }), false],
    [
      'a price of its own, whatever the aggression that it does not use',
      singleOf({ side: 'sell', limit: '66000', params: { aggressionBps: 250, atPrice: '66000' } }),
      false,
    ],
    ['one of many orders', planOf({}), false],
  ])('is the collar of %s: %#', (_, plan, isLasting) => {
    expect(lastingDenial(plan, [COLLAR], config)).toBe(isLasting ? COLLAR : null);
  });

  it('is found behind those that pass', () => {
    const symbol = denial('SYMBOL_NOT_ALLOWED');
    expect(lastingDenial(marketable(50), [denial('QUOTE_STALE'), symbol], config)).toBe(symbol);
  });

  it.each(['SYMBOL_NOT_ALLOWED', 'ORDER_NOTIONAL_TOO_LARGE', 'ORDER_QUOTE_RATE_UNSET', 'COLLAR_UNSET'] as const)(
    'is %s',
    (code) => {
      expect(lastingDenial(marketable(50), [denial(code)], config)?.code).toBe(code);
      expect(lastingDenial(planOf({}), [denial(code)], config)).toBeNull();
    },
  );

  it.each([
    'BALANCE_INSUFFICIENT',
    'HALTED',
    'QUOTE_STALE',
    'QUOTE_MISSING',
    'OPEN_NOTIONAL_TOO_LARGE',
    'ORDER_RATE_TOO_HIGH',
  ] as const)('is not %s, which passes', (code) => {
    expect(lastingDenial(marketable(50), [denial(code)], config)).toBeNull();
  });

  it('compares exactly', () => {
    expect([reachesCollar(50, '50'), reachesCollar(0.3, '0.30001'), reachesCollar(0, '0')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
