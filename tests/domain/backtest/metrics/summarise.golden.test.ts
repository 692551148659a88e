import { expect, it } from '@jest/globals';
import { summarise } from '../../../../domain/backtest/metrics/summarise.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import { describeWithData } from '../../../helpers/test-data.ts';
import { btpyStats, column, csvRows, googCandles, relativeDistance } from './golden.ts';
import { barsHeld, btpyTrades, DAY_MS, runOf, tradeOf } from './runs.ts';

const TOLERANCE = 1e-10;
/** Its mean durations are rounded up to whole days, the length of a bar. */
const wholeDays = (ms: number): number => Math.ceil(ms / DAY_MS) * DAY_MS;

/** Names of backtesting.py whose definition is ours too, and what turns our unit into its. */
const OF_TRADES: readonly (readonly [theirs: string, ours: string, unit: (value: number) => number])[] = [
  ['# Trades', 'trades', (value) => value],
  ['Win Rate [%]', 'winRate', (value) => 100 * value],
  ['Best Trade [%]', 'bestTradeRatio', (value) => 100 * value],
  ['Worst Trade [%]', 'worstTradeRatio', (value) => 100 * value],
  ['Avg. Trade [%]', 'geometricTradeRatio', (value) => 100 * value],
  ['Expectancy [%]', 'expectancyRatio', (value) => 100 * value],
  ['Max. Trade Duration', 'maxTradeMs', (value) => value / 1000],
  ['Avg. Trade Duration', 'avgTradeMs', (value) => wholeDays(value) / 1000],
  ['SQN', 'sqn', (value) => value],
  ['Kelly Criterion', 'kelly', (value) => value],
  ['Exposure Time [%]', 'exposureRatio', (value) => 100 * value],
];

const OF_EQUITY: typeof OF_TRADES = [
  ['Equity Final [$]', 'finalEquity', (value) => value],
  ['Equity Peak [$]', 'peakEquity', (value) => value],
  ['Return [%]', 'totalReturn', (value) => 100 * value],
  ['CAGR [%]', 'cagr', (value) => 100 * value],
  ['Return (Ann.) [%]', 'annualReturn', (value) => 100 * value],
  ['Calmar Ratio', 'calmarRatio', (value) => value],
  ['Max. Drawdown [%]', 'maxDrawdown', (value) => -100 * value],
  ['Avg. Drawdown [%]', 'avgDrawdown', (value) => -100 * value],
  ['Max. Drawdown Duration', 'maxDrawdownMs', (value) => value / 1000],
  ['Avg. Drawdown Duration', 'avgDrawdownMs', (value) => wholeDays(value) / 1000],
  ['Duration', 'elapsedMs', (value) => value / 1000],
];

const CASES = [
  'goog_rev_10_20_c002_excl',
  'goog_closerev_10_30_fin',
  'goog_long_10_50_c001_fin',
  'goog_long_10_50_spread001_toc',
  'goog_sltp_10_20_c001',
];

describeWithData('a summary beside that of backtesting.py', () => {
  const times = Float64Array.from(googCandles(), (row) => Date.parse(row['timestamp']!));

  it.each(CASES)('%s: the figures of its trades', (name) => {
    const trades = btpyTrades(name);
    const equity = Array.from(times, () => 10_000);
    const { values } = summarise(runOf(equity, { times, trades, exposureBars: barsHeld(trades) }), {
      periodsPerYear: 252,
    });
    const theirs = btpyStats(name);
    for (const [their, our, unit] of OF_TRADES) {
      expect([their, relativeDistance(unit(values[our]!), theirs[their]!) <= TOLERANCE]).toEqual([their, true]);
    }
  });

  it.each(['goog_rev_10_20_c002_excl', 'goog_sltp_10_20_c001'])('%s: the figures of its equity', (name) => {
    const equity = column(csvRows(`backtesting/golden/btpy_equity_${name}.csv`), 'Equity');
    const { values, periodsPerYear, period } = summarise(runOf([...equity], { times }), { periodsPerYear: 252 });
    expect([period, periodsPerYear]).toEqual(['day', 252]);
    const theirs = btpyStats(name);
    for (const [their, our, unit] of OF_EQUITY) {
      expect([their, relativeDistance(unit(values[our]!), theirs[their]!) <= TOLERANCE]).toEqual([their, true]);
    }
  });
});

describeWithData('a summary beside that of vectorbt', () => {
  const stats = Object.fromEntries(
    csvRows('backtesting/golden/vbt_stats_goog_10_50.csv').map((row) => [row['']!, Number.parseFloat(row['value']!)]),
  );
  const candles = googCandles();
  const bars = new Map(candles.map((row, bar) => [row['timestamp']!, bar]));
  const close = column(candles, 'close');
  const orders = csvRows('backtesting/golden/vbt_orders_goog_10_50.csv');

  /** Pairs of a buy and the sell that follows it; a last buy without a sell stays open. */
  const trades: Trade[] = [];
  for (let i = 0; i + 1 < orders.length; i += 2) {
    const [buy, sell] = [orders[i]!, orders[i + 1]!];
    const [size, commission] = [Number(buy['Size']), Number(buy['Fees']) + Number(sell['Fees'])];
    const [entryPrice, exitPrice] = [Number(buy['Price']), Number(sell['Price'])];
    const [entryBar, exitBar] = [bars.get(buy['Timestamp']!)!, bars.get(sell['Timestamp']!)!];
    const pnl = size * (exitPrice - entryPrice) - commission;
    trades.push(
      tradeOf({
        size,
        commission,
        entryPrice,
        exitPrice,
        entryBar,
        exitBar,
        pnl,
        // vectorbt has no times of its own: a bar is a day
        entryTime: entryBar * DAY_MS,
        exitTime: exitBar * DAY_MS,
        returnRatio: pnl / (size * entryPrice),
      }),
    );
  }

  /** The equity at each close, from the orders: what is held is marked at the close. */
  const equity = (): number[] => {
    let [cash, held, next] = [100, 0, 0];
    return Array.from(close, (price, bar) => {
      const order = orders[next];
      if (order !== undefined && bars.get(order['Timestamp']!) === bar) {
        const size = Number(order['Size']) * (order['Side'] === 'Buy' ? 1 : -1);
        cash -= size * Number(order['Price']) + Number(order['Fees']);
        held += size;
        next += 1;
      }
      return cash + held * price;
    });
  };

  // A year has 365 days there, whatever the market. It counts the return from the cash to the first close as well, so it is given the
  // cash as the close of a bar before.
  const before = Float64Array.of(close[0]!, ...close);
  const { values } = summarise(runOf([100, ...equity()], { trades }), { periodsPerYear: 365, benchmark: before });

  it.each([
    ['End Value', 'finalEquity', 1],
    ['Total Return [%]', 'totalReturn', 100],
    ['Benchmark Return [%]', 'benchmarkReturn', 100],
    ['Max Drawdown [%]', 'maxDrawdown', 100],
    ['Total Closed Trades', 'trades', 1],
    ['Win Rate [%]', 'winRate', 100],
    ['Best Trade [%]', 'bestTradeRatio', 100],
    ['Worst Trade [%]', 'worstTradeRatio', 100],
    ['Avg Winning Trade [%]', 'avgWinRatio', 100],
    ['Avg Losing Trade [%]', 'avgLossRatio', -100],
    ['Profit Factor', 'profitFactor', 1],
    ['Expectancy', 'expectancy', 1],
    ['Sharpe Ratio', 'sharpeRatio', 1],
    ['Calmar Ratio', 'calmarRatio', 1],
    ['Omega Ratio', 'omegaRatio', 1],
    ['Sortino Ratio', 'sortinoRatio', 1],
  ])('%s', (theirs, ours, unit) => {
    expect(relativeDistance(values[ours]! * unit, stats[theirs]!)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('mean durations of winning and losing trades', () => {
    expect(values['avgWinMs']! / DAY_MS).toBe(82.5); // "82 days 12:00:00"
    expect(values['avgLossMs']! / DAY_MS).toBeCloseTo(31 + 18 / 24 + 40 / 1440, 10); // "31 days 18:40:00"
  });
});
