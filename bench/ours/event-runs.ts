import { runBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import { maxDrawdownOf } from '../../domain/backtest/metrics/drawdown.ts';
import { type RunSummary, summarise } from '../../domain/backtest/metrics/summarise.ts';
import type { BacktestInput, BacktestRun } from '../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER, DEFAULT_SIZING } from '../../domain/backtest/settings.ts';
import { defineStrategy } from '../../domain/strategies/define-strategy.ts';
import { barsParam, multipleParam } from '../../domain/strategies/params.ts';
import type { OnBar, Strategy } from '../../domain/strategies/strategy.ts';
import type { Line } from '../../domain/strategies/line.ts';
import type { Rows } from '../parity.ts';
import { numbersOf } from './options.ts';
import type { Case } from './prepared-case.ts';
import { REVERSE_BROKER, reverseCross, reversePairs } from './reverse-cross.ts';

const AVERAGES = [barsParam('fast', 'Bars of the fast average', 20), barsParam('slow', 'Bars of the slow average', 50)];

/** Long from a crossing upwards to the next downwards. */
const crossing = defineStrategy({
  id: 'bench-crossing',
  title: 'Long while the fast average is above the slow one',
  params: AVERAGES,
  prepare: (lines, params) => {
    const fast = lines.indicator('SMA', { period: params['fast']! });
    const slow = lines.indicator('SMA', { period: params['slow']! });
    return (context) => {
      if (context.position.size === 0) {
        if (crosses(fast, slow)) context.buy();
      } else if (crosses(slow, fast)) context.close();
    };
  },
});

/** Long at a crossing upwards, out at the stop loss or the take profit. */
const bracket = defineStrategy({
  id: 'bench-bracket',
  title: 'Each crossing upwards bought with stop loss and take profit',
  params: [
    ...AVERAGES,
    multipleParam('loss', 'Distance of the stop loss, share of the close', 0.01),
    multipleParam('gain', 'Distance of the take profit, share of the close', 0.02),
  ],
  prepare: (lines, params): OnBar => {
    const fast = lines.indicator('SMA', { period: params['fast']! });
    const slow = lines.indicator('SMA', { period: params['slow']! });
    const loss = 1 - params['loss']!;
    const gain = 1 + params['gain']!;
    let isBusy = false;
    return (context) => {
      // RaptorBT asks a strategy before it fills the bar: an entry on the very bar of an exit is not possible there.
      if (isBusy) {
        isBusy = context.position.size !== 0;
      } else if (crosses(fast, slow)) {
        const close = context.bar.close.now;
        context.buy({ stopLoss: close * loss, takeProfit: close * gain });
        isBusy = true;
      }
    };
  },
});

const STRATEGIES: Readonly<Record<string, Strategy>> = { crossing, bracket };

function crosses(a: Line, b: Line): boolean {
  return a.now > b.now && a.ago(1) < b.ago(1);
}

/** Bars through the event engine with the full summary: an own strategy asked at each bar, filled at the next open; `units` a trade, else all cash. */
export const eventRun: Case = (candles, options) => {
  const strategy = STRATEGIES[String(options['strategy'])];
  if (strategy === undefined) throw new RangeError(`option strategy is ${String(options['strategy'])}`);
  const { fee, cash, ...params } = numbersOf(options, 'fee', 'cash', 'fast', 'slow', 'loss', 'gain');
  const units = options['units'] === undefined ? null : numbersOf(options, 'units').units;
  const broker: BrokerSettings = { ...DEFAULT_BROKER, cash, commission: { maker: fee, taker: fee, fixed: 0 } };
  const input: BacktestInput = {
    markets: [candles],
    strategy,
    params,
    broker,
    sizing: units === null ? DEFAULT_SIZING : { kind: 'units', value: units },
  };
  return () => {
    const { run } = summarised(input);
    return () => rowsOf(run.trades.map((t) => [t.entryBar, t.exitBar, t.entryPrice, t.exitPrice, t.size, t.pnl]));
  };
};

/** The grid of `reverseGrid`, each pair a run of the event engine. */
export const reverseRuns: Case = (candles) => {
  const inputs = reversePairs().map((params): BacktestInput => ({
    markets: [candles],
    strategy: reverseCross,
    params,
    broker: REVERSE_BROKER,
    sizing: DEFAULT_SIZING,
  }));
  return () => {
    const runs = inputs.map(summarised);
    return () => rowsOf(runs.map(({ run }) => [run.equity.at(-1)!, maxDrawdownOf(run.equity), run.trades.length]));
  };
};

function rowsOf(rows: readonly (readonly number[])[]): Rows {
  return { columns: rows[0]?.length ?? 1, values: Float64Array.from(rows.flat()) };
}

function summarised(input: BacktestInput): { readonly run: BacktestRun; readonly summary: RunSummary } {
  const run = runBacktest(input);
  return { run, summary: summarise(run, { periodsPerYear: 365 }) };
}
