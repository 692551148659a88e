import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCandleFile } from '../adapters/candles/read-candle-file.ts';
import { tableOf } from '../bin/terminal/output.ts';
import { type Candles, sliceCandles } from '../domain/market/candles.ts';
import { MARKET_KINDS, syntheticMixture } from '../domain/market/synthetic-mixture.ts';
import { type Forecast, forecast } from '../domain/optimization/forecast.ts';
import { parseOptimizationSpec } from '../domain/optimization/parse-spec.ts';
import type { OptimizationSpec } from '../domain/optimization/spec.ts';
import { strategies, strategyOf } from '../domain/strategies/registry.ts';
import { dataFolder } from './bars.ts';

/*
 * How often what a search says of the days ahead holds: the stated 90 % interval of the return of the chosen parameters against what they
 * then earned. `node dist/bench/coverage.js [--markets 400] [--days 150] [--data-folder F] [--json]`
 */

/** Spaces that are searched, by strategy: one that follows, one that fades, one that breaks out. */
const SPACES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'sma-cross': { fast: { min: 5, max: 50, step: 5 }, slow: { min: 20, max: 200, step: 20 } },
  'rsi-reversion': {
    period: { min: 6, max: 30, step: 4 },
    oversold: { min: 15, max: 40, step: 5 },
    exit: { min: 45, max: 70, step: 5 },
  },
  'donchian-turtle': { entry: { min: 10, max: 120, step: 10 }, exit: { min: 5, max: 60, step: 5 } },
};
const IDS = Object.keys(SPACES);
const FIRST_SEED = 1_000;

/** Real bars, and how long each choice is made on. */
interface DataSet {
  readonly file: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly trainBars: number;
  readonly periodsPerYear: number;
}

const DATA_SETS: readonly DataSet[] = [
  {
    file: 'BTC-PERP_1m_2022-01.csv.gz',
    symbol: 'BTC-PERP',
    timeframe: '1m',
    trainBars: 20 * 1440,
    periodsPerYear: 365,
  },
  { file: 'EURUSD_1h_2017-2018.csv', symbol: 'EUR/USD', timeframe: '1h', trainBars: 2_500, periodsPerYear: 252 },
  { file: 'GOOG_1d_2004-2013.csv', symbol: 'GOOG', timeframe: '1d', trainBars: 750, periodsPerYear: 252 },
  { file: 'SPY_1d_1998-2021.csv', symbol: 'SPY', timeframe: '1d', trainBars: 750, periodsPerYear: 252 },
  { file: 'BTCUSD_coinbase_1d_2014-2018.csv', symbol: 'BTC/USD', timeframe: '1d', trainBars: 500, periodsPerYear: 365 },
];

interface Coverage {
  readonly name: string;
  readonly forecasts: number;
  readonly covered: number;
  /** Realised below the interval, and above. */
  readonly below: number;
  readonly above: number;
  readonly coverage: number;
  readonly meanWidth: number;
  readonly meanExpected: number;
  readonly meanRealised: number;
  readonly meanInSample: number;
}

function specOf(id: string): OptimizationSpec {
  const document = {
    data: { datasetId: 'given' },
    strategy: { id },
    space: SPACES[id],
    broker: { commission: 0.0005 },
  };
  const parsed = parseOptimizationSpec(document, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

function coverageOf(name: string, forecasts: readonly Forecast[]): Coverage {
  const mean = (of: (each: Forecast) => number): number =>
    forecasts.reduce((sum, each) => sum + of(each), 0) / forecasts.length;
  const covered = forecasts.filter(({ isCovered }) => isCovered).length;
  const below = forecasts.filter(({ realised, prediction }) => realised < prediction.low).length;
  return {
    name,
    forecasts: forecasts.length,
    covered,
    below,
    above: forecasts.length - covered - below,
    coverage: covered / forecasts.length,
    meanWidth: mean(({ prediction }) => prediction.high - prediction.low),
    meanExpected: mean(({ prediction }) => prediction.expected),
    meanRealised: mean(({ realised }) => realised),
    meanInSample: mean(({ prediction }) => prediction.inSample),
  };
}

/** Made markets of all kinds in turn, with each strategy in turn. */
function madeMarkets(markets: number, days: number): readonly Coverage[] {
  const bars = 24 * days;
  const all = Array.from({ length: markets }, (_, market) => {
    const kind = MARKET_KINDS[market % MARKET_KINDS.length]!;
    const id = IDS[Math.floor(market / MARKET_KINDS.length) % IDS.length]!;
    const seed = FIRST_SEED + market;
    const candles = syntheticMixture({ seed, bars: Math.ceil(1.2 * bars), kind, timeframe: '1h', volatility: 0.006 });
    const input = { markets: [candles], strategy: strategyOf(id), spec: specOf(id), periodsPerYear: 365 };
    return { kind, id, forecast: forecast(input, bars) };
  });
  const some = (name: string, keep: (each: (typeof all)[number]) => boolean): Coverage =>
    coverageOf(
      name,
      all.filter(keep).flatMap(({ forecast: made }) => (made === null ? [] : [made])),
    );
  return [
    some(`${markets} made markets of ${days} days`, () => true),
    ...MARKET_KINDS.map((wanted) => some(`  ${wanted}`, ({ kind }) => kind === wanted)),
    ...IDS.map((wanted) => some(`  ${wanted}`, ({ id }) => id === wanted)),
  ];
}

/** A data set rolled through: a choice on so many bars, the days after it, and on by those days. */
function rolled(candles: Candles, { file, trainBars, periodsPerYear }: DataSet): Coverage {
  const forecasts: Forecast[] = [];
  for (const id of IDS) {
    const spec = specOf(id);
    for (let from = 0; from + trainBars < candles.length;) {
      const markets = [sliceCandles(candles, from, candles.length)];
      const made = forecast({ markets, strategy: strategyOf(id), spec, periodsPerYear }, trainBars);
      if (made !== null) forecasts.push(made);
      from += Math.floor(trainBars / 10);
    }
  }
  return coverageOf(file, forecasts);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      markets: { type: 'string', default: '400' },
      days: { type: 'string', default: '150' },
      'data-folder': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const coverages = [...madeMarkets(Number(values.markets), Number(values.days))];
  const folder = dataFolder(values['data-folder']);
  for (const set of folder === null ? [] : DATA_SETS) {
    const path = join(folder!, 'backtesting', 'bars', set.file);
    if (!existsSync(path)) continue;
    const { candles } = await readCandleFile(path, { symbol: set.symbol, timeframe: set.timeframe, stamp: 'open' });
    coverages.push(rolled(candles, set));
  }
  process.stdout.write(values.json ? `${JSON.stringify(coverages, null, 2)}\n` : readable(coverages));
}

function readable(coverages: readonly Coverage[]): string {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  return tableOf(
    ['searched', 'forecasts', 'covered', 'below', 'above', 'width', 'in sample', 'expected', 'realised'],
    coverages.map((each) => [
      each.name,
      String(each.forecasts),
      percent(each.coverage),
      String(each.below),
      String(each.above),
      percent(each.meanWidth),
      percent(each.meanInSample),
      percent(each.meanExpected),
      percent(each.meanRealised),
    ]),
  );
}

await main();
