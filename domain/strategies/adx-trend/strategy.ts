import { above, all, any, below, crossedAbove } from '../conditions.ts';
import { indicator } from '../line-builders.ts';
import { barsParam, percentParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const adxTrend = ruleStrategy({
  id: 'adx-trend',
  title: 'Directional movement in a strong trend',
  params: [
    barsParam('period', 'Bars of the directional indicators and of the ADX', 14),
    percentParam('threshold', 'ADX from which on there is a trend', 25),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  rules: (params) => {
    const { period, threshold } = params;
    const plus = indicator('PLUS_DI', { period });
    const minus = indicator('MINUS_DI', { period });
    const adx = indicator('ADX', { period });
    // Whichever comes last: the direction, or the strength.
    const begins = (leading: typeof plus, trailing: typeof plus) =>
      any(
        all(crossedAbove(leading, trailing), above(adx, threshold)),
        all(crossedAbove(adx, threshold), above(leading, trailing)),
      );
    return rulesWith(params, {
      enterLong: begins(plus, minus),
      exitLong: below(plus, minus),
      enterShort: begins(minus, plus),
      exitShort: below(minus, plus),
    });
  },
});
