import { describe, expect, it } from '@jest/globals';
import type { WantedOrder } from '../../../domain/session/order.ts';
import { reachedBy } from '../../../domain/session/reached.ts';

const target: WantedOrder = {
  order: 4,
  version: 1,
  symbol: 'BTC/USDT',
  side: 'sell',
  kind: 'limit',
  purpose: 'take-profit',
  held: 'session',
  quantity: '0.1',
  limit: '110',
  stop: null,
  bar: 0,
  intended: '110',
};
const at =
  (high: number | string, low: number | string = high) =>
  (): { high: number | string; low: number | string } => ({ high, low });
const numbers = (order: WantedOrder, span: Parameters<typeof reachedBy>[1]): readonly number[] =>
  reachedBy([order], span).map((event) => (event.kind === 'reached' ? event.order : -1));

describe('reachedBy', () => {
  it('reaches a target at its price and above, never below', () => {
    expect(reachedBy([target], at('110'))).toEqual([{ kind: 'reached', order: 4, price: '110' }]);
    expect(numbers(target, at('109.99'))).toEqual([]);
    expect(numbers(target, at(120, 90))).toEqual([4]);
  });

  it('reaches a stop to sell at its trigger and below', () => {
    const stop: WantedOrder = { ...target, kind: 'stop', purpose: 'stop-loss', stop: '95', limit: '94' };
    expect(numbers(stop, at('95'))).toEqual([4]);
    expect(numbers(stop, at('95.01'))).toEqual([]);
    expect(numbers(stop, at(120, 94))).toEqual([4]);
  });

  it('reaches a stop that is at the venue only once its worst price has been passed: it lies there unfilled', () => {
    const stop: WantedOrder = { ...target, held: 'venue', kind: 'stop', purpose: 'stop-loss', stop: '95', limit: '94' };
    expect(numbers(stop, at('94.01'))).toEqual([]);
    expect(reachedBy([stop], at('90'))).toEqual([{ kind: 'reached', order: 4, price: '94' }]);
  });

  it('reaches orders to buy from the other side', () => {
    const limit: WantedOrder = { ...target, side: 'buy', purpose: 'entry', limit: '90' };
    expect([numbers(limit, at('90')), numbers(limit, at('91'))]).toEqual([[4], []]);
    const stop: WantedOrder = { ...limit, kind: 'stop', stop: '105', limit: '106' };
    expect([numbers(stop, at('105')), numbers(stop, at('104'))]).toEqual([[4], []]);
  });

  it('says nothing where no price is known', () => {
    expect(numbers(target, () => null)).toEqual([]);
  });
});
