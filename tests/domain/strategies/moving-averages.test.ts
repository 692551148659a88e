import { expect, it } from '@jest/globals';
import { emaCross } from '../../../domain/strategies/ema-cross/strategy.ts';
import { macd } from '../../../domain/strategies/macd/strategy.ts';
import { smaCross } from '../../../domain/strategies/sma-cross/strategy.ts';
import { barsOf } from './bars-of.ts';
import { actionsOf } from './decisions-of.ts';

it('sma-cross buys when the fast average comes above the slow one', () => {
  const candles = barsOf([5, 4, 3, 4, 5, 6, 5, 4, 3]);
  // SMA(2)  -  4.5  3.5  3.5  4.5  5.5  5.5  4.5  3.5
  // SMA(3)  -   -    4   3.7   4    5   5.3   5    4     above at bars 4 to 6, below at 2, 3 and from 7 on
  expect(actionsOf(smaCross, candles, { params: { fast: 2, slow: 3 } })).toEqual(['4 buy', '7 close']);
  expect(actionsOf(smaCross, candles, { params: { fast: 2, slow: 3, shorts: 1 } })).toEqual([
    '4 buy',
    '7 close',
    '7 sell',
  ]);
});

it('ema-cross buys when the fast average comes above the slow one', () => {
  const candles = barsOf([6, 6, 6, 3, 9, 9, 0]);
  // EMA(2), weight 2/3, from SMA 6 at bar 1:  6  4    7.33  8.44  2.81  at bars 2 to 6
  // EMA(3), weight 1/2, from SMA 6 at bar 2:  6  4.5  6.75  7.88  3.94
  expect(actionsOf(emaCross, candles, { params: { fast: 2, slow: 3 } })).toEqual(['4 buy', '6 close']);
});

it('macd buys when the difference of the averages comes above its signal', () => {
  const candles = barsOf([6, 6, 6, 3, 9, 9, 0]);
  // MACD, from the averages above:         0  -0.5   0.583  0.569  -1.123  at bars 2 to 6
  // signal, weight 2/3, from their mean:      -0.25  0.306  0.481  -0.588  at bars 3 to 6
  expect(actionsOf(macd, candles, { params: { fast: 2, slow: 3, signal: 2 } })).toEqual(['4 buy', '6 close']);
  expect(actionsOf(macd, candles, { params: { fast: 2, slow: 3, signal: 2, shorts: 1 } })).toEqual([
    '4 buy',
    '6 close',
    '6 sell',
  ]);
});

it.each([smaCross, emaCross, macd])('$id refuses a fast average that is not faster', (strategy) => {
  const params = { fast: 20, slow: 20, signal: 9 };
  expect(strategy.check?.(params)).toEqual([{ field: 'fast', value: 20, message: 'give less than slow (20)' }]);
  expect(strategy.check?.({ ...params, fast: 19 })).toEqual([]);
});
