import type { Indicator } from '../../indicators/indicator.ts';
import { findIndicator } from '../../indicators/registry.ts';
import type { Candles } from '../../market/candles.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import type { IndicatorLine, LineSpec } from '../line-spec.ts';
import { ColumnCache } from './column-cache.ts';
import { lineKey } from './line-key.ts';

/**
 * All values of a line, one for each bar of `candles`, NaN where it has none yet. A line of a higher timeframe has at each bar the
 * value of the last higher bar that had closed when this one closed. Equal lines of one cache share a column: do not write to it.
 *
 * Throws a `RangeError` when the line's timeframe is no multiple of that of the bars, and an `Error` when two indicators have
 * the same name.
 */
export function columnOf(candles: Candles, spec: LineSpec, cache: ColumnCache = new ColumnCache()): Float64Array {
  const own = inTimeframeOf(candles, spec);
  return cache.column(lineKey(own), () => {
    if (own.timeframe === undefined) return ownColumn(candles, own, cache);
    const higher = cache.higher(candles, own.timeframe);
    return spread(columnOf(higher.candles, withoutTimeframe(own), higher.cache), higher.closedBars);
  });
}

/**
 * Number of the first bar at which the line has a value by what its indicators declare (`lookback`), its shift and its timeframe: the
 * length of `candles` when there is no such bar. It depends on the times of the bars only, not on their prices.
 */
export function warmUpOf(candles: Candles, spec: LineSpec, cache: ColumnCache = new ColumnCache()): number {
  const own = inTimeframeOf(candles, spec);
  const bars = lookbackOf(own);
  if (own.timeframe === undefined) return Math.min(bars, candles.length);
  const first = cache.higher(candles, own.timeframe).closedBars.findIndex((closed) => closed >= bars);
  return first < 0 ? candles.length : first;
}

/** The same, however few the bars are: how many would have to come before. An estimate where bars of the line's timeframe are incomplete. */
export function neededWarmUp(candles: Candles, spec: LineSpec): number {
  const own = inTimeframeOf(candles, spec);
  const bars = lookbackOf(own);
  if (own.timeframe === undefined) return bars;
  return (bars + 1) * (timeframeMs(own.timeframe) / timeframeMs(candles.timeframe)) - 1;
}

/** The spec, without its timeframe where that is the one of the bars. */
function inTimeframeOf(candles: Candles, spec: LineSpec): LineSpec {
  if (spec.timeframe === undefined) return spec;
  return timeframeMs(spec.timeframe) === timeframeMs(candles.timeframe) ? withoutTimeframe(spec) : spec;
}

function withoutTimeframe(spec: LineSpec): LineSpec {
  const { timeframe: _, ...rest } = spec;
  return rest as LineSpec;
}

/** In bars of the line's own timeframe. */
function lookbackOf(spec: LineSpec): number {
  const shift = spec.shift ?? 0;
  if (spec.kind === 'price') return shift;
  const { indicator, params, of } = spec;
  const lookback = indicator.lookback(params);
  if (!Number.isSafeInteger(lookback) || lookback < 0) {
    throw new RangeError(
      `${indicator.name}: lookback gives ${lookback}: it has to be a whole number of bars, at least 0`,
    );
  }
  return shift + lookback + (of === undefined ? 0 : lookbackOf(of));
}

function ownColumn(candles: Candles, spec: LineSpec, cache: ColumnCache): Float64Array {
  if (spec.shift !== undefined && spec.shift > 0) {
    const { shift, ...unshifted } = spec;
    return shifted(columnOf(candles, unshifted as LineSpec, cache), shift);
  }
  return spec.kind === 'price' ? candles[spec.name] : indicatorColumn(candles, spec, cache);
}

function shifted(column: Float64Array, bars: number): Float64Array {
  const later = new Float64Array(column.length).fill(Number.NaN, 0, bars);
  if (bars < column.length) later.set(column.subarray(0, column.length - bars), bars);
  return later;
}

/** One call computes all outputs of an indicator, so they are all kept. */
function indicatorColumn(candles: Candles, spec: IndicatorLine, cache: ColumnCache): Float64Array {
  const { indicator, params, of } = spec;
  cache.name(indicator);
  const inputs =
    of === undefined ? indicator.inputs.map((name) => candles[name]) : [columnOf(candles, withoutTimeframe(of), cache)];
  const outputs = indicator.outputs.map(() => new Float64Array(candles.length));
  indicator.compute(isOurs(indicator) ? inputs : inputs.map((input) => input.slice()), params, outputs);
  outputs.forEach((column, output) => cache.column(lineKey({ ...spec, output }), () => column));
  return outputs[spec.output]!;
}

/** A user's indicator gets copies: the bars may be in memory that other runs read. */
function isOurs(indicator: Indicator): boolean {
  return findIndicator(indicator.name) === indicator;
}

/** The value at each bar of the higher bar that had closed by then. */
function spread(column: Float64Array, closedBars: Int32Array): Float64Array {
  const values = new Float64Array(closedBars.length);
  for (let i = 0; i < values.length; i++) {
    const closed = closedBars[i]!;
    values[i] = closed < 0 ? Number.NaN : column[closed]!;
  }
  return values;
}
