import { readFileSync } from 'node:fs';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER, type Sizing } from '../../../../domain/backtest/settings.ts';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import type { BarContext, Strategy } from '../../../../domain/strategies/strategy.ts';
import { testData } from '../../../helpers/test-data.ts';

/** What backtesting.py takes when no size is said: a hair less than all, such that an exact multiple of the price buys one unit less. */
export const FULL_CASH: Sizing = { kind: 'cashShare', value: 1 - 2 ** -52 };

/** Rows of a CSV of the test data by column name. */
export function readRows(path: string): readonly Readonly<Record<string, string>>[] {
  const [header, ...lines] = readFileSync(testData(path), 'utf8').trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

export function googCandles(): Candles {
  const rows = readRows('backtesting/bars/GOOG_1d_2004-2013.csv');
  const candles = allocateCandles('GOOG', '1d', rows.length);
  rows.forEach((row, i) => {
    candles.time[i] = Date.parse(row['timestamp']!);
    candles.open[i] = Number(row['open']);
    candles.high[i] = Number(row['high']);
    candles.low[i] = Number(row['low']);
    candles.close[i] = Number(row['close']);
    candles.volume[i] = Number(row['volume']);
  });
  return candles;
}

/** A cross as backtesting.py's `crossover` sees it: strictly on one side at the last bar, strictly on the other now. */
export type OnCross = (cross: 1 | -1, context: BarContext) => void;

/** A strategy that is told of the crosses of two moving averages of the close. */
export function onCrosses(fast: number, slow: number, onCross: OnCross): Strategy {
  return {
    id: 'crosses',
    title: 'Crosses',
    params: [],
    prepare: (lines) => {
      const a = lines.indicator('SMA', { period: fast });
      const b = lines.indicator('SMA', { period: slow });
      return (context) => {
        if (a.ago(1) < b.ago(1) && a.now > b.now) onCross(1, context);
        else if (a.ago(1) > b.ago(1) && a.now < b.now) onCross(-1, context);
      };
    },
  };
}

/** One of the five cases: what it orders at a cross, written once for a strategy and once as rows of an orders CSV. */
export interface ReferenceCase {
  readonly name: string;
  readonly fast: number;
  readonly slow: number;
  readonly broker: Partial<BrokerSettings>;
  readonly onCross: OnCross;
}

const fees = (rate: number): Partial<BrokerSettings> => ({ commission: { maker: rate, taker: rate, fixed: 0 } });

const reverse: OnCross = (cross, context) => (cross > 0 ? context.buy() : context.sell());

const longOnly: OnCross = (cross, context) => {
  if (cross < 0) context.close();
  else if (context.position.size === 0) context.buy();
};

export const REFERENCE_CASES: readonly ReferenceCase[] = [
  {
    name: 'goog_rev_10_20_c002_excl',
    fast: 10,
    slow: 20,
    broker: { ...fees(0.002), exclusive: true },
    onCross: reverse,
  },
  {
    name: 'goog_closerev_10_30_fin',
    fast: 10,
    slow: 30,
    broker: { finalize: true },
    onCross: (cross, context) => {
      context.close();
      reverse(cross, context);
    },
  },
  {
    name: 'goog_long_10_50_c001_fin',
    fast: 10,
    slow: 50,
    broker: { ...fees(0.001), finalize: true },
    onCross: longOnly,
  },
  {
    name: 'goog_long_10_50_spread001_toc',
    fast: 10,
    slow: 50,
    broker: { spread: 0.001, fill: 'close', finalize: true },
    onCross: longOnly,
  },
  {
    name: 'goog_sltp_10_20_c001',
    fast: 10,
    slow: 20,
    broker: { ...fees(0.001), finalize: true },
    onCross: (cross, context) => {
      if (context.position.size !== 0) return;
      const price = context.bar.close.now;
      const order = {
        size: { kind: 'cashShare', value: 0.5 },
        stopLoss: price * (1 - cross * 0.05),
        takeProfit: price * (1 + cross * 0.1),
      } as const;
      if (cross > 0) context.buy(order);
      else context.sell(order);
    },
  },
];

/** Runs a strategy on GOOG with whole units and 10,000 of cash, as all reference cases are. */
export function runOnGoog(candles: Candles, strategy: Strategy, broker: Partial<BrokerSettings>): BacktestRun {
  return runBacktest({
    markets: [candles],
    strategy,
    params: {},
    broker: { ...DEFAULT_BROKER, wholeUnits: true, ...broker },
    sizing: FULL_CASH,
  });
}
