import { above, all, below, crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise, percentParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const stochastic = ruleStrategy({
  id: 'stochastic',
  title: 'Stochastic crossing in its extremes',
  params: [
    barsParam('period', 'Bars of the range', 14),
    barsParam('smoothK', 'Bars of the average that makes %K', 3),
    barsParam('smoothD', 'Bars of the average that makes %D', 3),
    percentParam('oversold', 'Level below which a rise counts', 20),
    percentParam('overbought', 'Level above which a fall counts', 80),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'oversold', 'overbought'),
  rules: (params) => {
    const periods = { fastKPeriod: params.period, slowKPeriod: params.smoothK, slowDPeriod: params.smoothD };
    const k = indicator('STOCH', periods, { output: 'slowk' });
    const d = indicator('STOCH', periods, { output: 'slowd' });
    const up = all(crossedAbove(k, d), below(d, params.oversold));
    const down = all(crossedBelow(k, d), above(d, params.overbought));
    return rulesWith(params, { enterLong: up, exitLong: down, enterShort: down, exitShort: up });
  },
});
