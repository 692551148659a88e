import { expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { ruleStrategy } from '../../../../domain/strategies/rule-strategy.ts';
import { testData, describeWithData } from '../../../helpers/test-data.ts';
import { readFileSync } from 'node:fs';
import { googCandles } from './reference-cases.ts';
import { findIndicator } from '../../../../domain/indicators/registry.ts';

interface Order {
  readonly date: string;
  readonly size: number;
  readonly price: number;
  readonly fee: number;
  readonly side: string;
}

/** The order list of vectorbt; its column name is quoted and has a comma in it. */
function goldenOrders(): readonly Order[] {
  const [, ...lines] = readFileSync(testData('backtesting/golden/vbt_orders_goog_10_50.csv'), 'utf8')
    .trim()
    .split(/\r?\n/);
  return lines.map((line) => {
    const [date, size, price, fee, side] = line.slice(line.lastIndexOf('"') + 2).split(',');
    return { date: date!.slice(0, 10), size: Number(size), price: Number(price), fee: Number(fee), side: side! };
  });
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.abs(b);

describeWithData('a cell of the vectorbt grid: SMA 10/50, long, all cash at the close, 10 bps', () => {
  const candles = googCandles();
  const sma = findIndicator('SMA')!;
  const line = (period: number) => ({ kind: 'indicator', indicator: sma, params: { period }, output: 0 }) as const;
  const strategy = ruleStrategy({
    id: 'cross',
    title: 'Cross',
    params: [],
    rules: () => ({
      enterLong: { kind: 'crossed-above', a: line(10), b: line(50) },
      exitLong: { kind: 'crossed-below', a: line(10), b: line(50) },
    }),
  });
  const run = runBacktest({
    markets: [candles],
    strategy,
    params: {},
    broker: { ...DEFAULT_BROKER, cash: 100, commission: { maker: 0.001, taker: 0.001, fixed: 0 }, fill: 'close' },
    sizing: { kind: 'cashShare', value: 1 },
  });

  it('has the same orders', () => {
    const date = (bar: number): string => new Date(candles.time[bar]!).toISOString().slice(0, 10);
    const trades = [...run.trades, ...run.openTrades];
    const orders = trades.flatMap((trade, i) => {
      const buy = { date: date(trade.entryBar), price: trade.entryPrice, side: 'Buy', size: trade.size };
      const sell = { date: date(trade.exitBar), price: trade.exitPrice, side: 'Sell', size: trade.size };
      return i < run.trades.length ? [buy, sell] : [buy];
    });
    const golden = goldenOrders();
    expect(orders.map(({ date: day, side, price }) => ({ day, side, price }))).toEqual(
      golden.map(({ date: day, side, price }) => ({ day, side, price })),
    );
    expect(orders.filter(({ size }, i) => !isNear(size, golden[i]!.size))).toEqual([]);
  });

  it('pays the same fees and has the same return', () => {
    const fees = goldenOrders().reduce((sum, { fee }) => sum + fee, 0);
    expect(isNear(run.commission, fees)).toBe(true);
    // vbt_stats_goog_10_50.csv and the row (10, 50) of the grid.
    expect(Math.abs(run.equity.at(-1)! / 100 - 1 - 2.7719325691126)).toBeLessThan(1e-12);
  });

  it('has the same largest drawdown: the curve is that of vectorbt, with each fee at the close that it was paid at', () => {
    let peak = 100;
    let drawdown = 0;
    for (const equity of run.equity) {
      peak = Math.max(peak, equity);
      drawdown = Math.max(drawdown, 1 - equity / peak);
    }
    expect(Math.abs(drawdown - 0.2880811602091)).toBeLessThan(1e-12);
  });
});
