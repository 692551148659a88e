import { describe, expect, it } from '@jest/globals';
import type { Halt } from '../../../../domain/risk/gate-input.ts';
import { halt } from '../../../../domain/risk/limits/halt.ts';
import { goodOrder } from '../good-order.ts';

const denials = (...halts: Partial<Halt>[]) =>
  halt.check({
    ...goodOrder,
    halts: halts.map((each, index) => ({
      id: `h${index + 1}`,
      scope: 'all',
      target: null,
      reason: 'fat finger',
      setAt: goodOrder.now - 1,
      ...each,
    })),
  });

describe('halt', () => {
  it('lets a sell pass that only reduces what is held, and nothing else', () => {
    const check = (order: object) =>
      halt.check({
        ...goodOrder,
        order: { ...goodOrder.order, ...order },
        halts: [{ id: 'h1', scope: 'all', target: null, reason: 'fat finger', setAt: goodOrder.now }],
      });
    expect(check({ side: 'sell', reduceOnly: true })).toEqual([]);
    expect(check({ side: 'sell', reduceOnly: false })).toMatchObject([{ code: 'HALTED' }]);
    expect(check({ side: 'buy', reduceOnly: true })).toMatchObject([{ code: 'HALTED' }]);
  });

  it.each<[string, Partial<Halt>]>([
    ['everything', { scope: 'all' }],
    ['its venue', { scope: 'venue', target: 'sim' }],
    ['its symbol', { scope: 'symbol', target: 'BTC/USDT' }],
  ])('stops an order when %s is halted', (_, given) => {
    expect(denials(given)).toMatchObject([
      { code: 'HALTED', value: 'h1', scope: given.scope, target: given.target ?? null },
    ]);
  });

  it.each<[string, Partial<Halt>]>([
    ['another venue', { scope: 'venue', target: 'sim2' }],
    ['another symbol', { scope: 'symbol', target: 'ETH/USDT' }],
    ['a symbol called like the venue', { scope: 'symbol', target: 'sim' }],
  ])('lets an order pass when %s is halted', (_, given) => {
    expect(denials(given)).toEqual([]);
  });

  it('latches: a halt of long ago stops as one of now does', () => {
    expect(denials({ setAt: 0 })).toHaveLength(1);
  });

  it('names every halt in force with its reason', () => {
    const found = denials({ reason: 'drill' }, { scope: 'venue', target: 'sim', reason: 'exchange upgrade' });
    expect(found.map((denial) => denial.value)).toEqual(['h1', 'h2']);
    expect(found[1]?.message).toContain('venue sim ("exchange upgrade", halt h2)');
  });

  it('takes a venue halt without a target for a halt of everything', () => {
    expect(denials({ scope: 'venue', target: null })).toHaveLength(1);
  });
});
