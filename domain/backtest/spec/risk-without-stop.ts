import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { Strategy, StrategyParams } from '../../strategies/strategy.ts';
import type { Sizing } from '../settings.ts';

/**
 * What is wrong with sizing by the risk of a trade for a strategy that is rules: without a stop loss or a trailing stop there is no
 * such risk. A strategy that is no rules decides order by order and is not known beforehand.
 *
 * @param params complete and checked.
 */
export function riskWithoutStop(
  { id, rules }: Pick<Strategy, 'id' | 'rules'>,
  params: StrategyParams,
  sizing: Sizing,
): readonly FieldProblem[] {
  if (sizing.kind !== 'riskPerTrade' || rules === undefined) return [];
  const { stops } = rules(params);
  if (stops?.stopLoss !== undefined || stops?.trailingStop !== undefined) return [];
  const message = `${id} has no stop whose distance would be the risk of a trade: give it a stopLoss or a trailingStop, or another sizing`;
  return [{ field: 'sizing', value: sizing, message }];
}
