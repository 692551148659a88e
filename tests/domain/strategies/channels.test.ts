import { expect, it } from '@jest/globals';
import { bollingerBreakout } from '../../../domain/strategies/bollinger-breakout/strategy.ts';
import { bollingerReversion } from '../../../domain/strategies/bollinger-reversion/strategy.ts';
import { buyAndHold } from '../../../domain/strategies/buy-and-hold/strategy.ts';
import { donchianTurtle } from '../../../domain/strategies/donchian-turtle/strategy.ts';
import { ichimoku } from '../../../domain/strategies/ichimoku/strategy.ts';
import { supertrend } from '../../../domain/strategies/supertrend/strategy.ts';
import { barsOf } from './bars-of.ts';
import { actionsOf } from './decisions-of.ts';

it('bollinger-breakout buys a close beyond the upper band and leaves at the middle', () => {
  // Of two values the deviation is half their distance. Bands half a deviation from the middle:
  // close   9     11    12     11
  // middle  9.5   10    11.5   11.5
  // upper   9.75  10.5  11.75  11.75
  // lower   9.25  9.5   11.25  11.25   at bars 1 to 4
  const candles = barsOf([10, 9, 11, 12, 11]);
  const params = { period: 2, deviations: 0.5 };
  expect(actionsOf(bollingerBreakout, candles, { params })).toEqual(['2 buy', '4 close']);
  expect(actionsOf(bollingerBreakout, candles, { params: { ...params, shorts: 1 } })).toEqual([
    '2 buy',
    '4 close',
    '4 sell',
  ]);
});

it('bollinger-reversion buys the return over the lower band and leaves at the middle', () => {
  // close   7     7.5   9     8.5    at bars 2 to 5
  // middle  9     8.17  7.83  8.33
  // lower   7.59  6.85  6.98  7.71
  // upper   10.4  9.48  8.68  8.96   middle +- the deviations 1.414 1.312 0.850 0.624
  const candles = barsOf([10, 10, 7, 7.5, 9, 8.5]);
  const params = { period: 3, deviations: 1 };
  expect(actionsOf(bollingerReversion, candles, { params })).toEqual(['3 buy', '4 close']);
  expect(actionsOf(bollingerReversion, candles, { params: { ...params, shorts: 1 } })).toEqual([
    '3 buy',
    '4 close',
    '5 sell',
  ]);
});

it('donchian-turtle buys above the highs of the bars before and leaves below their lows', () => {
  // Highest of three before: 3 at bar 3. Lowest of two before: 3 at bars 4 and 5, which 3 does not undercut and 2 does.
  const candles = barsOf([1, 2, 3, 4, 3, 2, 1]);
  const params = { entry: 3, exit: 2 };
  expect(actionsOf(donchianTurtle, candles, { params })).toEqual(['3 buy', '5 close']);
  // Lowest of three before bar 5: 3.
  expect(actionsOf(donchianTurtle, candles, { params: { ...params, shorts: 1 } })).toEqual([
    '3 buy',
    '5 close',
    '5 sell',
  ]);
});

it('supertrend follows the turns of its stop', () => {
  const closes = [10, 10, 10, 14, 9];
  const candles = barsOf(closes, { high: closes.map((close) => close + 1), low: closes.map((close) => close - 1) });
  // True ranges 2 2 5 6 from bar 1 on; ATR 2, 3.5, 4.75 at bars 2, 3, 4. Falling at first with the stop at 10 + 2; the close 14 is
  // above it: rising with the stop at 14 - 3.5; the close 9 is below it.
  const params = { period: 2, multiplier: 1 };
  expect(actionsOf(supertrend, candles, { params })).toEqual(['3 buy', '4 close']);
  expect(actionsOf(supertrend, candles, { params: { ...params, shorts: 1 } })).toEqual(['3 buy', '4 close', '4 sell']);
  // Three ranges above: the stop stays at 16, out of reach.
  expect(actionsOf(supertrend, candles, { params: { period: 2, multiplier: 3 } })).toEqual([]);
});

it('ichimoku buys the cross above the cloud and leaves below the base line', () => {
  const candles = barsOf([10, 10, 10, 10, 10, 10, 9, 8, 12, 14, 11]);
  // conversion, middle of 2:  9.5  8.5  10  13  12.5   at bars 6 to 10
  // base, middle of 3:        9.5  9    10  11  12.5
  // The cloud at bar 9 is of bar 6: (9.5 + 9.5) / 2, and the middle of 10 10 10 9. At bar 10 the close 11 is below the base.
  const params = { conversion: 2, base: 3, span: 4 };
  expect(actionsOf(ichimoku, candles, { params })).toEqual(['9 buy', '10 close']);
  // Mirrored around 10, it sells short.
  const mirrored = barsOf([...candles.close].map((close) => 20 - close));
  expect(actionsOf(ichimoku, mirrored, { params: { ...params, shorts: 1 } })).toEqual(['9 sell', '10 close']);
});

it('ichimoku does not buy a cross inside or below the cloud', () => {
  // The cross of before, five lower, so that the close 9 at bar 9 is below what the bars 3 to 6 were: (10 + 9) / 2.
  const candles = barsOf([10, 10, 10, 10, 10, 10, 9, 3, 7, 9, 6]);
  expect(actionsOf(ichimoku, candles, { params: { conversion: 2, base: 3, span: 4 } })).toEqual([]);
});

it('buy-and-hold buys at the first bar and does nothing more', () => {
  expect(actionsOf(buyAndHold, barsOf([1, 2, 3]))).toEqual(['0 buy']);
  expect(actionsOf(buyAndHold, barsOf([1, 2, 3]), { direction: 'short' })).toEqual([]);
});
