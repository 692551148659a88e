import { describe, expect, it } from '@jest/globals';
import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import { ordersStrategy } from '../../../../domain/backtest/orders-csv/orders-strategy.ts';
import { parseOrders } from '../../../../domain/backtest/orders-csv/parse-orders.ts';
import type { BarContext, OrderRequest, Strategy } from '../../../../domain/strategies/strategy.ts';
import { describeWithData } from '../../../helpers/test-data.ts';
import { googCandles, onCrosses, readRows, REFERENCE_CASES, type ReferenceCase, runOnGoog } from './reference-cases.ts';

/** Money of theirs and ours is added up in another order. */
const TOLERANCE = 1e-9;

function isClose(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

/** What of a trade has to be equal to the bit, and what nearly. */
interface ComparedTrade {
  readonly exact: readonly (number | null)[];
  readonly near: readonly number[];
}

function ofRun({ trades }: BacktestRun): readonly ComparedTrade[] {
  return trades.map(({ size, entryBar, exitBar, entryPrice, exitPrice, sl, tp, pnl, commission, returnRatio }) => ({
    exact: [size, entryBar, exitBar, entryPrice, exitPrice, sl, tp],
    near: [pnl, commission, returnRatio],
  }));
}

function ofGolden(name: string): readonly ComparedTrade[] {
  const columns = (row: Readonly<Record<string, string>>, names: readonly string[]): (number | null)[] =>
    names.map((column) => (row[column] === '' ? null : Number(row[column])));
  return readRows(`backtesting/golden/btpy_trades_${name}.csv`).map((row) => ({
    exact: columns(row, ['Size', 'EntryBar', 'ExitBar', 'EntryPrice', 'ExitPrice', 'SL', 'TP']),
    near: columns(row, ['PnL', 'Commission', 'ReturnPct']) as number[],
  }));
}

function statistic(name: string, metric: string): number {
  const rows = readRows('backtesting/golden/btpy_stats.csv');
  return Number(rows.find((row) => row['case'] === name && row['metric'] === metric)!['value']);
}

/** What a case orders, as the text of an orders CSV: its strategy is run once and its orders are written down. */
function ordersCsv(candles: ReturnType<typeof googCandles>, { fast, slow, broker, onCross }: ReferenceCase): string {
  const rows = ['bar,side,type,price,sl,tp,size'];
  const write = (context: BarContext, side: string, { stopLoss, takeProfit, size }: OrderRequest = {}): void => {
    const share = typeof size === 'object' ? size.value : '';
    rows.push(`${context.bar.index},${side},market,,${stopLoss ?? ''},${takeProfit ?? ''},${share}`);
  };
  const noting = onCrosses(fast, slow, (cross, context) => {
    onCross(cross, {
      symbol: context.symbol,
      bar: context.bar,
      position: context.position,
      account: context.account,
      direction: context.direction,
      workingOrders: context.workingOrders,
      market: (symbol) => context.market(symbol),
      protect: (exits) => context.protect(exits),
      cancelOrders: () => context.cancelOrders(),
      buy: (order) => {
        write(context, 'buy', order);
        context.buy(order);
      },
      sell: (order) => {
        write(context, 'sell', order);
        context.sell(order);
      },
      close: () => {
        rows.push(`${context.bar.index},,close,,,,`);
        context.close();
      },
    });
  });
  runOnGoog(candles, noting, broker);
  return rows.join('\n');
}

function fromCsv(text: string): Strategy {
  const parsed = parseOrders(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return ordersStrategy(parsed.rows);
}

describeWithData('the cases of backtesting.py on GOOG', () => {
  const candles = googCandles();
  const ways = REFERENCE_CASES.flatMap((each) => [
    { ...each, way: 'as a strategy', strategy: () => onCrosses(each.fast, each.slow, each.onCross) },
    { ...each, way: 'as an orders CSV', strategy: () => fromCsv(ordersCsv(candles, each)) },
  ]);

  describe.each(ways)('$name $way', ({ name, broker, strategy }) => {
    const run = runOnGoog(candles, strategy(), broker);
    const actual = ofRun(run);
    const expected = ofGolden(name);

    it('has the same trades', () => {
      expect(actual.map(({ exact }) => exact)).toEqual(expected.map(({ exact }) => exact));
    });

    it('has the same profit and commission on each trade', () => {
      const differing = actual.filter(
        ({ near }, i) => !near.every((value, k) => isClose(value, expected[i]!.near[k]!)),
      );
      expect(differing).toEqual([]);
    });

    it('ends with the same equity and the same commission in all', () => {
      expect(isClose(run.equity.at(-1)!, statistic(name, 'Equity Final [$]'))).toBe(true);
      // The reference counts the commission of closed trades only.
      const paid = run.trades.reduce((sum, { commission }) => sum + commission, 0);
      expect(isClose(paid, broker.commission === undefined ? 0 : statistic(name, 'Commissions [$]'))).toBe(true);
    });

    it('has the same time in the market', () => {
      // The reference does not see the trade that is still open at the end.
      const stillHeld = run.openTrades.reduce((bars, { entryBar }) => bars + candles.length - 1 - entryBar, 0);
      const share = (run.exposureBars - stillHeld) / candles.length;
      expect(isClose(share * 100, statistic(name, 'Exposure Time [%]'))).toBe(true);
    });
  });

  const curves = REFERENCE_CASES.filter(({ name }) => /rev_10_20|sltp/.test(name));

  it.each(curves)('has the same equity at every close: $name', ({ name, fast, slow, broker, onCross }) => {
    const run = runOnGoog(candles, onCrosses(fast, slow, onCross), broker);
    const golden = readRows(`backtesting/golden/btpy_equity_${name}.csv`).map((row) => Number(row['Equity']));
    expect(run.warmUpBars + run.equity.length).toBe(golden.length);
    expect(golden.slice(0, run.warmUpBars)).toEqual(Array.from({ length: run.warmUpBars }, () => 10_000));
    const differing = golden.slice(run.warmUpBars).filter((value, i) => !isClose(run.equity[i]!, value));
    expect(differing).toEqual([]);
  });

  it('has the final equity and the number of trades of all 95 pairs of the grid', () => {
    const { broker, onCross } = REFERENCE_CASES[0]!;
    const rows = readRows('backtesting/golden/btpy_grid_goog_rev_c002.csv');
    const differing = rows.filter((row) => {
      const run = runOnGoog(candles, onCrosses(Number(row['n1']), Number(row['n2']), onCross), broker);
      return run.trades.length !== Number(row['trades']) || !isClose(run.equity.at(-1)!, Number(row['equity_final']));
    });
    expect(rows).toHaveLength(95);
    expect(differing).toEqual([]);
  });
});
