// Buys dips in a long rise, and leaves when the dip is made good. A strategy of conditions: it runs in both engines and in grids.
/** @type {import('../../domain/strategies/toolkit.ts').StrategyFile} */
export default ({
  ruleStrategy,
  rulesWith,
  indicator,
  price,
  above,
  below,
  all,
  crossedAbove,
  crossedBelow,
  barsParam,
  COMMON_PARAMS,
}) =>
  ruleStrategy({
    id: 'rsi-dip',
    title: 'RSI dip above a long average',
    params: [
      barsParam('period', 'Bars of the RSI', 4),
      barsParam('trend', 'Bars of the average that says rise or fall', 200),
      { name: 'dip', kind: 'number', title: 'RSI from which it buys', min: 1, max: 49, default: 25 },
      ...COMMON_PARAMS,
    ],
    rules: (params) => {
      const rsi = indicator('RSI', { period: params.period });
      const trend = indicator('SMA', { period: params.trend });
      return rulesWith(params, {
        enterLong: all(crossedAbove(rsi, params.dip), above(price('close'), trend)),
        exitLong: above(rsi, 100 - params.dip),
        enterShort: all(crossedBelow(rsi, 100 - params.dip), below(price('close'), trend)),
        exitShort: below(rsi, params.dip),
      });
    },
  });
