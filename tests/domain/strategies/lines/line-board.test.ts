import { describe, expect, it } from '@jest/globals';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import type { LineSpec } from '../../../../domain/strategies/line-spec.ts';
import { LineBoard } from '../../../../domain/strategies/lines/line-board.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';
import { barsOf } from '../bars-of.ts';

const HOUR_MS = 3_600_000;

describe('a board', () => {
  it('moves all lines and the bar with one step', () => {
    const board = new LineBoard(barsOf([1, 3, 5, 7], { high: [2, 4, 6, 8], volume: [9, 8, 7, 6] }));
    const mean = board.indicator('SMA', { period: 2 });
    expect([mean.now, mean.ago(0), board.bar.close.now]).toEqual([NaN, NaN, NaN]);
    board.moveTo(0);
    expect([mean.now, mean.ago(0), mean.ago(1), board.bar.close.now]).toEqual([NaN, NaN, NaN, 1]);
    board.moveTo(3);
    expect([mean.now, mean.ago(0), mean.ago(1), mean.ago(2), mean.ago(3), mean.ago(4)]).toEqual([6, 6, 4, 2, NaN, NaN]);
    expect([board.bar.index, board.bar.time, board.bar.closeTime]).toEqual([3, 3 * HOUR_MS, 4 * HOUR_MS]);
    expect([board.bar.open.now, board.bar.high.now, board.bar.low.now, board.bar.volume.now]).toEqual([7, 8, 7, 6]);
    expect(board.bar.high.ago(2)).toBe(4);
  });

  it('gives one line for equal specs and names them in the order of their declaration', () => {
    const board = new LineBoard(barsOf([1, 2, 3]));
    const slow = board.lines.indicator('SMA', { period: 3 });
    const fast = board.lines.indicator('SMA', { period: 2 }, { shift: 1 });
    expect(board.lines.line(indicator('SMA', { period: 3 }))).toBe(slow);
    expect(board.lines.price('close')).not.toBe(fast);
    expect(board.keys).toEqual(['SMA(3)', 'SMA(2)[1]', 'close']);
    expect(board.specs.map(({ kind }) => kind)).toEqual(['indicator', 'indicator', 'price']);
    expect(board.valuesAt(2)).toEqual({ 'SMA(3)': 2, 'SMA(2)[1]': 1.5, close: 3 });
    expect(board.valuesAt(1)).toEqual({ 'SMA(3)': null, 'SMA(2)[1]': null, close: 2 });
  });

  it.each<[string, number, (board: LineBoard) => void]>([
    ['nothing', 0, () => {}],
    ['a price', 0, (board) => board.price('close')],
    ['a price shifted by 4', 4, (board) => board.price('close', { shift: 4 })],
    ['SMA(5) and SMA(3)', 4, (board) => [board.indicator('SMA', { period: 5 }), board.indicator('SMA', { period: 3 })]],
    // Two-hour bars end at bars 1, 3, 5: the second is known at bar 3.
    ['SMA(2) of two-hour bars', 3, (board) => board.indicator('SMA', { period: 2 }, { timeframe: '2h' })],
    ['a memory of 6 bars', 6, (board) => board.warmUp(6)],
    ['more than there is', 8, (board) => board.indicator('SMA', { period: 50 })],
  ])('warms up for %s: %d bars', (_, bars, declare) => {
    const board = new LineBoard(barsOf([1, 2, 3, 4, 5, 6, 7, 8]));
    declare(board);
    expect(board.warmUpBars).toBe(bars);
  });

  it('lets nothing be declared once it has moved', () => {
    const board = new LineBoard(barsOf([1, 2]));
    board.moveTo(0);
    expect(() => board.lines.price('close')).toThrow('lines are declared in prepare, before the first bar');
    expect(() => board.lines.warmUp(1)).toThrow('before the first bar');
  });

  it('refuses a warm-up that is no count of bars, and a spec made by hand that is none', () => {
    const { lines } = new LineBoard(barsOf([1, 2]));
    expect(() => lines.warmUp(-1)).toThrow('warmUp(-1): give a whole number');
    expect(() => lines.line({ ...price('close'), shift: -1 })).toThrow(RangeError);
    expect(() => lines.line({ ...indicator('SMA'), output: 1 })).toThrow('SMA has no output number 1');
    expect(() => lines.line({ ...indicator('SMA'), params: { period: -3 } })).toThrow('SMA: period = -3');
  });

  it('refuses a strategy whose prepare returns no function', () => {
    const strategy = { id: 'odd', title: 'Odd', params: [], prepare: () => undefined } as unknown as Strategy;
    expect(() => new LineBoard(barsOf([1])).prepare(strategy, {})).toThrow(
      'strategy "odd": prepare has to return a function',
    );
  });
});

describe('what a strategy gets', () => {
  const board = new LineBoard(barsOf([1, 2, 3, 4]));
  const line = board.lines.price('close');
  board.moveTo(1);

  it.each([-1, 0.5, NaN, Infinity, -0.1, '1', null, undefined])(
    'has no way to ask for the value %s bars ago',
    (bars) => {
      expect(() => line.ago(bars as number)).toThrow(RangeError);
      expect(() => line.ago(bars as number)).toThrow('give a whole number of bars, at least 0');
    },
  );

  it('holds no column, no clock and no way to move, for plain JavaScript either', () => {
    const reach = (thing: object): Set<unknown> => {
      const found = new Set<unknown>();
      for (let at: object | null = thing; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
        for (const key of Reflect.ownKeys(at)) if (key !== 'constructor') found.add(key);
      }
      return found;
    };
    expect(reach(line)).toEqual(new Set(['now', 'ago']));
    expect(reach(board.lines)).toEqual(new Set(['price', 'indicator', 'line', 'warmUp']));
    const fields = ['index', 'time', 'closeTime', 'open', 'high', 'low', 'close', 'volume'];
    expect(reach(board.bar)).toEqual(new Set(fields));
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(line, { now: 5 })).toThrow(TypeError);
    expect(() => Object.assign(board.bar, { index: 3 })).toThrow(TypeError);
    expect(() => Object.assign(board.bar, { close: 3 })).toThrow(TypeError);
    expect(() => Object.assign(board.lines, { price: null })).toThrow(TypeError);
    expect(line.now).toBe(2);
  });

  it('has no member that a type would let look ahead', () => {
    // These lines are for the compiler: it has to refuse each of them.
    const peek = (spec: LineSpec): void => {
      const close = board.lines.line(spec);
      // @ts-expect-error a line is no array
      void close[3];
      // @ts-expect-error a line has no length to count from
      void close.length;
      // @ts-expect-error there is nothing after the current bar to ask for
      void close.next;
      // @ts-expect-error the column is not a member
      void close.column;
      // @ts-expect-error the current value is read-only
      close.now = 3;
      // @ts-expect-error the bar does not move by hand
      board.bar.index = 3;
      // @ts-expect-error lines are declared, the board behind them is no part of them
      void board.lines.moveTo;
    };
    expect(peek).toThrow(TypeError);
  });
});
