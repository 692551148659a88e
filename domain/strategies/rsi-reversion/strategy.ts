import { above, below, crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise, percentParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const rsiReversion = ruleStrategy({
  id: 'rsi-reversion',
  title: 'RSI coming back from oversold',
  params: [
    barsParam('period', 'Bars of the RSI', 14),
    percentParam('oversold', 'Level below which the RSI is oversold', 30),
    percentParam('exit', 'Level at which the move is over', 50),
    percentParam('overbought', 'Level above which the RSI is overbought', 70),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'oversold', 'exit', 'overbought'),
  rules: (params) => {
    const rsi = indicator('RSI', { period: params.period });
    return rulesWith(params, {
      enterLong: crossedAbove(rsi, params.oversold),
      exitLong: above(rsi, params.exit),
      enterShort: crossedBelow(rsi, params.overbought),
      exitShort: below(rsi, params.exit),
    });
  },
});
