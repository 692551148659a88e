import { describe, expect, it } from '@jest/globals';
import { type BacktestFailure } from '../../../../domain/backtest/failure.ts';
import type { BarContext } from '../../../../domain/strategies/strategy.ts';
import { type Row, runScript, told } from './scripted.ts';

const ROWS: readonly Row[] = Array.from({ length: 4 }, () => [100, 101, 99, 100]);

/** Plain JavaScript gives what it likes. */
type Anything = Readonly<Record<'buy' | 'sell' | 'protect' | 'close', (...given: readonly unknown[]) => void>>;

function problemOf(script: (context: Anything) => void): BacktestFailure['problem'] {
  try {
    runScript(ROWS, { 1: (context: BarContext) => script(context as unknown as Anything) });
  } catch (error) {
    return (error as BacktestFailure).problem;
  }
  throw new Error('nothing was refused');
}

describe('what a strategy cannot mean', () => {
  it.each<[string, (context: Anything) => void, string]>([
    ['a stop loss in other letters', (c) => c.buy({ stoploss: 95 }), 'no field "stoploss": did you mean "stopLoss"?'],
    ['a typing error', (c) => c.sell({ sise: 1 }), 'no field "sise": did you mean "size"?'],
    ['a field of its defaults', (c) => c.buy(Object.create({ tagg: 'x' })), 'no field "tagg": did you mean "tag"?'],
    ['exits', (c) => c.protect({ stoploss: 1 }), 'protect has no field "stoploss": did you mean "stopLoss"?'],
    ['no exits', (c) => c.protect(), 'protect is given undefined: give an object'],
    ['a number in the place of an order', (c) => c.buy(5), 'an order is given 5: give an object'],
    ['null in the place of an order', (c) => c.buy(null), 'an order is given null: give an object'],
    ['a close with fields', (c) => c.close({ share: 0.5 }), 'close takes no object'],
    ['a close with a text', (c) => c.close('0.5'), 'close(0.5): give the share'],
    [
      'a field of a size',
      (c) => c.buy({ size: { kind: 'cash', values: 5 } }),
      'no field "values": did you mean "value"?',
    ],
    ['a kind of size', (c) => c.buy({ size: { kind: 'cashshare', value: 1 } }), 'did you mean "cashShare"?'],
    [
      'half of a rule',
      (c) => c.buy({ size: { kind: 'volatilityTarget', value: 0.2, window: 20 } }),
      'size.barsPerYear is undefined: give a number above 0',
    ],
    ['a text for a truth', (c) => c.buy({ reduceOnly: 'false' }), 'reduceOnly is false: give true or false'],
    ['a number for a group', (c) => c.buy({ oco: 1 }), 'oco is 1: give the name of a group'],
  ])('%s is an error at its bar', (_what, script, detail) => {
    expect(problemOf(script)).toMatchObject({
      code: 'STRATEGY_FAILED',
      detail: expect.stringContaining(detail),
      place: { bar: 1 },
    });
  });

  it('leaves alone what is undefined', () => {
    const order = { size: 1, stopLoss: undefined, tag: undefined } as unknown as { readonly size: number };
    expect(told(runScript(ROWS, { 1: (context) => context.buy(order) }))).toEqual(['1 @ 100(2) open']);
  });
});

describe('orders that wait', () => {
  const limits =
    (count: number) =>
    (context: BarContext): void => {
      for (let i = 0; i < count; i++) context.buy({ limit: 50 });
    };

  it('may be ten thousand', () => {
    expect(runScript(ROWS, { 1: limits(10_000) }).orders).toMatchObject({ submitted: 10_000, cancelled: 10_000 });
  });

  it('may not be more: the strategy is told, at its bar', () => {
    expect(() => runScript(ROWS, { 1: limits(6_000), 2: limits(6_000) })).toThrow(
      /strategy "scripted" failed at bar 2 .*10,000 orders of X waiting.*cancelOrders/,
    );
  });

  it('are counted anew when they were cancelled', () => {
    const all = limits(10_000);
    const again = (context: BarContext): void => {
      context.cancelOrders();
      expect(context.workingOrders).toBe(0);
      all(context);
      expect(context.workingOrders).toBe(10_000);
    };
    expect(runScript(ROWS, { 1: all, 2: again }).orders.submitted).toBe(20_000);
  });
});
