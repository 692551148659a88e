import { crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const smaCross = ruleStrategy({
  id: 'sma-cross',
  title: 'Cross of two simple moving averages',
  params: [
    barsParam('fast', 'Bars of the fast average', 10),
    barsParam('slow', 'Bars of the slow average', 50),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'fast', 'slow'),
  rules: (params) => {
    const fast = indicator('SMA', { period: params.fast });
    const slow = indicator('SMA', { period: params.slow });
    const up = crossedAbove(fast, slow);
    const down = crossedBelow(fast, slow);
    return rulesWith(params, { enterLong: up, exitLong: down, enterShort: down, exitShort: up });
  },
});
