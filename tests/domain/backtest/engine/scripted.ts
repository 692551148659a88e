import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestInput, BacktestRun } from '../../../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import type { BarContext, Strategy } from '../../../../domain/strategies/strategy.ts';

/** Open, high, low, close, and volume where it matters. */
export type Row = readonly [number, number, number, number, number?];

export const HOUR_MS = 3_600_000;

/** Hourly bars from 1970 on. */
export function candlesOf(rows: readonly Row[], symbol = 'X', start = 0): Candles {
  const candles = allocateCandles(symbol, '1h', rows.length);
  rows.forEach(([open, high, low, close, volume = 1_000], i) => {
    candles.time[i] = start + i * HOUR_MS;
    candles.open[i] = open;
    candles.high[i] = high;
    candles.low[i] = low;
    candles.close[i] = close;
    candles.volume[i] = volume;
  });
  return candles;
}

/** What is ordered at the close of which bar. */
export type Script = Readonly<Record<number, (context: BarContext) => void>>;

export function scripted(script: Script): Strategy {
  return {
    id: 'scripted',
    title: 'Scripted',
    params: [],
    prepare: () => (context) => script[context.bar.index]?.(context),
  };
}

interface Options extends Partial<Omit<BacktestInput, 'broker'>> {
  readonly broker?: Partial<BrokerSettings>;
}

/** Runs a script on bars, with 10,000 of cash and 1 unit an order unless told otherwise. */
export function runScript(rows: readonly Row[], script: Script, { broker, ...options }: Options = {}): BacktestRun {
  return runBacktest({
    markets: [candlesOf(rows)],
    strategy: scripted(script),
    params: {},
    sizing: { kind: 'units', value: 1 },
    ...options,
    broker: { ...DEFAULT_BROKER, ...broker },
  });
}

/** A trade as `size @ entryPrice(entryBar) -> exitPrice(exitBar) reason`. */
export function told({ trades, openTrades }: BacktestRun): readonly string[] {
  return [
    ...trades.map((t) => `${t.size} @ ${t.entryPrice}(${t.entryBar}) -> ${t.exitPrice}(${t.exitBar}) ${t.exitReason}`),
    ...openTrades.map((t) => `${t.size} @ ${t.entryPrice}(${t.entryBar}) open`),
  ];
}

/** Codes of the refusals. */
export function refused({ refusals }: BacktestRun): readonly string[] {
  return refusals.map(({ code, bar }) => `${code}(${bar})`);
}
