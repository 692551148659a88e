/** Holds a position for five bars, whatever the price does, with a stop that is never reached, and opens the next one: its trades do not hang on the market. */
export default ({ ruleStrategy, always }) =>
  ruleStrategy({
    id: 'always-in',
    title: 'In the market, five bars at a time',
    params: [],
    rules: () => ({ enterLong: always(), stops: { stopLoss: 0.2, maxBars: 5 } }),
  });
