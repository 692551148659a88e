import { crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const emaCross = ruleStrategy({
  id: 'ema-cross',
  title: 'Cross of two exponential moving averages',
  params: [
    barsParam('fast', 'Bars of the fast average', 12),
    barsParam('slow', 'Bars of the slow average', 26),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'fast', 'slow'),
  rules: (params) => {
    const fast = indicator('EMA', { period: params.fast });
    const slow = indicator('EMA', { period: params.slow });
    const up = crossedAbove(fast, slow);
    const down = crossedBelow(fast, slow);
    return rulesWith(params, { enterLong: up, exitLong: down, enterShort: down, exitShort: up });
  },
});
