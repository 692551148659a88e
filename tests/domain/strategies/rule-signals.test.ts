import { describe, expect, it } from '@jest/globals';
import { above, all, always, any, below, crossedAbove, crossedBelow } from '../../../domain/strategies/conditions.ts';
import { price } from '../../../domain/strategies/line-builders.ts';
import type { LineSpec } from '../../../domain/strategies/line-spec.ts';
import { LineBoard } from '../../../domain/strategies/lines/line-board.ts';
import { RuleSignals } from '../../../domain/strategies/rule-signals.ts';
import {
  type Condition,
  ENTER_LONG,
  ENTER_SHORT,
  EXIT_LONG,
  EXIT_SHORT,
  type Rules,
} from '../../../domain/strategies/rules.ts';
import { barsOf } from './bars-of.ts';

const a = price('close');
const b = price('open');

/** The bits at each bar, asked from bar `first` on. */
function bitsOf(rules: Rules, close: readonly number[], open: readonly number[], first = 0): number[] {
  const board = new LineBoard(barsOf(close, { open }));
  const signals = new RuleSignals(rules, (spec) => board.line(spec));
  return close.slice(first).map((_, i) => {
    board.moveTo(first + i);
    return signals.at(first + i);
  });
}

/** Numbers of the bars at which a condition on `a` (closes) and `b` (opens) holds. */
function barsWhere(condition: Condition, closes: readonly number[], opens: readonly number[]): number[] {
  return bitsOf({ enterLong: condition }, closes, opens).flatMap((bits, i) => (bits === ENTER_LONG ? [i] : []));
}

const N = Number.NaN;

describe('a cross', () => {
  // Bars at which `a` has come above `b`, by the definition in rules.ts; `b` is 5 at every bar but where given.
  // `crossed_above_1d_nb` of vectorbt 1.2.0 gives the same bars for each row.
  it.each<[string, number[], number[] | null, number[]]>([
    ['fires at the first bar above', [4, 6, 7], null, [1]],
    ['is not hidden by equal bars in between', [4, 5, 5, 6, 7], null, [3]],
    ['fires again after a touch', [4, 6, 5, 6, 6], null, [1, 3]],
    ['waits for below in a series that starts above', [6, 5, 6, 4, 6], null, [4]],
    ['waits for below in a series that starts equal', [5, 6, 5, 4, 5, 6], null, [5]],
    ['does not fire at a touch from below', [4, 5, 4, 5, 4], null, []],
    ['forgets what was below before a NaN', [4, N, 6, 4, 6], null, [4]],
    ['forgets on a NaN of either side', [4, 4, 6, 4, 6], [5, N, 5, 5, 5], [4]],
    ['counts no NaN as below or above', [N, N, 6, N, 4, N, 6], null, []],
    ['compares two moving sides', [1, 2, 3, 2, 1], [2, 2, 2, 2, 0], [2, 4]],
    ['lets a NaN during a stay above end the stay', [4, 6, N, 6, 4, 6], null, [1, 5]],
  ])('%s', (_, closes, opens, expected) => {
    const fives = opens ?? closes.map(() => 5);
    expect(barsWhere(crossedAbove(a, b), closes, fives)).toEqual(expected);
    // `crossed-below` is the mirror, in both ways of writing it.
    const negated = (values: readonly number[]): number[] => values.map((value) => -value);
    expect(barsWhere(crossedBelow(a, b), negated(closes), negated(fives))).toEqual(expected);
    expect(barsWhere(crossedBelow(b, a), closes, fives)).toEqual(expected);
  });

  it('compares with a constant', () => {
    expect(barsWhere(crossedAbove(a, 30), [29, 31, 30, 29.5, 30, 30.1], [0, 0, 0, 0, 0, 0])).toEqual([1, 5]);
    expect(barsWhere(crossedBelow(a, 30), [31, 29, 31], [0, 0, 0])).toEqual([1]);
  });

  it('is the same however late it is asked first, and in every branch of a condition', () => {
    // Below at bar 0, equal since: whoever looks only from bar 2 on would not know that it crosses at bar 3.
    const rules = { enterLong: crossedAbove(a, b) };
    expect(bitsOf(rules, [4, 5, 5, 6], [5, 5, 5, 5], 2)).toEqual([0, ENTER_LONG]);
    expect(bitsOf(rules, [4, 5, 5, 6], [5, 5, 5, 5], 3)).toEqual([ENTER_LONG]);
    // The second member has to see bar 0 although the first is false there.
    const both = { enterLong: all(above(a, 4.5), crossedAbove(a, b)), exitLong: any(always(), crossedAbove(a, b)) };
    expect(bitsOf(both, [4, 6], [5, 5])).toEqual([EXIT_LONG, ENTER_LONG | EXIT_LONG]);
  });

  it('says the same when it is asked again at a bar', () => {
    const board = new LineBoard(barsOf([4, 6], { open: [5, 5] }));
    const signals = new RuleSignals({ enterLong: crossedAbove(a, b) }, (spec) => board.line(spec));
    board.moveTo(1);
    expect([signals.at(1), signals.at(1)]).toEqual([ENTER_LONG, ENTER_LONG]);
  });
});

describe('comparisons', () => {
  it('are strict, and false where a side is NaN', () => {
    const closes = [4, 5, 6, N, 6];
    const opens = [5, 5, 5, 5, N];
    expect(barsWhere(above(a, b), closes, opens)).toEqual([2]);
    expect(barsWhere(below(a, b), closes, opens)).toEqual([0]);
  });

  it('combine', () => {
    const closes = [1, 2, 3, 4];
    const zeros = [0, 0, 0, 0];
    expect(barsWhere(all(above(a, 1), below(a, 4)), closes, zeros)).toEqual([1, 2]);
    expect(barsWhere(any(below(a, 2), above(a, 3)), closes, zeros)).toEqual([0, 3]);
    expect(barsWhere(always(), closes, zeros)).toEqual([0, 1, 2, 3]);
    expect(barsWhere(all(), closes, zeros)).toEqual([0, 1, 2, 3]);
    expect(barsWhere(any(), closes, zeros)).toEqual([]);
  });

  it('refuse what is no operand', () => {
    const line = { now: 1, ago: () => 1 } as unknown as LineSpec;
    expect(() => above(line, 1)).toThrow('above: [object Object] is nothing to compare: give price(...)');
    expect(() => crossedBelow(a, undefined as unknown as number)).toThrow('crossed-below: undefined is nothing');
    expect(() => below(Number.NaN, a)).toThrow('below: NaN is nothing to compare');
  });
});

it('has a bit for each side of the rules', () => {
  const rules: Rules = {
    enterLong: above(a, 3),
    exitLong: below(a, 2),
    enterShort: below(a, 3),
    exitShort: always(),
  };
  expect(bitsOf(rules, [1, 2.5, 4], [0, 0, 0])).toEqual([
    EXIT_LONG | ENTER_SHORT | EXIT_SHORT,
    ENTER_SHORT | EXIT_SHORT,
    ENTER_LONG | EXIT_SHORT,
  ]);
  expect(bitsOf({}, [1], [1])).toEqual([0]);
});
