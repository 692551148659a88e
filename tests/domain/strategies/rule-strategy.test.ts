import { describe, expect, it } from '@jest/globals';
import { above, always, below } from '../../../domain/strategies/conditions.ts';
import { price } from '../../../domain/strategies/line-builders.ts';
import { COMMON_PARAMS, entryOrder, rulesWith } from '../../../domain/strategies/protective-exits.ts';
import { ruleStrategy } from '../../../domain/strategies/rule-strategy.ts';
import type { Rules } from '../../../domain/strategies/rules.ts';
import { barsOf } from './bars-of.ts';
import { actionsOf, decisionsOf } from './decisions-of.ts';

const close = price('close');
const strategyOf = (rules: Rules) => ruleStrategy({ id: 'test', title: 'Test', params: [], rules: () => rules });

/** Long above 10, short below 5, and out between 7 and 8. */
const twoSided = strategyOf({
  enterLong: above(close, 10),
  exitLong: below(close, 8),
  enterShort: below(close, 5),
  exitShort: above(close, 7),
});

describe('a rule strategy', () => {
  it('opens, closes and turns round', () => {
    const candles = barsOf([9, 11, 12, 7.5, 4, 6, 11, 3]);
    expect(actionsOf(twoSided, candles)).toEqual([
      '1 buy',
      '3 close',
      '4 sell',
      '6 close',
      '6 buy',
      '7 close',
      '7 sell',
    ]);
  });

  it('knows which sides the broker opens', () => {
    const candles = barsOf([11, 4, 11]);
    expect(actionsOf(twoSided, candles, { direction: 'long' })).toEqual(['0 buy', '1 close', '2 buy']);
    expect(actionsOf(twoSided, candles, { direction: 'short' })).toEqual(['1 sell', '2 close']);
    // Where the exit is the entry of the other side alone, a forbidden entry is no exit.
    const reversing = strategyOf({ enterLong: above(close, 10), enterShort: below(close, 5) });
    expect(actionsOf(reversing, candles, { direction: 'long' })).toEqual(['0 buy']);
  });

  it('orders nothing where entries of both sides, or entry and exit, hold at once', () => {
    expect(actionsOf(strategyOf({ enterLong: always(), enterShort: always() }), barsOf([1, 2]))).toEqual([]);
    expect(actionsOf(strategyOf({ enterLong: always(), exitLong: always() }), barsOf([1, 2]))).toEqual([]);
  });

  it('counts an entry that waits as the position that it will be', () => {
    // Bought at bar 1 and not filled: no second order at bar 2, taken back when the exit comes.
    const candles = barsOf([9, 11, 12, 7.5, 11]);
    expect(actionsOf(twoSided, candles, { thinBars: [1] })).toEqual(['1 buy', '3 cancel', '4 buy']);
    // An entry of the other side takes its place.
    expect(actionsOf(twoSided, barsOf([11, 4]), { thinBars: [0] })).toEqual(['0 buy', '1 cancel', '1 sell']);
  });

  it('gives entries their exits at distances from the close of the signal', () => {
    const rules = {
      enterLong: above(close, 10),
      stops: { stopLoss: 0.25, takeProfit: 0.5, trailingStop: 0.1, maxBars: 7 },
    };
    expect(decisionsOf(strategyOf(rules), barsOf([9, 16]))).toEqual([
      { bar: 1, action: 'buy', order: { stopLoss: 12, takeProfit: 24, trailingStop: 0.1, maxBars: 7 } },
    ]);
  });
});

it('mirrors the exits of a short, and leaves out what is no price', () => {
  expect(entryOrder(-1, 16, { stopLoss: 0.25, takeProfit: 0.5 })).toEqual({ stopLoss: 20, takeProfit: 8 });
  expect(entryOrder(-1, 16, { takeProfit: 1 })).toEqual({});
  expect(entryOrder(1, 16, { takeProfit: 1 })).toEqual({ takeProfit: 32 });
  expect(entryOrder(1, 16, undefined)).toEqual({});
});

it('makes rules of the common parameters: 0 is none', () => {
  const conditions = { enterLong: always(), exitLong: always(), enterShort: always(), exitShort: always() };
  const none = { shorts: 0, stopLoss: 0, takeProfit: 0, trailingStop: 0, maxBars: 0 };
  expect(COMMON_PARAMS.map(({ name, default: standard }) => [name, standard])).toEqual(Object.entries(none));
  expect(rulesWith(none, conditions)).toEqual({ enterLong: always(), exitLong: always() });
  expect(rulesWith({ ...none, shorts: 1, stopLoss: 0.1, maxBars: 3 }, conditions)).toEqual({
    ...conditions,
    stops: { stopLoss: 0.1, maxBars: 3 },
  });
  expect(rulesWith({ ...none, takeProfit: 2, trailingStop: 0.3 }, conditions).stops).toEqual({
    takeProfit: 2,
    trailingStop: 0.3,
  });
});
