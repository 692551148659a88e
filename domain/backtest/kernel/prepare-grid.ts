import type { Candles } from '../../market/candles.ts';
import type { MarketDays } from '../../market/market-days.ts';
import type { Rules } from '../../strategies/rules.ts';
import type { StrategyParams } from '../../strategies/strategy.ts';
import { checkInput } from '../engine/check-input.ts';
import { firstAtOrAfter } from '../engine/equity-curve.ts';
import { failure } from '../failure.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';
import { ColumnStore } from './column-store.ts';
import { returnEnds } from './day-ends.ts';
import { type KernelTerms, kernelTerms } from './kernel-terms.ts';
import { type MarketTables, marketTables } from './market-tables.ts';
import { rowWidth } from './metrics-row.ts';
import { compileSignals } from './signal-program.ts';

/** Up to so many combinations what is prepared for all of them costs more than it spares. */
export const FEW_COMBOS = 4;

const DEFAULT_MAX_COLUMN_BYTES = 512 * 1024 * 1024;

/** A grid of combinations of one strategy on the bars of one symbol. */
export interface GridInput {
  readonly candles: Candles;
  readonly rulesOf: (params: StrategyParams) => Rules;
  /** Number of combinations, and the parameters of each: complete, checked, and the same at every call. */
  readonly combos: number;
  readonly comboAt: (index: number) => StrategyParams;
  readonly broker: BrokerSettings;
  readonly sizing: Sizing;
  /** Returns in a year, of days or of bars longer than a day: `yearOfBars` says how many those are. */
  readonly periodsPerYear: number;
  /** Bars that open at or after this time are traded, in milliseconds since 1970; all by default. */
  readonly from?: number;
  /** Bars that open before this time; all by default. */
  readonly to?: number;
  /**
   * Whether all combinations start at the same bar, that of the longest warm-up, so that their results can be compared. Without, each
   * starts at the first bar and its conditions are false while its lines warm up. `true` by default.
   */
  readonly commonStart?: boolean;
  /** The common start where it is known, from another thread for instance: `PreparedGrid.startBar`. Spares asking all rules. */
  readonly startBar?: number;
  /** Appends sums of daily returns for each of `RETURN_BLOCKS` equal parts of the run to each row. */
  readonly withBlocks?: boolean;
  /** Bars at whose close returns end, rising; by default the ends of days, the first bar being the start. */
  readonly returnEnds?: Int32Array;
  /** How time is cut into those days; UTC days by default. */
  readonly days?: MarketDays;
  /** Memory for the lines; 512 MiB by default. */
  readonly maxColumnBytes?: number;
  /** Lines that the caller has computed, by `lineKey`: `gridColumns` names them. Any memory, shared as well. */
  readonly columns?: ReadonlyMap<string, Float64Array>;
}

/** A grid that is ready to run any part of its combinations, in the thread that prepared it. */
export interface PreparedGrid {
  readonly input: GridInput;
  readonly store: ColumnStore;
  readonly terms: KernelTerms;
  readonly market: MarketTables;
  /** First bar evaluated. */
  readonly startBar: number;
  /** Returns in a year that the annual metrics are computed with. */
  readonly periodsPerYear: number;
  /** Doubles in a metrics row: `rowColumns` names them. */
  readonly rowWidth: number;
}

/**
 * Checks a grid and computes what its combinations share, but for their lines. Throws a `BacktestFailure` (INVALID_SPEC, EMPTY_RANGE,
 * TOO_FEW_BARS) as a single run does, and a `RangeError` for what only a grid has.
 */
export function prepareGrid(input: GridInput): PreparedGrid {
  const { candles, from, to, broker, sizing } = input;
  check(input);
  checkInput({
    markets: [candles],
    broker,
    sizing,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  const store = new ColumnStore(candles, {
    maxBytes: input.maxColumnBytes ?? DEFAULT_MAX_COLUMN_BYTES,
    ...(input.columns === undefined ? {} : { given: input.columns }),
  });
  const first = from === undefined ? 0 : firstAtOrAfter(candles.time, from);
  const end = to === undefined ? candles.length : firstAtOrAfter(candles.time, to);
  const startBar = input.startBar ?? Math.max(first, input.commonStart === false ? 0 : longestWarmUp(input, store));
  if (first >= end) {
    const [earliest, latest] = [from, to].map((time) =>
      time === undefined ? 'the data' : new Date(time).toISOString(),
    );
    const message = `no bar opens in the range from ${earliest} to ${latest}: widen it, or take other data`;
    throw failure('EMPTY_RANGE', null, [{ field: 'from', value: from ?? null, message }]);
  }
  if (startBar >= end) {
    const message = `the lines need ${startBar} bars of warm-up and there are ${end}: take more data or shorter windows`;
    throw failure('TOO_FEW_BARS', message, [{ field: 'strategy', value: null, message }]);
  }
  if (input.returnEnds !== undefined) checkReturnEnds(input.returnEnds, startBar, end);
  const ends = input.returnEnds ?? returnEnds(candles, startBar, end, input.days);
  return {
    input,
    store,
    terms: kernelTerms(broker, sizing, candles.symbol),
    market: marketTables(candles, startBar, end, ends, input.combos > FEW_COMBOS),
    startBar,
    periodsPerYear: input.periodsPerYear,
    rowWidth: rowWidth(input.withBlocks === true),
  };
}

/** Names (`lineKey`) of the lines that combinations `from` to `to` (not included) read and that have to be computed. */
export function gridColumns({ input, store }: PreparedGrid, from: number, to: number): readonly string[] {
  const keys = new Set<string>();
  for (let index = from; index < to; index++) {
    for (const id of compileSignals(input.rulesOf(input.comboAt(index)), store).columnIds) {
      if (store.isComputed(id)) keys.add(store.keyOf(id));
    }
  }
  return [...keys];
}

/** Computes a line of the grid that `gridColumns` has named into memory of the caller's, one value for each bar of the data. */
export function fillColumn({ store }: PreparedGrid, key: string, target: Float64Array): void {
  store.fill(key, target);
}

function longestWarmUp({ rulesOf, comboAt, combos }: GridInput, store: ColumnStore): number {
  let bars = 0;
  for (let index = 0; index < combos; index++) {
    bars = Math.max(bars, compileSignals(rulesOf(comboAt(index)), store).warmUp);
  }
  return bars;
}

function check({ candles, combos, periodsPerYear, startBar, maxColumnBytes }: GridInput): void {
  const wholeFrom = (name: string, value: number | undefined, least: number): void => {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least)) {
      throw new RangeError(`${name} is ${value}: give a whole number, at least ${least}`);
    }
  };
  wholeFrom('combos', combos, 1);
  wholeFrom('startBar', startBar, 0);
  wholeFrom('maxColumnBytes', maxColumnBytes, 0);
  if (candles.length === 0) throw new RangeError(`${candles.symbol} has no bars: give at least one`);
  if (!(periodsPerYear > 0 && Number.isFinite(periodsPerYear))) {
    throw new RangeError(`periodsPerYear is ${periodsPerYear}: give a number above 0, for example 365 or 252`);
  }
}

function checkReturnEnds(ends: Int32Array, start: number, end: number): void {
  let least = start;
  for (let k = 0; k < ends.length; k++) {
    const bar = ends[k]!;
    if (bar < least || bar >= end) {
      throw new RangeError(
        `returnEnds[${k}] is ${bar}: give bars from ${start} to ${end - 1}, each after the one before`,
      );
    }
    least = bar + 1;
  }
}
