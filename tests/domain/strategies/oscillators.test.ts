import { expect, it } from '@jest/globals';
import { adxTrend } from '../../../domain/strategies/adx-trend/strategy.ts';
import { rsiReversion } from '../../../domain/strategies/rsi-reversion/strategy.ts';
import { stochastic } from '../../../domain/strategies/stochastic/strategy.ts';
import { trendPullback } from '../../../domain/strategies/trend-pullback/strategy.ts';
import { barsOf } from './bars-of.ts';
import { actionsOf } from './decisions-of.ts';

it('rsi-reversion buys when the RSI leaves oversold and closes at the middle', () => {
  const candles = barsOf([10, 9, 8, 9, 12, 11, 9]);
  // Mean gain and loss, weight 1/2, from the mean of the first two moves at bar 2:
  // gain  0  0.5  1.75  0.875  0.4375
  // loss  1  0.5  0.25  0.625  1.3125
  // RSI   0  50   87.5  58.3   25     at bars 2 to 6
  expect(actionsOf(rsiReversion, candles, { params: { period: 2 } })).toEqual(['3 buy', '4 close']);
  expect(actionsOf(rsiReversion, candles, { params: { period: 2, shorts: 1 } })).toEqual([
    '3 buy',
    '4 close',
    '5 sell',
    '6 close',
  ]);
});

it('rsi-reversion does not buy a bar that leaps over its exit', () => {
  // RSI 0 at bar 2, then gain (0 + 4) / 2 and loss 1 / 2: 80.
  expect(actionsOf(rsiReversion, barsOf([10, 9, 8, 12, 12]), { params: { period: 2 } })).toEqual([]);
});

it('rsi-reversion wants its levels in order', () => {
  const problems = rsiReversion.check?.({ oversold: 50, exit: 50, overbought: 40 });
  expect(problems?.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'oversold: give less than exit (50)',
    'exit: give less than overbought (40)',
  ]);
});

it('stochastic acts on crosses in the extremes', () => {
  const closes = [3, 2, 1, 0, 1, 4, 9, 10, 9, 5];
  const candles = barsOf(closes, { high: closes.map(() => 10), low: closes.map(() => 0) });
  // raw    20  10   0  10  40  90 100  90  50    at bars 1 to 9: ten times the close
  // slowk      15   5   5  25  65  95  95  70    mean of two
  // slowd          10   5  15  45  80  95  82.5  mean of two: slowk above from bar 5 on, below at 9
  const params = { period: 2, smoothK: 2, smoothD: 2 };
  expect(actionsOf(stochastic, candles, { params })).toEqual(['5 buy', '9 close']);
  expect(actionsOf(stochastic, candles, { params: { ...params, shorts: 1 } })).toEqual(['5 buy', '9 close', '9 sell']);
  // slowd at bar 5 is 15, at bar 9 82.5.
  expect(actionsOf(stochastic, candles, { params: { ...params, oversold: 15 } })).toEqual([]);
  expect(actionsOf(stochastic, candles, { params: { ...params, overbought: 82.5 } })).toEqual(['5 buy']);
});

it('adx-trend enters when the direction turns in a strong trend, and leaves when it turns back', () => {
  const high = [10, 9, 8, 7, 10, 8];
  const low = [9, 8, 7, 6, 8, 5];
  const candles = barsOf([9.5, 8.5, 7.5, 6.5, 9.5, 5.5], { high, low });
  // Movements from bar 1 on, up 0 0 0 3 0, down 1 1 1 0 3; sums that lose half and gain the new one:
  // plus   0  0    0     3      1.5
  // minus  1  1.5  1.75  0.875  3.4375   at bars 1 to 5; both over the same range
  // DX     -  100  100   54.8   39.2
  // ADX    -  -    100   77.4   58.3     from the mean at bar 3
  expect(actionsOf(adxTrend, candles, { params: { period: 2 } })).toEqual(['4 buy', '5 close']);
  expect(actionsOf(adxTrend, candles, { params: { period: 2, shorts: 1 } })).toEqual(['4 buy', '5 close', '5 sell']);
  expect(actionsOf(adxTrend, candles, { params: { period: 2, threshold: 78 } })).toEqual([]);
});

it('adx-trend enters a direction of before when it becomes strong', () => {
  const high = [10, 9, 8, 7, 10, 12, 14];
  const low = [9, 8, 7, 6, 8, 10, 12];
  const candles = barsOf([9.5, 8.5, 7.5, 6.5, 9.5, 11.5, 13.5], { high, low });
  // plus   3      3.5     3.75      at bars 4 to 6
  // minus  0.875  0.4375  0.21875
  // ADX    77.4   77.6    83.3
  expect(actionsOf(adxTrend, candles, { params: { period: 2, threshold: 80 } })).toEqual(['6 buy']);
});

it('trend-pullback buys dips while the averages of closed higher bars rise', () => {
  const closes = [9, 10, 19, 20, 29, 30, 28, 26, 27, 33];
  // Two-hour closes 10 20 30 26, known at bars 1 3 5 7. EMA(2) 25 and EMA(3) 20 from bar 5 on, 25.7 and 23 from bar 7.
  // RSI(2): 100 up to bar 5, then 63.6, 36.8, 55.6 and 90.2: gain 1.75 0.875 0.9375 3.46875, loss 1 1.5 0.75 0.375.
  const params = { trendHours: 2, fast: 2, slow: 3, period: 2 };
  expect(actionsOf(trendPullback, barsOf(closes), { params })).toEqual(['8 buy', '9 close']);
  // The same dip in a fall: two-hour closes 50 40 30 26, EMA(2) 35 and EMA(3) 40, 29 and 33.
  const falling = [51, 50, 41, 40, 31, 30, 28, 26, 27, 33];
  expect(actionsOf(trendPullback, barsOf(falling), { params })).toEqual([]);
});
