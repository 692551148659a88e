import type { Candles } from '../../market/candles.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { BarContext, OnBar } from '../../strategies/strategy.ts';
import { failure } from '../failure.ts';
import type { BacktestInput, BacktestRun } from '../run.ts';
import { riskWithoutStop } from '../spec/risk-without-stop.ts';
import { DeskContext } from './bar-context.ts';
import { runBars, type Seat } from './bar-loop.ts';
import { CashAccount } from './cash-account.ts';
import { checkInput } from './check-input.ts';
import { EquityCurve, firstAtOrAfter } from './equity-curve.ts';
import { measureExcursions } from './excursions.ts';
import { OrderTally } from './order-tally.ts';
import { exposureBars, openTrades } from './run-end.ts';
import { barsForSizing } from './sizing.ts';
import { stepsOf } from './steps.ts';
import { type Broker, SymbolDesk } from './symbol-desk.ts';
import { BrokerTerms } from './terms.ts';
import { jointTimes } from './time-axis.ts';
import { TradeLedger } from './trade-ledger.ts';

export { RunCancelled } from './run-cancelled.ts';

/** A symbol whose strategy is prepared. */
interface Prepared {
  readonly candles: Candles;
  readonly board: LineBoard;
  readonly onBar: OnBar;
  /** First bar at which the strategy is asked, and the end of the bars, not included. */
  readonly start: number;
  readonly end: number;
}

/**
 * Runs a strategy over bars, order by order. Throws `BacktestFailure` (INVALID_SPEC, EMPTY_RANGE, TOO_FEW_BARS, STRATEGY_FAILED) and
 * `RunCancelled`. The rules by which orders fill are in docs/backtesting.md.
 */
export function runBacktest(input: BacktestInput): BacktestRun {
  const prepared = prepareAll(input);
  const { broker, sizing, strategy } = input;
  const firstTime = Math.min(
    ...prepared.filter(({ start, end }) => start < end).map(({ candles, start }) => candles.time[start]!),
  );
  const firstBars = prepared.map(({ candles }) => firstAtOrAfter(candles.time, firstTime));
  const times = jointTimes(prepared.map(({ candles, end }, m) => ({ candles, from: firstBars[m]!, to: end })));

  const shared: Broker = { terms: new BrokerTerms(broker), tally: new OrderTally(), ledger: new TradeLedger() };
  const desks = prepared.map(
    ({ candles, board }) => new SymbolDesk(candles, board, shared, stepsOf(broker, candles.symbol)),
  );
  const account = new CashAccount(broker.cash, shared.terms.leverage, new EquityCurve(times), desks);
  const contexts = new Map<string, BarContext>();
  const terms = { sizing, direction: broker.direction, recordEntryValues: input.recordEntryValues ?? false };
  const seats = prepared.map(({ onBar, start, end }, m): Seat => {
    const desk = desks[m]!;
    standBefore(desk, firstBars[m]!, account);
    const context = new DeskContext(desk, terms, contexts);
    contexts.set(desk.symbol, context);
    return { desk, onBar, context, start, end };
  });

  const warmUpBars = jointTimes(prepared.map(({ candles }, m) => ({ candles, from: 0, to: firstBars[m]! }))).length;
  input.onStart?.(warmUpBars + times.length, warmUpBars);
  const ruined = runBars(seats, account, {
    strategyId: strategy.id,
    path: broker.intrabar,
    fillsAtClose: shared.terms.fillAtClose,
    finalize: broker.finalize,
    onProgress: input.onProgress,
  });

  for (const desk of desks) desk.cancelWorking();
  measureExcursions(shared.ledger);
  const open = openTrades(desks);
  const { trades } = shared.ledger;
  return {
    symbols: desks.map(({ symbol }) => symbol),
    timeframe: input.markets[0]!.timeframe,
    warmUpBars,
    times,
    equity: account.curve.values,
    initialCash: broker.cash,
    trades,
    openTrades: open,
    exposureBars: exposureBars([...trades, ...open], desks, times),
    commission: account.commission,
    orders: shared.tally.counts,
    refusals: shared.tally.refusals,
    ruined,
  };
}

/** Throws what `runBacktest` throws before its first bar. */
export function checkBacktest(input: BacktestInput): void {
  prepareAll(input);
}

function prepareAll(input: BacktestInput): readonly Prepared[] {
  const { strategy, params, sizing } = input;
  checkInput(input);
  const atRisk = riskWithoutStop(strategy, params, sizing);
  if (atRisk.length > 0) throw failure('INVALID_SPEC', null, atRisk);
  const prepared = input.markets.map((candles) => prepare(input, candles));
  refuseWithoutBars(input, prepared);
  const misfits = prepared.flatMap(({ start, end }) => strategy.misfits?.({ start, end, sizing }) ?? []);
  const inSpec = misfits.map((problem) => ({ ...problem, field: `strategy.${problem.field}` }));
  if (inSpec.length > 0) throw failure('INVALID_SPEC', null, inSpec);
  return prepared;
}

function prepare({ strategy, params, sizing, from, to }: BacktestInput, candles: Candles): Prepared {
  const board = new LineBoard(candles);
  const onBar = board.prepare(strategy, params);
  const first = from === undefined ? 0 : firstAtOrAfter(candles.time, from);
  const end = to === undefined ? candles.length : firstAtOrAfter(candles.time, to);
  return { candles, board, onBar, start: Math.max(first, board.warmUpBars, barsForSizing(sizing)), end };
}

function refuseWithoutBars({ from, to, strategy, sizing }: BacktestInput, prepared: readonly Prepared[]): void {
  const first = (candles: Candles): number => (from === undefined ? 0 : firstAtOrAfter(candles.time, from));
  if (prepared.every(({ candles, end }) => first(candles) >= end)) {
    const told = [from, to].map((time) => (time === undefined ? 'the data' : new Date(time).toISOString()));
    const message = `no bar opens in the range from ${told[0]} to ${told[1]}: widen it, or take other data`;
    throw failure('EMPTY_RANGE', null, [{ field: 'from', value: from ?? null, message }]);
  }
  if (prepared.some(({ start, end }) => start < end)) return;
  const told = prepared.map(({ board, end }) => {
    const warmUp = Math.max(board.neededBars, barsForSizing(sizing));
    return `${warmUp + 1} bars of ${board.candles.symbol} (${warmUp} of them warm-up) and there are ${end}`;
  });
  const message = `${strategy.id} needs ${told.join(', ')} up to the end of the range: take more data or shorter windows`;
  throw failure('TOO_FEW_BARS', message, [{ field: 'strategy', value: strategy.id, message }]);
}

/** Puts a desk at the last bar before the run. */
function standBefore(desk: SymbolDesk, firstBar: number, account: CashAccount): void {
  desk.account = account;
  desk.bar = firstBar - 1;
  if (firstBar === 0) return;
  desk.board.moveTo(firstBar - 1);
  desk.mark = desk.candles.close[firstBar - 1]!;
}
