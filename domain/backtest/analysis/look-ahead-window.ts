import { firstAtOrAfter } from '../engine/equity-curve.ts';
import { jointTimes } from '../engine/time-axis.ts';
import { failure } from '../failure.ts';
import type { BacktestInput } from '../run.ts';
import { type Candles, sliceCandles } from '../../market/candles.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { Strategy, StrategyParams } from '../../strategies/strategy.ts';
import type { Decision } from './look-ahead.ts';
import { seededRandom } from './seeded-random.ts';

/** Bars that are looked at, at most: a later one adds nothing but time. */
const MOST_BARS = 100_000;
/** Bars before the first one asked that stay in the data, beyond the warm-up. */
const HISTORY = 500;
/** The first so many bars are cut after each: what looks ahead at single bars only shows where a cut lies right after one. */
const DENSE_CUTS = 500;
/** Bars on which the warm-up is looked for first. */
const SHORTEST_PART = 50;
/** Cuts at places drawn, and cuts right after orders spread over the whole. */
const DRAWN_CUTS = 40;
const CUTS_AFTER_ORDERS = 80;
/** Bars that the cuts of each kind walk through together, at most. */
const BARS_OF_CUTS = 2_000_000;

/** The part of the data that is looked at. */
export interface LookAheadWindow {
  readonly markets: readonly Candles[];
  /** Bars of each market that were cut off at its front. */
  readonly offsets: ReadonlyMap<string, number>;
  /** The joint time axis, and the first place on it at which the strategy is asked. */
  readonly times: Float64Array;
  readonly asked: number;
}

/** Throws `BacktestFailure` when there is no bar to ask the strategy at. */
export function windowOf({ markets, strategy, params, sizing, from, to }: BacktestInput): LookAheadWindow {
  const forSizing = sizing.kind === 'volatilityTarget' ? sizing.window : 0;
  const parts = markets.map((candles) => {
    const history = Math.max(warmUpOf(candles, strategy, params), forSizing);
    const first = Math.max(history, from === undefined ? 0 : firstAtOrAfter(candles.time, from));
    const end = to === undefined ? candles.length : firstAtOrAfter(candles.time, to);
    return { candles, first, end, start: Math.max(0, first - history - HISTORY) };
  });
  const asked = Math.min(
    ...parts.filter(({ first, end }) => first < end).map(({ candles, first }) => candles.time[first]!),
  );
  if (asked === Number.POSITIVE_INFINITY) {
    throw failure('TOO_FEW_BARS', 'no bar of the range comes after the warm-up of the strategy');
  }
  const all = jointTimes(parts.map(({ candles, start, end }) => ({ candles, from: start, to: Math.max(start, end) })));
  const times = all.subarray(0, Math.min(all.length, firstAtOrAfter(all, asked) + MOST_BARS));
  return {
    markets: parts.map(({ candles, start, end }) => sliceCandles(candles, start, Math.max(start, end))),
    offsets: new Map(parts.map(({ candles, start }) => [candles.symbol, start])),
    times,
    asked: firstAtOrAfter(times, asked),
  };
}

/** The bars that a strategy needs, found without giving it many more: what it has seen it may have kept. */
function warmUpOf(candles: Candles, strategy: Strategy, params: StrategyParams): number {
  for (let length = SHORTEST_PART; ; length = Math.ceil(length * 1.2)) {
    const board = new LineBoard(sliceCandles(candles, 0, Math.min(length, candles.length)));
    board.prepare(strategy, params);
    if (length >= candles.length || board.warmUpBars < length) return board.warmUpBars;
  }
}

/** Every length at first, then some at places drawn. */
export function lengthsOf({ markets, times, asked }: LookAheadWindow, seed: number): readonly number[] {
  // n lengths from `asked` on hold n asked + n^2 / 2 bars, of each market.
  const room = BARS_OF_CUTS / markets.length;
  const affordable = Math.floor(Math.sqrt(asked * asked + 2 * room) - asked);
  const dense = Math.max(1, Math.min(DENSE_CUTS, times.length - asked, affordable));
  const lengths = Array.from({ length: dense }, (_, i) => asked + 1 + i);
  const random = seededRandom(seed);
  const drawn = Math.min(DRAWN_CUTS, Math.floor(room / times.length));
  for (let i = 0; i < drawn; i++) lengths.push(asked + 1 + random.index(times.length - asked));
  return [...new Set(lengths)].filter((length) => length < times.length);
}

/** Right after orders spread over all that there are. */
export function cutsAfter(decisions: readonly Decision[], { markets, times }: LookAheadWindow): readonly number[] {
  const affordable = Math.max(1, Math.floor(BARS_OF_CUTS / markets.length / times.length));
  const count = Math.min(CUTS_AFTER_ORDERS, affordable, decisions.length);
  return [
    ...new Set(Array.from({ length: count }, (_, i) => decisions[Math.floor((i * decisions.length) / count)]!.bar + 1)),
  ];
}
