import { defineStrategy } from '../define-strategy.ts';
import { barsParam, multipleParam } from '../params.ts';
import type { OrderRequest } from '../strategy.ts';

/** Free-form, because its entries wait in the market as stop orders. */
export const bracketBreakout = defineStrategy({
  id: 'bracket-breakout',
  title: 'Stop orders at the edges of the range, each with a bracket',
  params: [
    barsParam('period', 'Bars of the range', 20),
    barsParam('atrPeriod', 'Bars of the average true range', 14),
    multipleParam('stopAtr', 'Average true ranges between entry and stop loss', 1.5),
    multipleParam('targetAtr', 'Average true ranges between entry and take profit', 3),
    {
      name: 'maxBars',
      kind: 'integer',
      title: 'Longest time in a trade, in bars; 0 = any',
      min: 0,
      max: 1_000_000,
      default: 0,
    },
    { name: 'shorts', kind: 'integer', title: 'Sells short as well: 0 no, 1 yes', min: 0, max: 1, default: 1 },
  ],
  warmUpRisesWith: 'all',
  prepare: (lines, { period, atrPeriod, stopAtr, targetAtr, maxBars, shorts }) => {
    const upper = lines.indicator('DONCHIAN', { period }, { output: 'upper' });
    const lower = lines.indicator('DONCHIAN', { period }, { output: 'lower' });
    const atr = lines.indicator('ATR', { period: atrPeriod });
    /** For the next bar only, since the range moves; the first that fills cancels the other. */
    const bracket = (stop: number, stopLoss: number, takeProfit: number): OrderRequest =>
      maxBars > 0
        ? { stop, stopLoss, takeProfit, oco: 'breakout', goodForBars: 1, maxBars }
        : { stop, stopLoss, takeProfit, oco: 'breakout', goodForBars: 1 };

    return (context) => {
      if (context.position.size !== 0 || !(atr.now > 0)) return;
      const loss = stopAtr * atr.now;
      const gain = targetAtr * atr.now;
      if (context.direction !== 'short') {
        const stop = upper.now;
        if (stop > loss) context.buy(bracket(stop, stop - loss, stop + gain));
      }
      if (shorts === 1 && context.direction !== 'long') {
        const stop = lower.now;
        if (stop > gain) context.sell(bracket(stop, stop + loss, stop - gain));
      }
    };
  },
});
