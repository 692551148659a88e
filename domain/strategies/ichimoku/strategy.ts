import { above, all, below, crossedAbove, crossedBelow } from '../conditions.ts';
import { indicator, price } from '../line-builders.ts';
import { barsParam, mustRise } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const ichimoku = ruleStrategy({
  id: 'ichimoku',
  title: 'Ichimoku cross outside the cloud',
  params: [
    barsParam('conversion', 'Bars of the conversion line (tenkan)', 9),
    barsParam('base', 'Bars of the base line (kijun), and bars by which the cloud is drawn ahead', 26),
    barsParam('span', 'Bars of the second line of the cloud (senkou B)', 52),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  check: (params) => mustRise(params, 'conversion', 'base', 'span'),
  rules: (params) => {
    const periods = {
      conversionPeriod: params.conversion,
      basePeriod: params.base,
      spanPeriod: params.span,
      displacement: params.base,
    };
    const line = (output: string) => indicator('ICHIMOKU', periods, { output });
    const close = price('close');
    const [conversion, base, spanA, spanB] = [line('conversion'), line('base'), line('spanA'), line('spanB')];
    return rulesWith(params, {
      enterLong: all(crossedAbove(conversion, base), above(close, spanA), above(close, spanB)),
      exitLong: below(close, base),
      enterShort: all(crossedBelow(conversion, base), below(close, spanA), below(close, spanB)),
      exitShort: above(close, base),
    });
  },
});
