import { crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const macd = ruleStrategy({
  id: 'macd',
  title: 'MACD crossing its signal line',
  params: [
    barsParam('fast', 'Bars of the fast average', 12),
    barsParam('slow', 'Bars of the slow average', 26),
    barsParam('signal', 'Bars of the average of the difference', 9),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'fast', 'slow'),
  rules: (params) => {
    const periods = { fastPeriod: params.fast, slowPeriod: params.slow, signalPeriod: params.signal };
    const line = indicator('MACD', periods, { output: 'macd' });
    const signal = indicator('MACD', periods, { output: 'signal' });
    const up = crossedAbove(line, signal);
    const down = crossedBelow(line, signal);
    return rulesWith(params, { enterLong: up, exitLong: down, enterShort: down, exitShort: up });
  },
});
