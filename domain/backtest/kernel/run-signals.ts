import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { Rules } from '../../strategies/rules.ts';
import { checkInput } from '../engine/check-input.ts';
import { RunCancelled } from '../engine/run-cancelled.ts';
import { type BacktestFailure, failure } from '../failure.ts';
import type { BacktestInput, BacktestRun } from '../run.ts';
import { COMMISSION, initialise, RUINED, STATE_SIZE } from './combo-state.ts';
import { kernelRefusal } from './kernel-refusal.ts';
import { exposureBars } from './metrics-row.ts';
import { passTiles } from './pass-tiles.ts';
import { type PreparedGrid, prepareGrid } from './prepare-grid.ts';
import { type EntryValues, RunRecorder } from './run-recorder.ts';
import { compileSignals } from './signal-program.ts';

/**
 * Runs one combination of a strategy that is rules, with its trades and equity: bit for bit what `runBacktest` gives, and faster. Throws a
 * `BacktestFailure` for what neither engine can run and for what only the event engine can (`kernelRefusal`, several symbols).
 */
export function runSignals(input: BacktestInput): BacktestRun {
  checkInput(input);
  const { broker, sizing, strategy, params } = input;
  const [candles] = input.markets;
  const rules = strategy.rules?.(params);
  if (candles === undefined || input.markets.length > 1)
    throw refusal('markets', 'the signal kernel runs one symbol: use the event engine');
  if (rules === undefined) throw refusal('strategy', `${strategy.id} is no set of rules: use the event engine`);
  const reason = kernelRefusal(broker, sizing, rules);
  if (reason !== null) throw refusal('broker', reason);
  const grid = prepare(input, () => rules);
  const { market, terms, store } = grid;
  const s = new Float64Array(STATE_SIZE);
  initialise(s, 0, terms.cash, rules.stops ?? {});
  const recorder = new RunRecorder(candles, terms, market.start, market.end, entryValuesOf(input));
  const programs = [{ program: compileSignals(rules, store), first: 0, end: STATE_SIZE }];
  passTiles(grid, programs, s, recorder, (barsDone) => {
    if (input.onProgress?.(barsDone) === false) throw new RunCancelled();
  });
  recorder.cancelWaiting();
  return {
    symbols: [candles.symbol],
    timeframe: candles.timeframe,
    warmUpBars: market.start,
    times: candles.time.slice(market.start, market.end),
    equity: recorder.equity,
    initialCash: broker.cash,
    trades: recorder.trades,
    openTrades: recorder.openTrades(s, 0, market.end),
    exposureBars: exposureBars(market, s, 0),
    commission: s[COMMISSION]!,
    orders: recorder.tally.counts,
    refusals: recorder.tally.refusals,
    ruined: s[RUINED] !== 0,
  };
}

function prepare({ markets, broker, sizing, from, to }: BacktestInput, rulesOf: () => Rules): PreparedGrid {
  return prepareGrid({
    candles: markets[0]!,
    rulesOf,
    combos: 1,
    comboAt: () => ({}),
    broker,
    sizing,
    periodsPerYear: 365,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
}

function refusal(field: string, message: string): BacktestFailure {
  return failure('INVALID_SPEC', null, [{ field, value: null, message }]);
}

function entryValuesOf({ markets, strategy, params, recordEntryValues }: BacktestInput): EntryValues | null {
  if (recordEntryValues !== true) return null;
  const board = new LineBoard(markets[0]!);
  board.prepare(strategy, params);
  return (bar) => board.valuesAt(bar);
}
