import { failure } from '../../domain/backtest/failure.ts';
import { allocateCandles, type Candles } from '../../domain/market/candles.ts';
import { planOptimization } from '../../domain/optimization/evaluation/plan.ts';
import { prepareOptimization } from '../../domain/optimization/evaluation/prepare.ts';
import { identityOf } from '../../domain/optimization/job/identity.ts';
import { searchedMarket } from '../../domain/optimization/trials/searched-market.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { RunControl } from '../backtests/control.ts';
import { loadMarkets, type Market, type StoredCandles } from '../backtests/load-markets.ts';
import { findOrLoadStrategy } from '../backtests/resolve-strategy.ts';
import { calendarOf, daysOf, tradingYear } from '../backtests/trading-year.ts';
import { sha256 } from '../candles/sha256.ts';
import type { CheckedOptimization } from '../ports/optimization-store.ts';
import type { LoadedData } from './thread-job.ts';

/** Everything that can be said against a spec before it runs, and what it comes to. Throws `BacktestFailure`. */
export async function checkSpec(
  spec: OptimizationSpec,
  store: StoredCandles | null,
  control: RunControl,
): Promise<CheckedOptimization> {
  const { markets, strategy, identity } = await read(spec, store, control);
  refuseUnknownInstruments(spec, markets);
  const year = tradingYear(spec.backtest, { timeframe: markets[0]!.candles.timeframe, markets });
  const input = {
    markets: markets.map(({ candles }) => candles),
    strategy,
    spec,
    periodsPerYear: year.periodsPerYear,
    days: daysOf(year.days),
  };
  const planned = planOptimization(input);
  if (!planned.ok) throw failure('INVALID_SPEC', null, planned.problems);
  const { columns, times } = prepareOptimization(input, planned.plan);
  const { from, to } = planned.plan.span;
  return {
    spec,
    plan: planned.plan,
    identity,
    periodsPerYear: year.periodsPerYear,
    days: year.days,
    columns,
    symbols: identity.data.map(({ symbol }) => symbol),
    dataHash: joined(identity.data.map(({ hash }) => hash)),
    markets: input.markets.map((candles) =>
      searchedMarket(candles, times[from]!, times[to] ?? Number.POSITIVE_INFINITY),
    ),
  };
}

/** The bars of a spec in shared memory, and what they and the strategy are. Throws `BacktestFailure`. */
export async function loadData(
  spec: OptimizationSpec,
  keep: boolean,
  store: StoredCandles | null,
  control: RunControl,
): Promise<LoadedData> {
  const { markets, identity } = await read(spec, store, control);
  return { markets: keep ? markets.map(({ candles }) => shared(candles)) : [], identity };
}

async function read(spec: OptimizationSpec, store: StoredCandles | null, control: RunControl) {
  const { data, calendar, strategy: choice } = spec.backtest;
  control.enter('reading');
  const markets = await loadMarkets(data, store, { calendar: calendarOf(calendar), beat: () => control.beat() });
  control.enter('strategy');
  const { strategy, hash } = await findOrLoadStrategy(choice, control);
  control.enter('summary');
  const identity = identityOf({
    nodeMajor: Number(process.versions.node.split('.')[0]),
    data: markets.map((market) => market.identity),
    strategyHash: hash,
    seed: spec.seed,
  });
  return { markets, strategy, identity };
}

function refuseUnknownInstruments({ backtest }: OptimizationSpec, markets: readonly Market[]): void {
  const symbols = markets.map(({ identity }) => identity.symbol);
  const problems: FieldProblem[] = Object.keys(backtest.broker.instruments)
    .filter((symbol) => !symbols.includes(symbol))
    .map((symbol) => ({
      field: `broker.instruments.${symbol}`,
      value: symbol,
      message: `the data has no such symbol but ${symbols.join(', ')}`,
    }));
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
}

function joined(hashes: readonly string[]): string {
  if (hashes.length === 1) return hashes[0]!;
  const hasher = sha256();
  hasher.update(hashes.join(' '));
  return hasher.hex();
}

function shared(candles: Candles): Candles {
  const copy = allocateCandles(candles.symbol, candles.timeframe, candles.length, true);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    copy[name].set(candles[name].subarray(0, candles.length));
  }
  return copy;
}
