import { firstAtOrAfter } from '../engine/equity-curve.ts';
import type { BacktestInput } from '../run.ts';
import { type Candles, sliceCandles } from '../../market/candles.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import { analyseWarmUp, type WarmUpLine } from './warm-up.ts';

/** How the first values of one symbol's lines depend on where its data begin. */
export interface SymbolWarmUp {
  readonly symbol: string;
  /** Bars before the first one traded, as the spec has it, up to those that were compared. */
  readonly history: number;
  /** The longest history that was compared: what the others are measured by. `null` where the data are too short to compare. */
  readonly yardstick: number | null;
  /** Largest relative change of a line's first values between `history` and the yardstick; `null` when nothing was compared. */
  readonly maxRelativeChange: number | null;
  /** Shortest history from which on no line changes by more than the tolerance; `null` when none of those compared suffices. */
  readonly sufficientHistory: number | null;
  readonly lines: readonly WarmUpLine[];
}

export interface WarmUpCheck {
  /** Largest relative change that counts as none. */
  readonly tolerance: number;
  /** The first traded values of all lines are within the tolerance; `null` when nothing could be compared. */
  readonly sufficient: boolean | null;
  readonly symbols: readonly SymbolWarmUp[];
}

const TOLERANCE = 0.001;
/** First traded bars whose values are compared. */
const BARS = 20;
/** The longest history is this many warm-ups, and so many bars at least: recursive averages have then forgotten all but 10^-13. */
const LONGEST_WARM_UPS = 16;
const LONGEST_AT_LEAST = 1_000;

/**
 * Compares what a strategy's lines say at its first traded bars after the history that they have with what they say after a longer one.
 * Where there is no longer one the same is done at a later bar, with as many bars before it.
 */
export function checkWarmUp(input: BacktestInput): WarmUpCheck {
  const symbols = input.markets.map((candles) => ofSymbol(input, candles));
  const compared = symbols.filter(({ yardstick }) => yardstick !== null);
  const isFine = ({ maxRelativeChange, history, lines }: SymbolWarmUp): boolean =>
    (maxRelativeChange ?? 0) <= TOLERANCE && undefinedAfter(history, lines) === 0;
  return { tolerance: TOLERANCE, sufficient: compared.length === 0 ? null : compared.every(isFine), symbols };
}

function ofSymbol({ strategy, params, from, to }: BacktestInput, candles: Candles): SymbolWarmUp {
  const board = new LineBoard(candles);
  board.prepare(strategy, params);
  const warmUp = board.warmUpBars;
  const end = to === undefined ? candles.length : firstAtOrAfter(candles.time, to);
  const first = Math.max(warmUp, from === undefined ? 0 : firstAtOrAfter(candles.time, from));
  const longest = Math.max(LONGEST_WARM_UPS * warmUp, LONGEST_AT_LEAST);
  const later = Math.max(first, Math.min(longest, end - BARS));
  // As far into a bar of a higher timeframe as the first one: a history that begins within such a bar lacks it.
  const firstTradedBar = later - ((later - first) % longestBar(board));
  const yardstick = Math.min(longest, firstTradedBar);
  const history = Math.min(first, yardstick);
  const none = {
    symbol: candles.symbol,
    history,
    yardstick: null,
    maxRelativeChange: null,
    sufficientHistory: null,
    lines: [],
  };
  if (board.keys.length === 0 || yardstick <= warmUp || firstTradedBar + BARS > end) return none;
  const { lines, sufficientHistory } = analyseWarmUp({
    firstTradedBar,
    histories: [...doublings(Math.max(1, warmUp), yardstick), history, yardstick],
    tolerance: TOLERANCE,
    values: (fromBar) => valuesOf({ strategy, params }, sliceCandles(candles, fromBar, firstTradedBar + BARS)),
  });
  const changes = lines.flatMap(({ rows }) => rows.filter((row) => row.history === history));
  const known = changes.flatMap(({ maxRelativeChange }) => maxRelativeChange ?? []);
  return {
    symbol: candles.symbol,
    history,
    yardstick,
    maxRelativeChange: history === yardstick ? 0 : known.length === 0 ? null : Math.max(...known),
    sufficientHistory,
    lines,
  };
}

/** Bars in one of the highest timeframe of the lines. */
function longestBar({ candles, specs }: LineBoard): number {
  const ratios = specs.map(
    ({ timeframe = candles.timeframe }) => timeframeMs(timeframe) / timeframeMs(candles.timeframe),
  );
  return Math.max(1, ...ratios);
}

function doublings(from: number, below: number): readonly number[] {
  const values: number[] = [];
  for (let value = from; value < below; value *= 2) values.push(value);
  return values;
}

/** The declared lines at the last bars of some candles. */
function valuesOf(
  { strategy, params }: Pick<BacktestInput, 'strategy' | 'params'>,
  candles: Candles,
): Readonly<Record<string, Float64Array>> {
  const board = new LineBoard(candles);
  board.prepare(strategy, params);
  const values: Record<string, Float64Array> = Object.fromEntries(
    board.keys.map((key) => [key, new Float64Array(BARS)]),
  );
  for (let i = 0; i < BARS; i++) {
    const row = board.valuesAt(candles.length - BARS + i);
    for (const key of board.keys) values[key]![i] = row[key] ?? Number.NaN;
  }
  return values;
}

function undefinedAfter(history: number, lines: readonly WarmUpLine[]): number {
  const rows = lines.flatMap((line) => line.rows.filter((row) => row.history === history));
  return rows.reduce((most, { undefinedBars }) => Math.max(most, undefinedBars), 0);
}
