import { above, below, crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator, price } from '../line-builders.ts';
import { barsParam, multipleParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const bollingerReversion = ruleStrategy({
  id: 'bollinger-reversion',
  title: 'Return from beyond the Bollinger bands',
  params: [
    barsParam('period', 'Bars of average and deviation', 20),
    multipleParam('deviations', 'Standard deviations from the middle to a band', 2),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  rules: (params) => {
    const { period, deviations } = params;
    const widths = { period, deviationsUp: deviations, deviationsDown: deviations };
    const band = (output: string) => indicator('BBANDS', widths, { output });
    const close = price('close');
    return rulesWith(params, {
      enterLong: crossedAbove(close, band('lower')),
      exitLong: above(close, band('middle')),
      enterShort: crossedBelow(close, band('upper')),
      exitShort: below(close, band('middle')),
    });
  },
});
