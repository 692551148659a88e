import { describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { runBacktest } from '../../domain/backtest/engine/run-backtest.ts';
import { METRIC_COLUMNS } from '../../domain/backtest/kernel/metrics-row.ts';
import { prepareGrid } from '../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../domain/backtest/kernel/run-grid.ts';
import { runSignals } from '../../domain/backtest/kernel/run-signals.ts';
import { summarise } from '../../domain/backtest/metrics/summarise.ts';
import type { BacktestInput, BacktestRun } from '../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER, type Sizing } from '../../domain/backtest/settings.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { completeParams, type ParamSpec } from '../../domain/parameters/param-spec.ts';
import { LineBoard } from '../../domain/strategies/lines/line-board.ts';
import type { RuleStrategy } from '../../domain/strategies/rule-strategy.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import type { StrategyParams } from '../../domain/strategies/strategy.ts';
import { describeWithData } from '../helpers/test-data.ts';
import { googCandles } from '../domain/backtest/engine/reference-cases.ts';
import { btcCandles, tickBars } from './engine-parity-bars.ts';

const PERIODS_PER_YEAR = 365;

const ruleStrategies = strategies.filter((strategy): strategy is RuleStrategy => strategy.rules !== undefined);

/** Exits of all kinds, near enough that each of them ends trades; 0 is none. */
const EXITS: readonly StrategyParams[] = [
  {},
  { stopLoss: 0.01 },
  { takeProfit: 0.012 },
  { trailingStop: 0.01 },
  { maxBars: 5 },
  { stopLoss: 0.008, takeProfit: 0.02, trailingStop: 0.015, maxBars: 40 },
];

const FREE: Partial<BrokerSettings> = {};
const DEAR: Partial<BrokerSettings> = {
  commission: { maker: 0.0002, taker: 0.0005, fixed: 0.25 },
  spread: 0.0004,
  slippageBps: 3,
  finalize: true,
  exclusive: true,
};

function brokersFor(symbol: string): readonly BrokerSettings[] {
  const steps = { [symbol]: { tick: 0.05, lot: 0.001, minNotional: 25 } };
  const settings: readonly Partial<BrokerSettings>[] = [
    { ...FREE, fill: 'next-open' },
    { ...FREE, fill: 'close', finalize: true },
    { ...DEAR, fill: 'next-open', instruments: steps },
    { ...DEAR, fill: 'close', margin: 0.2, instruments: steps },
    { ...DEAR, fill: 'next-open', margin: 0.05, wholeUnits: true },
  ];
  return settings.flatMap((each) =>
    (['long', 'both'] as const).map((direction) => ({ ...DEFAULT_BROKER, cash: 50_000, ...each, direction })),
  );
}

const SIZINGS: readonly Sizing[] = [
  { kind: 'cashShare', value: 1 },
  { kind: 'cash', value: 20_000 },
  { kind: 'units', value: 1.2345 },
];

const COMMON = new Set(['shorts', 'stopLoss', 'takeProfit', 'trailingStop', 'maxBars']);

/** The defaults, and shorter and longer windows than these, as far as they leave bars to trade on. */
function samplesOf(
  strategy: RuleStrategy,
  candles: Candles,
  exits: readonly StrategyParams[],
): readonly StrategyParams[] {
  const scaled = ({ name, kind, min, max, default: value }: ParamSpec, factor: number): [string, number] => {
    const wanted = Math.min(max, Math.max(min, (value ?? min) * factor));
    return [name, kind === 'integer' ? Math.round(wanted) : wanted];
  };
  const own = strategy.params.filter(({ name }) => !COMMON.has(name));
  const has = (name: string): boolean => strategy.params.some((spec) => spec.name === name);
  return [1, 0.3, 1.5].flatMap((factor) => {
    const windows = own.map((spec) => (spec.kind === 'integer' ? scaled(spec, factor) : scaled(spec, 1)));
    return exits
      .filter((each) => Object.keys(each).every(has))
      .flatMap((each) => {
        const given = { ...Object.fromEntries(windows), ...(has('shorts') ? { shorts: 1 } : {}), ...each };
        const { params, problems } = completeParams(strategy.params, given);
        const isLegal = problems.length === 0 && (strategy.check?.(params) ?? []).length === 0;
        return isLegal && leavesBars(strategy, params, candles) ? [params] : [];
      });
  });
}

/** Averages of a higher timeframe may be longer than the data, or the timeframe not above theirs. */
function leavesBars(strategy: RuleStrategy, params: StrategyParams, candles: Candles): boolean {
  const board = new LineBoard(candles);
  try {
    board.prepare(strategy, params);
  } catch {
    return false;
  }
  return board.warmUpBars < candles.length / 2;
}

/** A run without the wording of its refusals. */
function compared(run: BacktestRun): unknown {
  return { ...run, refusals: run.refusals.map(({ bar, symbol, code }) => ({ bar, symbol, code })) };
}

/** The row that the kernel has for a run, by what the metrics say of the run of the event engine. */
function expectedRow(run: BacktestRun): Readonly<Record<string, number>> {
  const { values } = summarise(run, { periodsPerYear: PERIODS_PER_YEAR });
  const value = (name: string): number => values[name] ?? Number.NaN;
  const gains = run.trades.filter(({ pnl }) => pnl > 0);
  return {
    ...Object.fromEntries(
      ['totalReturn', 'finalEquity', 'annualReturn', 'sharpeRatio', 'sortinoRatio', 'annualVolatility'].map((name) => [
        name,
        value(name),
      ]),
    ),
    maxDrawdown: value('maxDrawdown'),
    trades: run.trades.length,
    openTrade: run.openTrades.length,
    wins: gains.length,
    grossProfit: gains.reduce((sum, { pnl }) => sum + pnl, 0),
    grossLoss: run.trades.filter(({ pnl }) => pnl < 0).reduce((sum, { pnl }) => sum - pnl, 0),
    profitFactor: value('profitFactor'),
    winRate: value('winRate'),
    exposureBars: run.exposureBars,
    commission: run.commission,
    openPnl: value('openPnl'),
    ruined: run.ruined ? 1 : 0,
  };
}

/**
 * Columns that differ by more than 1e-12: relative, of the capital for ratios of it. A daily return is read off a ratio near 1, whose
 * rounding of 2^-53 a Sharpe ratio shows divided by the deviation of a day.
 */
function differingColumns(row: Float64Array, expected: Readonly<Record<string, number>>): readonly string[] {
  const ofCapital = new Set(['totalReturn', 'annualReturn', 'maxDrawdown', 'annualVolatility']);
  const ofDeviation = new Set(['sharpeRatio', 'sortinoRatio']);
  const rounding = (2 ** -52 * PERIODS_PER_YEAR) / expected['annualVolatility']!;
  return Object.entries(expected).flatMap(([name, value]) => {
    const got = row[METRIC_COLUMNS.indexOf(name as (typeof METRIC_COLUMNS)[number])]!;
    if (Object.is(got, value)) return [];
    const scale = Math.max(Math.abs(value), ofCapital.has(name) ? 1 : 0);
    const allowed = 1e-12 * scale + (ofDeviation.has(name) ? rounding * Math.max(1, Math.abs(value)) : 0);
    return Math.abs(got - value) <= allowed ? [] : [`${name}: ${got} for ${value}`];
  });
}

interface Parity {
  readonly runs: number;
  readonly trades: number;
  readonly differences: readonly string[];
}

/** Runs all samples of a strategy through both engines, and as one grid. */
function compareEngines(
  strategy: RuleStrategy,
  candles: Candles,
  exits: readonly StrategyParams[],
  sizings: readonly Sizing[],
): Parity {
  const differences: string[] = [];
  let [runs, trades] = [0, 0];
  const samples = samplesOf(strategy, candles, exits);
  for (const broker of brokersFor(candles.symbol)) {
    for (const sizing of sizings) {
      const grid = prepareGrid({
        candles,
        rulesOf: strategy.rules,
        combos: samples.length,
        comboAt: (index) => samples[index]!,
        broker,
        sizing,
        periodsPerYear: PERIODS_PER_YEAR,
      });
      const rows = new Float64Array(samples.length * grid.rowWidth);
      runGrid(grid, 0, samples.length, rows);
      samples.forEach((params, k) => {
        // All start with the one that needs the longest warm-up.
        const from = candles.time[grid.startBar]!;
        const input: BacktestInput = { markets: [candles], strategy, params, broker, sizing, from };
        const event = runBacktest({ ...input, recordEntryValues: k === 0 });
        const kernel = runSignals({ ...input, recordEntryValues: k === 0 });
        const told = JSON.stringify({ params, broker, sizing });
        if (!isDeepStrictEqual(compared(kernel), compared(event))) differences.push(`runs differ: ${told}`);
        const row = rows.subarray(k * grid.rowWidth, (k + 1) * grid.rowWidth);
        differences.push(...differingColumns(row, expectedRow(event)).map((column) => `${column} ${told}`));
        runs += 1;
        trades += event.trades.length;
      });
    }
  }
  return { runs, trades, differences: differences.slice(0, 5) };
}

it('knows enough strategies that are rules', () => {
  expect(ruleStrategies.length).toBeGreaterThanOrEqual(10);
});

describe.each(ruleStrategies)('the strategy $id in both engines', (strategy) => {
  it('has equal trades, equity and metrics on a random walk in ticks', () => {
    const { runs, trades, differences } = compareEngines(strategy, tickBars(11, 600), EXITS, SIZINGS);
    expect(differences).toEqual([]);
    expect(runs).toBeGreaterThanOrEqual(90);
    expect(trades).toBeGreaterThanOrEqual(strategy.id === 'buy-and-hold' ? 18 : 500);
  });
});

describeWithData('real bars in both engines', () => {
  const series: readonly (readonly [string, Candles])[] = [
    ['BTC-PERP minutes', btcCandles(1500)],
    ['GOOG days', googCandles()],
  ];
  const exits = [EXITS[0]!, EXITS.at(-1)!];
  const sizings: readonly Sizing[] = [{ kind: 'cashShare', value: 0.9 }];

  describe.each(series)('%s', (_, candles) => {
    const fitting = ruleStrategies.filter((strategy) => samplesOf(strategy, candles, exits).length > 0);

    it('suit all strategies but those of a higher timeframe', () => {
      expect(fitting.length).toBeGreaterThanOrEqual(ruleStrategies.length - 1);
    });

    it.each(fitting)('have equal trades, equity and metrics of $id', (strategy) => {
      const { trades, differences } = compareEngines(strategy, candles, exits, sizings);
      expect(differences).toEqual([]);
      expect(trades).toBeGreaterThanOrEqual(strategy.id === 'buy-and-hold' ? 6 : 100);
    });
  });
});
