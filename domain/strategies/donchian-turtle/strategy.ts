import { above, below } from '../conditions.ts';
import { indicator, price } from '../line-builders.ts';
import { barsParam } from '../params.ts';
import { COMMON_PARAMS, rulesWith } from '../protective-exits.ts';
import { ruleStrategy } from '../rule-strategy.ts';

export const donchianTurtle = ruleStrategy({
  id: 'donchian-turtle',
  title: 'Breakout of the Donchian channel',
  params: [
    barsParam('entry', 'Bars of the channel that is broken out of', 20),
    barsParam('exit', 'Bars of the channel that ends the trade', 10),
    ...COMMON_PARAMS,
  ],
  warmUpRisesWith: 'all',
  rules: (params) => {
    // The channel up to the bar before: with its own bar in it, a close could never leave it.
    const channel = (period: number, output: string) => indicator('DONCHIAN', { period }, { output, shift: 1 });
    const close = price('close');
    return rulesWith(params, {
      enterLong: above(close, channel(params.entry, 'upper')),
      exitLong: below(close, channel(params.exit, 'lower')),
      enterShort: below(close, channel(params.entry, 'lower')),
      exitShort: above(close, channel(params.exit, 'upper')),
    });
  },
});
