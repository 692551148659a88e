import { expect, it } from '@jest/globals';
import { declaredLines, linesOfRules } from '../../../../domain/strategies/checks/declared-lines.ts';
import { rulesProblem } from '../../../../domain/strategies/checks/rules-problem.ts';
import { above, all, always, any, crossedBelow } from '../../../../domain/strategies/conditions.ts';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';

const sma = indicator('SMA', { period: 5 });

it.each<[unknown, string]>([
  [undefined, 'rules returns undefined: give an object with enterLong'],
  [{ enter: always() }, 'rules returns "enter", which means nothing: give enterLong'],
  [{ enterLong: true }, 'enterLong of its rules is no condition'],
  [{ exitShort: { kind: 'all', of: [always(), 3] } }, 'exitShort of its rules is no condition'],
  [{ enterLong: { kind: 'above', a: 1, b: '2' } }, 'enterLong of its rules is no condition'],
  [{ enterLong: { kind: 'over', a: 1, b: 2 } }, 'enterLong of its rules is no condition'],
  [{ stops: 5 }, 'stops of its rules is no object'],
  [{ stops: { stoploss: 0.1 } }, 'stops of its rules has "stoploss": give stopLoss'],
  [{ stops: { stopLoss: 5 } }, 'stopLoss of its rules is 5: give a share of the price, above 0 and below 1'],
  [{ stops: { trailingStop: 0 } }, 'trailingStop of its rules is 0'],
  [{ stops: { maxBars: 1.5 } }, 'maxBars of its rules is 1.5: give a whole number of bars'],
])('says what is wrong with rules %#', (rules, problem) => {
  expect(rulesProblem(rules)).toContain(problem);
});

it('finds nothing wrong with what the builders make', () => {
  const rules = {
    enterLong: all(above(price('close'), sma), any(crossedBelow(sma, 5), always())),
    stops: { stopLoss: 0.1, takeProfit: 3, trailingStop: 0.2, maxBars: 4 },
  };
  expect(rulesProblem(rules)).toBeNull();
  expect(rulesProblem({})).toBeNull();
  expect([...linesOfRules(rules).keys()]).toEqual(['close', 'SMA(5)']);
});

it('names the lines that prepare declares, without bars', () => {
  const strategy: Strategy = {
    id: 'own',
    title: 'Own',
    params: [],
    prepare: (lines) => {
      lines.price('high', { timeframe: '1w' });
      lines.line(sma);
      const again = lines.indicator('SMA', { period: 5 });
      lines.warmUp(3);
      expect([again.now, again.ago(1)]).toEqual([NaN, NaN]);
      return () => {};
    },
  };
  expect([...declaredLines(strategy, {}).keys()]).toEqual(['high@1w', 'SMA(5)']);
  const nothing = { ...strategy, prepare: () => undefined } as unknown as Strategy;
  expect(() => declaredLines(nothing, {})).toThrow('prepare has to return a function that is asked at each bar');
});
