import { failure } from '../../domain/backtest/failure.ts';
import { type BacktestManifest, manifestOf, replayProblems, type RunIdentity } from '../../domain/backtest/manifest.ts';
import type { BacktestInput } from '../../domain/backtest/run.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { BacktestSpec } from '../../domain/backtest/spec/spec.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { RunControl } from './control.ts';
import { loadMarkets, type Market, type StoredCandles } from './load-markets.ts';
import { type ResolvedStrategy, resolveStrategy } from './resolve-strategy.ts';
import { calendarOf, type TradingYear, tradingYear } from './trading-year.ts';

/** A run with everything at hand. */
export interface PreparedRun {
  readonly input: BacktestInput;
  readonly markets: readonly Market[];
  readonly manifest: BacktestManifest;
  readonly year: TradingYear;
}

/**
 * Loads data and strategy and checks them against each other, but for the warm-up, which the engine checks. Throws `BacktestFailure`.
 */
export async function prepareRun(
  { spec, expected }: BacktestRequest,
  store: StoredCandles | null,
  control: RunControl,
): Promise<PreparedRun> {
  control.enter('reading');
  const calendar = calendarOf(spec.calendar);
  const markets = await loadMarkets(spec.data, store, { calendar, beat: () => control.beat() });
  refuseUnknownInstruments(spec, markets);
  refuseEmptyRange(spec, markets);
  control.enter('strategy');
  const resolved = await resolveStrategy(spec.strategy, control);
  refuseMisfits(spec, markets, resolved);
  const completed = withParams(spec, resolved);
  const identity = identityOf(markets, resolved);
  refuseOtherReplay(expected, identity);
  const input: BacktestInput = {
    markets: markets.map(({ candles }) => candles),
    strategy: resolved.strategy,
    params: resolved.params,
    broker: spec.broker,
    sizing: spec.sizing,
    ...(spec.from === null ? {} : { from: Date.parse(spec.from) }),
    ...(spec.to === null ? {} : { to: Date.parse(spec.to) }),
    recordEntryValues: true,
  };
  const year = tradingYear(spec, { timeframe: markets[0]!.candles.timeframe, markets });
  return { input, markets, manifest: manifestOf(completed, identity), year };
}

/** What a run is made of. */
export function identityOf(
  markets: readonly Pick<Market, 'identity'>[],
  { hash, parts }: Pick<ResolvedStrategy, 'hash' | 'parts'>,
): RunIdentity {
  return {
    data: markets.map((market) => market.identity),
    strategyHash: hash,
    ...(parts.length === 0 ? {} : { strategyParts: parts }),
    nodeMajor: Number(process.versions.node.split('.')[0]),
  };
}

/** A manifest is replayed on what it was made of, or not at all. */
export function refuseOtherReplay(expected: BacktestManifest | null, identity: RunIdentity): void {
  const problems = expected === null ? [] : replayProblems(expected, identity);
  if (problems.length > 0) throw failure('REPLAY_DIFFERS', null, problems);
}

/** Orders are for the bars of one symbol, and for such as are there. */
export function refuseMisfits(
  { strategy }: BacktestSpec,
  markets: readonly Pick<Market, 'identity'>[],
  { misfits }: Pick<ResolvedStrategy, 'misfits'>,
): void {
  if ('orders' in strategy && markets.length > 1) {
    const message = `orders name no symbol: give the data of one, not of ${markets.length}`;
    throw failure('INVALID_SPEC', null, [{ field: 'data', value: markets.length, message }]);
  }
  const problems = misfits(markets[0]!.identity.bars);
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
}

/** Parameters of a user's strategy are complete only now. */
function withParams(spec: BacktestSpec, { params }: ResolvedStrategy): BacktestSpec {
  return 'orders' in spec.strategy ? spec : { ...spec, strategy: { ...spec.strategy, params } };
}

export function refuseUnknownInstruments({ broker }: BacktestSpec, markets: readonly Pick<Market, 'identity'>[]): void {
  const symbols = markets.map(({ identity }) => identity.symbol);
  const problems = Object.keys(broker.instruments)
    .filter((symbol) => !symbols.includes(symbol))
    .map((symbol) => ({
      field: `broker.instruments.${symbol}`,
      value: symbol,
      message: `the data has no such symbol but ${symbols.join(', ')}`,
    }));
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
}

/** How many bars of a market open in the range. */
function barsInRange({ time, length }: Candles, { from, to }: Pick<BacktestSpec, 'from' | 'to'>): number {
  const first = from === null ? 0 : indexAt(time, length, Date.parse(from));
  const end = to === null ? length : indexAt(time, length, Date.parse(to));
  return Math.max(0, end - first);
}

/** Number of the first bar that opens at or after an instant. */
export function indexAt(time: Float64Array, length: number, at: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function refuseEmptyRange(spec: BacktestSpec, markets: readonly Market[]): void {
  if (markets.some(({ candles }) => barsInRange(candles, spec) > 0)) return;
  const problems: FieldProblem[] = markets.map(({ candles }) => ({
    field: spec.from === null ? 'to' : 'from',
    value: spec.from ?? spec.to,
    message: `no bar of ${candles.symbol} lies in the range; its bars open from ${iso(candles.time[0])} to ${iso(candles.time[candles.length - 1])}`,
  }));
  throw failure('EMPTY_RANGE', null, problems);
}

function iso(time: number | undefined): string {
  return time === undefined ? '(none)' : new Date(time).toISOString();
}
