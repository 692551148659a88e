// Goes with moves that get somewhere: a free-form strategy with an indicator of its own and orders with a trailing stop.
/** @type {import('../../domain/strategies/toolkit.ts').StrategyFile} */
export default ({ defineStrategy, defineIndicator, barsParam }) => {
  // Kaufman's efficiency ratio, with the sign of the move: 1 for a straight rise, -1 for a straight fall, 0 for standing still.
  const efficiency = defineIndicator({
    name: 'EFFICIENCY',
    params: [barsParam('period', 'Bars of the move', 10)],
    inputs: ['close'],
    lookback: ({ period }) => period,
    // Called once for each series; what it returns is called with the close of each bar in turn.
    start: ({ period }) => {
      /** @type {number[]} */
      const closes = [];
      return (close) => {
        closes.push(close);
        if (closes.length > period + 1) closes.shift();
        let path = 0;
        for (let i = 1; i < closes.length; i++) path += Math.abs((closes[i] ?? 0) - (closes[i - 1] ?? 0));
        return path === 0 ? 0 : (close - (closes[0] ?? 0)) / path;
      };
    },
  });

  return defineStrategy({
    id: 'efficient-trend',
    title: 'Moves that get somewhere',
    params: [
      barsParam('period', 'Bars of the move', 10),
      { name: 'least', kind: 'number', title: 'Efficiency from which it enters', min: 0.05, max: 0.95, default: 0.5 },
      {
        name: 'trail',
        kind: 'number',
        title: 'Trailing stop, share of the price',
        min: 0.001,
        max: 0.5,
        default: 0.03,
      },
    ],
    prepare: (lines, { period, least, trail }) => {
      const ratio = lines.indicator(efficiency, { period });
      return (context) => {
        if (context.position.size !== 0) return;
        /** @type {import('../../domain/strategies/strategy.ts').OrderRequest} */
        const order = { size: { kind: 'equityShare', value: 0.5 }, trailingStop: trail };
        if (ratio.now > least && context.direction !== 'short') context.buy(order);
        else if (ratio.now < -least && context.direction !== 'long') context.sell(order);
      };
    },
  });
};
