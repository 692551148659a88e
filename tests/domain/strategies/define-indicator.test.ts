import { expect, it } from '@jest/globals';
import { defineIndicator } from '../../../domain/strategies/define-indicator.ts';
import { indicator, price } from '../../../domain/strategies/line-builders.ts';
import { columnOf } from '../../../domain/strategies/lines/column.ts';
import { barsOf } from './bars-of.ts';

const N = Number.NaN;

/** Largest of the last `period` differences of high and low, and the bar's own. */
const widest = defineIndicator({
  name: 'WIDEST',
  params: [{ name: 'period', kind: 'integer', title: 'Bars', min: 1, max: 100, default: 2 }],
  inputs: ['high', 'low'],
  outputs: ['widest', 'width'],
  lookback: ({ period }) => period - 1,
  start: ({ period }) => {
    const widths: number[] = [];
    return (high, low) => {
      widths.push(high - low);
      if (widths.length > period) widths.shift();
      return [Math.max(...widths), high - low];
    };
  },
});

it('makes column and stream of one function of the next bar', () => {
  const candles = barsOf([1, 1, 1, 1], { high: [3, 2, 5, 4], low: [1, 1, 1, 2] });
  expect([...columnOf(candles, indicator(widest))]).toEqual([N, 2, 4, 4]);
  expect([...columnOf(candles, indicator(widest, {}, { output: 'width' }))]).toEqual([N, 1, 4, 2]);
  const stream = widest.stream({ period: 2 });
  const said = new Float64Array(2);
  const rows = [0, 1, 2, 3].map((bar) => {
    stream.next([candles.high[bar]!, candles.low[bar]!], said);
    return [...said];
  });
  expect(rows).toEqual([
    [N, N],
    [2, 1],
    [4, 4],
    [4, 2],
  ]);
});

it('starts where the line that it reads has its first value', () => {
  const change = defineIndicator({
    name: 'CHANGE',
    inputs: ['close'],
    lookback: () => 1,
    start: () => {
      let last = N;
      return (value) => {
        const by = value - last;
        last = value;
        return by;
      };
    },
  });
  const shifted = indicator(change, {}, { of: price('close', { shift: 2 }) });
  expect([...columnOf(barsOf([1, 3, 6, 10, 15]), shifted)]).toEqual([N, N, N, 2, 3]);
  expect([change.title, change.outputs, change.params]).toEqual(['CHANGE', ['value'], []]);
});

it('says what it expected of a step', () => {
  const odd = (said: unknown, outputs: string[]) =>
    defineIndicator({ name: 'ODD', inputs: ['close'], outputs, lookback: () => 0, start: () => () => said as number });
  const compute = (said: unknown, outputs: string[]) => () => columnOf(barsOf([1]), indicator(odd(said, outputs)));
  expect(compute('4', ['value'])).toThrow('ODD: a step has to return a number, it returned 4');
  expect(compute(undefined, ['value'])).toThrow('ODD: a step has to return a number, it returned undefined');
  expect(compute(4, ['a', 'b'])).toThrow('ODD: a step has to return a list of 2 numbers (a, b), it returned 4');
  const none = defineIndicator({
    name: 'NONE',
    inputs: ['close'],
    lookback: () => 0,
    start: (() => undefined) as unknown as () => () => number,
  });
  expect(() => none.stream({})).toThrow('NONE: start has to return a function of the next bar');
});
