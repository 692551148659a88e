import { above, all, any, below, crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, mustRise, percentParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const trendPullback = ruleStrategy({
  id: 'trend-pullback',
  title: 'RSI pullback in the trend of a higher timeframe',
  params: [
    {
      name: 'trendHours',
      kind: 'integer',
      title: "Length of the trend's bars in hours, a multiple of the run's bars",
      min: 1,
      max: 720,
      default: 4,
    },
    barsParam('fast', "Bars of the trend's fast average", 20),
    barsParam('slow', "Bars of the trend's slow average", 50),
    barsParam('period', 'Bars of the RSI', 14),
    percentParam('oversold', 'Level below which the RSI has to have been', 40),
    percentParam('overbought', 'Level above which the move is over', 70),
    ...COMMON_PARAMS,
  ],
  // A longer bar of the trend may begin, and close, sooner than a shorter one.
  warmUpRisesWith: ['fast', 'slow', 'period', 'oversold', 'overbought', ...COMMON_PARAMS.map(({ name }) => name)],
  check: (params) => [...mustRise(params, 'fast', 'slow'), ...mustRise(params, 'oversold', 'overbought')],
  rules: (params) => {
    const timeframe = `${params.trendHours}h`;
    const fast = indicator('EMA', { period: params.fast }, { timeframe });
    const slow = indicator('EMA', { period: params.slow }, { timeframe });
    const rsi = indicator('RSI', { period: params.period });
    return rulesWith(params, {
      enterLong: all(above(fast, slow), crossedAbove(rsi, params.oversold)),
      exitLong: any(above(rsi, params.overbought), below(fast, slow)),
      // Mirrored at 50: a rise in a downward trend.
      enterShort: all(below(fast, slow), crossedBelow(rsi, 100 - params.oversold)),
      exitShort: any(below(rsi, 100 - params.overbought), above(fast, slow)),
    });
  },
});
