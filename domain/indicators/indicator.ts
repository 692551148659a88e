import type { PriceName } from '../market/candles.ts';
import type { ParamSpec } from '../parameters/param-spec.ts';

/** Columns that an indicator can ask for: the fields of a bar, and its open time. */
export type InputName = PriceName | 'time';

/** Values of an indicator's parameters by name, complete. */
export type IndicatorParams = Readonly<Record<string, number>>;

/** An indicator fed bar by bar. It computes exactly what the kernel computes on the same bars from the same first bar. */
export interface IndicatorStream {
  /** Takes the inputs of the next bar, in the order of `Indicator.inputs`, and writes one value for each output: NaN while warming up. */
  next(inputs: ArrayLike<number>, outputs: Float64Array): void;
}

/**
 * A technical indicator in two forms of one arithmetic: a kernel over whole columns, and a stream. Both give the same bits for
 * the same bars, and neither reads a bar after the one that it writes. One file and one registry line each.
 */
export interface Indicator {
  /** Name as TA-Lib spells it where TA-Lib has it, e.g. `SMA`. */
  readonly name: string;
  readonly title: string;
  readonly params: readonly ParamSpec[];
  /** Columns that it reads. One that reads `close` alone may be given any other line in its place. */
  readonly inputs: readonly InputName[];
  /** Names of what it writes; the only output of most is `value`. */
  readonly outputs: readonly string[];
  /** Bars before the first value: output is NaN at bars `0 .. lookback-1`. */
  lookback(params: IndicatorParams): number;
  /**
   * Computes whole columns.
   *
   * @param inputs one column for each of `inputs`, all of the same length n >= 0. Leading NaN (the warm-up of another
   *   indicator) are skipped: the first bar at which all inputs are numbers counts as bar 0.
   * @param outputs one column of length n for each of `outputs`, owned and overwritten by the call.
   */
  compute(inputs: readonly Float64Array[], params: IndicatorParams, outputs: readonly Float64Array[]): void;
  stream(params: IndicatorParams): IndicatorStream;
}
