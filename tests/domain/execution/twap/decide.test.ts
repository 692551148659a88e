import { describe, expect, it } from '@jest/globals';
import type { DecisionInput } from '../../../../domain/execution/algorithm.ts';
import { decideTwapChild } from '../../../../domain/execution/twap/decide.ts';
import { btc, planOf, START } from '../good-plan.ts';

const input = (given: Partial<DecisionInput> = {}): DecisionInput => ({
  plan: planOf({}),
  slice: 3,
  role: 'taker',
  canRest: true,
  canStop: true,
  participation: { kind: 'unbounded' },
  target: '0.75',
  previousTarget: '0.5',
  finalTarget: '5',
  filled: '0.5',
  open: '0',
  instrument: btc,
  quote: { bid: '59999', bidQuantity: '1', ask: '60001', askQuantity: '1', at: START },
  ...given,
});

describe('the child of a TWAP', () => {
  it('buys what the curve lacks at the ask plus the aggression, on a tick', () => {
    // 60001 * 1.001 = 60061.001, down to 60061.00.
    expect(decideTwapChild(input())).toEqual({
      action: 'send',
      type: 'limit',
      timeInForce: 'IOC',
      price: '60061',
      quantity: '0.25',
    });
  });

  it('sells at the bid less the aggression', () => {
    // 59999 * 0.999 = 59939.001, up to 59939.01.
    const decision = decideTwapChild(input({ plan: planOf({ side: 'sell' }) }));
    expect(decision).toMatchObject({ action: 'send', price: '59939.01', quantity: '0.25' });
  });

  it.each([
    ['buy', '60000.99'],
    ['sell', '59999.01'],
  ] as const)('waits while the market is beyond the limit of a %s and says how much waits', (side, limit) => {
    const decision = decideTwapChild(input({ plan: planOf({ side, limit }) }));
    expect(decision).toEqual({ action: 'carry', reason: 'BEYOND_LIMIT', quantity: '0.25' });
  });

  it('does nothing when it is on schedule', () => {
    const decision = decideTwapChild(input({ filled: '0.6', open: '0.15' }));
    expect(decision).toEqual({ action: 'carry', reason: 'ON_SCHEDULE', quantity: '0' });
  });

  it('carries what is below the minimum', () => {
    // 0.00008 * 60061 = 4.80 < 5.
    const decision = decideTwapChild(input({ filled: '0.74992' }));
    expect(decision).toEqual({ action: 'carry', reason: 'BELOW_MINIMUM', quantity: '0.00008' });
  });
});

describe('the child of a TWAP that waits at the touch', () => {
  it('bids what the curve lacks at the best bid, and may only wait', () => {
    expect(decideTwapChild(input({ role: 'maker' }))).toEqual({
      action: 'send',
      type: 'limit',
      timeInForce: 'GTC',
      postOnly: true,
      price: '59999',
      quantity: '0.25',
    });
  });

  it('waits deeper in the book where the limit is beyond the touch', () => {
    expect(decideTwapChild(input({ role: 'maker', plan: planOf({ limit: '59000' }) }))).toMatchObject({
      action: 'send',
      price: '59000',
    });
  });

  it('is left to the crossing where the venue takes no such orders', () => {
    expect(decideTwapChild(input({ role: 'maker', canRest: false }))).toEqual({
      action: 'carry',
      reason: 'NO_POST_ONLY',
      quantity: '0.25',
    });
  });
});

describe('the child of a TWAP that the volume of the market bounds', () => {
  it('is at most its share', () => {
    const participation = { kind: 'bounded', cap: '0.100009' } as const;
    expect(decideTwapChild(input({ participation }))).toMatchObject({ action: 'send', quantity: '0.1' });
  });

  it('waits where its share is no order', () => {
    // 0.00008 * 60061 = 4.80 < 5.
    const participation = { kind: 'bounded', cap: '0.00008' } as const;
    expect(decideTwapChild(input({ participation }))).toEqual({
      action: 'carry',
      reason: 'PARTICIPATION_CAP',
      quantity: '0.25',
    });
  });

  it('waits where the volume is not known: it is never guessed', () => {
    const participation = { kind: 'unknown', reason: 'no tape' } as const;
    expect(decideTwapChild(input({ participation }))).toEqual({
      action: 'carry',
      reason: 'VOLUME_UNKNOWN',
      quantity: '0.25',
    });
  });
});

describe('a plan that was accepted before a parameter existed', () => {
  it('trades as it did then, and one with a word that nobody knows does not trade', () => {
    expect(decideTwapChild(input())).toMatchObject({ timeInForce: 'IOC' });
    expect(() => decideTwapChild(input({ plan: planOf({ params: { catchUp: 'hurry' } }) }))).toThrow(
      'catchUp "hurry", which is none of skip, spread, burst',
    );
  });
});
