import type { FieldProblem, ParamSpec, ParamsOf } from '../parameters/param-spec.ts';
import { entryOrder } from './protective-exits.ts';
import { RuleSignals } from './rule-signals.ts';
import { CLOSE, decideSignal, ENTER_LONG, ENTER_SHORT, HOLD, OPEN_LONG, type Rules } from './rules.ts';
import type { BarContext, OnBar, Strategy, StrategyParams } from './strategy.ts';

/** What makes a rule strategy, with its parameters typed by their declaration. */
export interface RuleStrategyDefinition<Specs extends readonly ParamSpec[]> {
  readonly id: string;
  readonly title: string;
  readonly params: Specs;
  /** What no single parameter can say by itself. */
  check?(params: ParamsOf<Specs>): readonly FieldProblem[];
  rules(params: ParamsOf<Specs>): Rules;
  readonly warmUpRisesWith?: 'all' | readonly Specs[number]['name'][];
}

/** A strategy that is conditions: it runs in both engines. */
export interface RuleStrategy extends Strategy {
  readonly rules: (params: StrategyParams) => Rules;
}

/** The strategy whose orders follow from conditions: at each close market orders by `decideSignal`, entries with the protective exits. */
export function ruleStrategy<const Specs extends readonly ParamSpec[]>(
  definition: RuleStrategyDefinition<Specs>,
): RuleStrategy {
  const { id, title, params: specs, warmUpRisesWith } = definition;
  // Parameters are complete by contract: every declared name is there.
  const rules = (params: StrategyParams): Rules => definition.rules(params as ParamsOf<Specs>);
  return {
    id,
    title,
    params: specs,
    check: (params) => definition.check?.(params as ParamsOf<Specs>) ?? [],
    rules,
    ...(warmUpRisesWith === undefined ? {} : { warmUpRisesWith }),
    prepare: (lines, params) => {
      const made = rules(params);
      return follow(made, new RuleSignals(made, (spec) => lines.line(spec)));
    },
  };
}

function follow({ stops }: Rules, signals: RuleSignals): OnBar {
  /** Side of the last entry ordered: what is held once it fills. */
  let ordered: 1 | -1 = 1;
  return (context) => {
    const bits = allowed(signals.at(context.bar.index), context.direction);
    const { size } = context.position;
    // In a thin market an entry may wait for bars: until it fills, it counts as the position that it will be.
    const isWaiting = context.workingOrders > 0;
    const signal = decideSignal(size > 0 ? 1 : size < 0 ? -1 : isWaiting ? ordered : 0, bits);
    if (signal === HOLD) return;
    if (isWaiting) context.cancelOrders();
    if (size !== 0) context.close();
    if (signal === CLOSE) return;
    ordered = signal === OPEN_LONG ? 1 : -1;
    const order = entryOrder(ordered, context.bar.close.now, stops);
    if (ordered === 1) context.buy(order);
    else context.sell(order);
  };
}

function allowed(bits: number, direction: BarContext['direction']): number {
  if (direction === 'long') return bits & ~ENTER_SHORT;
  if (direction === 'short') return bits & ~ENTER_LONG;
  return bits;
}
