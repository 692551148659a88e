import type { Line } from '../line.ts';
import { checkedLine, indicator, price } from '../line-builders.ts';
import type { LineSpec } from '../line-spec.ts';
import { lineKey } from '../lines/line-key.ts';
import type { Condition, Operand, Rules } from '../rules.ts';
import type { Lines, Strategy, StrategyParams } from '../strategy.ts';

/** The lines that `prepare` asks for, without any bars, by their keys. Throws what `prepare` throws. */
export function declaredLines(strategy: Strategy, params: StrategyParams): ReadonlyMap<string, LineSpec> {
  const specs = new Map<string, LineSpec>();
  const silent: Line = Object.freeze({ now: Number.NaN, ago: () => Number.NaN });
  const add = (spec: LineSpec): Line => {
    specs.set(lineKey(spec), spec);
    return silent;
  };
  const lines: Lines = Object.freeze<Lines>({
    price: (name, options) => add(price(name, options)),
    indicator: (named, given, options) => add(indicator(named, given, options)),
    line: (spec) => add(checkedLine(spec)),
    warmUp: () => {},
  });
  const onBar: unknown = strategy.prepare(lines, params);
  if (typeof onBar !== 'function') {
    throw new TypeError(`prepare has to return a function that is asked at each bar, it returned ${typeof onBar}`);
  }
  return specs;
}

/** The lines that conditions compare, by their keys. */
export function linesOfRules(rules: Rules): ReadonlyMap<string, LineSpec> {
  const specs = new Map<string, LineSpec>();
  const operand = (side: Operand): void => {
    if (typeof side !== 'number') specs.set(lineKey(side), side);
  };
  const visit = (condition: Condition | undefined): void => {
    if (condition === undefined || condition.kind === 'always') return;
    if ('of' in condition) {
      for (const member of condition.of) visit(member);
    } else {
      operand(condition.a);
      operand(condition.b);
    }
  };
  for (const side of [rules.enterLong, rules.exitLong, rules.enterShort, rules.exitShort]) visit(side);
  return specs;
}
