import { crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, multipleParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const supertrend = ruleStrategy({
  id: 'supertrend',
  title: 'Supertrend turning round',
  params: [
    barsParam('period', 'Bars of the average true range', 10),
    multipleParam('multiplier', 'Average true ranges between price and band', 3),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  rules: (params) => {
    const { period, multiplier } = params;
    // 1 in a rise, -1 in a fall.
    const direction = indicator('SUPERTREND', { period, multiplier }, { output: 'direction' });
    const up = crossedAbove(direction, 0);
    const down = crossedBelow(direction, 0);
    return rulesWith(params, { enterLong: up, exitLong: down, enterShort: down, exitShort: up });
  },
});
