import { expect, it } from '@jest/globals';
import { bracketBreakout } from '../../../domain/strategies/bracket-breakout/strategy.ts';
import { turtlePyramid } from '../../../domain/strategies/turtle-pyramid/strategy.ts';
import { barsOf } from './bars-of.ts';
import { decisionsOf } from './decisions-of.ts';

const aroundOf = (closes: readonly number[]) =>
  barsOf(closes, { high: closes.map((close) => close + 1), low: closes.map((close) => close - 1) });

const turtle = { entry: 3, exit: 2, atrPeriod: 2, stopAtr: 2, addAtr: 0.5 };

it('turtle-pyramid adds to a winner, moves the stop of all of it and leaves below the exit channel', () => {
  // True ranges 2 2 4 5 8: high or low against the close before; ATR 2, 3, 4, 6 at bars 2 to 5.
  // Bar 3: 13 is above the highs before (11): stop 13 - 2 x 3. Bar 4: 17 is 4 further, at least 0.5 x 4: stop 17 - 2 x 4.
  // Bar 5: 10 is below the lows of bars 3 and 4 (12).
  const candles = aroundOf([10, 10, 10, 13, 17, 10]);
  // Sizes of a hundredth of the equity of 1000 at risk: 10 / 6 and 10 / 8.
  expect(decisionsOf(turtlePyramid, candles, { params: turtle })).toEqual([
    { bar: 3, action: 'buy', order: { size: 10 / 6, stopLoss: 7, tag: 'entry 1' } },
    { bar: 4, action: 'buy', order: { size: 1.25, stopLoss: 9, tag: 'entry 2' } },
    { bar: 4, action: 'protect', order: { stopLoss: 9 } },
    { bar: 5, action: 'close', order: {} },
  ]);
});

it('turtle-pyramid keeps to its number of entries and waits for enough gain', () => {
  const actions = (closes: readonly number[], params: object) =>
    decisionsOf(turtlePyramid, aroundOf(closes), { params: { ...turtle, ...params } }).map(
      ({ bar, action }) => `${bar} ${action}`,
    );
  expect(actions([10, 10, 10, 13, 17, 21], { maxEntries: 1 })).toEqual(['3 buy']);
  // ATR 4 at bar 4: a gain of 4 is less than 1.01 x 4.
  expect(actions([10, 10, 10, 13, 17], { addAtr: 1.01 })).toEqual(['3 buy']);
  // A fall: below the lows before (9) at bar 3.
  expect(actions([10, 10, 10, 7], {})).toEqual(['3 sell']);
  expect(actions([10, 10, 10, 7], { shorts: 0 })).toEqual([]);
});

it('turtle-pyramid has no entry that is more than its part of the exposure', () => {
  // 80 of 1000 in four entries are 20 each, at 13 and 17; the risk alone would be 1.67 and 1.25 units.
  const candles = aroundOf([10, 10, 10, 13, 17]);
  const buys = decisionsOf(turtlePyramid, candles, { params: { ...turtle, maxExposure: 0.08 } });
  expect(buys.filter(({ action }) => action === 'buy').map(({ order }) => order)).toEqual([
    { size: 20 / 13, stopLoss: 7, tag: 'entry 1' },
    { size: 20 / 17, stopLoss: 9, tag: 'entry 2' },
  ]);
});

it('turtle-pyramid orders nothing that the broker forbids', () => {
  const candles = aroundOf([10, 10, 10, 13]);
  expect(decisionsOf(turtlePyramid, candles, { params: turtle, direction: 'short' })).toEqual([]);
  const falling = aroundOf([10, 10, 10, 7]);
  expect(decisionsOf(turtlePyramid, falling, { params: turtle, direction: 'long' })).toEqual([]);
});

it('bracket-breakout puts a bracketed stop order at each edge, one cancelling the other', () => {
  // Bar 3: highs 11 and 14, lows 9 and 12, ATR 3.
  const candles = aroundOf([10, 10, 10, 13]);
  const params = { period: 2, atrPeriod: 2, stopAtr: 1, targetAtr: 2 };
  const atBar3 = (circumstances: object) =>
    decisionsOf(bracketBreakout, candles, { params, ...circumstances }).filter(({ bar }) => bar === 3);
  const common = { oco: 'breakout', goodForBars: 1 };
  const long = { bar: 3, action: 'buy', order: { ...common, stop: 14, stopLoss: 11, takeProfit: 20 } };
  const short = { bar: 3, action: 'sell', order: { ...common, stop: 9, stopLoss: 12, takeProfit: 3 } };
  expect(atBar3({})).toEqual([long, short]);
  expect(atBar3({ direction: 'long' })).toEqual([long]);
  expect(atBar3({ direction: 'short' })).toEqual([short]);
  expect(atBar3({ params: { ...params, shorts: 0 } })).toEqual([long]);
  // A take profit at 9 - 9 would be no price.
  expect(atBar3({ params: { ...params, targetAtr: 3 } }).map(({ action }) => action)).toEqual(['buy']);
  expect(atBar3({ params: { ...params, maxBars: 5 } })[0]?.order).toMatchObject({ maxBars: 5 });
});

it('bracket-breakout waits while nothing moves', () => {
  expect(decisionsOf(bracketBreakout, barsOf([10, 10, 10, 10]), { params: { period: 2, atrPeriod: 2 } })).toEqual([]);
});
