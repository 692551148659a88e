import { defineStrategy } from '../define-strategy.ts';
import { barsParam, multipleParam } from '../params.ts';
import type { BarContext } from '../strategy.ts';

/** Free-form, because it adds to what it holds and moves the stop of all of it. */
export const turtlePyramid = defineStrategy({
  id: 'turtle-pyramid',
  title: 'Turtle breakout with risk sizing and pyramiding',
  params: [
    barsParam('entry', 'Bars of the channel that is broken out of', 20),
    barsParam('exit', 'Bars of the channel that ends the trade', 10),
    barsParam('atrPeriod', 'Bars of the average true range', 20),
    multipleParam('stopAtr', 'Average true ranges between entry and stop loss', 2),
    multipleParam('addAtr', 'Average true ranges of gain after which it adds', 0.5),
    { name: 'maxEntries', kind: 'integer', title: 'Most entries of a position', min: 1, max: 20, default: 4 },
    {
      name: 'risk',
      kind: 'number',
      title: 'Share of equity that an entry loses at its stop',
      min: 0.0001,
      max: 0.5,
      default: 0.01,
    },
    {
      name: 'maxExposure',
      kind: 'number',
      title: 'Most value of all entries together, share of equity',
      min: 0.01,
      max: 100,
      default: 0.95,
    },
    { name: 'shorts', kind: 'integer', title: 'Sells short as well: 0 no, 1 yes', min: 0, max: 1, default: 1 },
  ],
  warmUpRisesWith: 'all',
  prepare: (lines, { entry, exit, atrPeriod, stopAtr, addAtr, maxEntries, risk, maxExposure, shorts }) => {
    const channel = (period: number, output: string) => lines.indicator('DONCHIAN', { period }, { output, shift: 1 });
    const entryHigh = channel(entry, 'upper');
    const entryLow = channel(entry, 'lower');
    const exitHigh = channel(exit, 'upper');
    const exitLow = channel(exit, 'lower');
    const atr = lines.indicator('ATR', { period: atrPeriod });
    let entries = 0;
    /** Close at which the last entry was ordered. */
    let lastEntry = Number.NaN;

    const enter = (context: BarContext, side: 1 | -1): void => {
      const close = context.bar.close.now;
      const { equity } = context.account;
      const distance = stopAtr * atr.now;
      const stopLoss = close - side * distance;
      if (!(distance > 0) || stopLoss <= 0 || equity <= 0) return;
      // In quiet markets the stop is so near that the risk alone would ask for many times the equity.
      const size = Math.min((risk * equity) / distance, ((maxExposure / maxEntries) * equity) / close);
      const order = { size, stopLoss, tag: `entry ${entries + 1}` };
      if (side === 1) context.buy(order);
      else context.sell(order);
      // The whole position leaves at the stop of its last entry.
      if (entries > 0) context.protect({ stopLoss });
      entries += 1;
      lastEntry = close;
    };

    return (context) => {
      const close = context.bar.close.now;
      const { size } = context.position;
      if (size === 0) {
        entries = 0;
        if (context.workingOrders > 0) context.cancelOrders();
        if (close > entryHigh.now && context.direction !== 'short') enter(context, 1);
        else if (close < entryLow.now && shorts === 1 && context.direction !== 'long') enter(context, -1);
        return;
      }
      const side = size > 0 ? 1 : -1;
      if (side === 1 ? close < exitLow.now : close > exitHigh.now) context.close();
      else if (entries < maxEntries && side * (close - lastEntry) >= addAtr * atr.now) enter(context, side);
    };
  },
});
