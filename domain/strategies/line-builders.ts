import type { Indicator } from '../indicators/indicator.ts';
import { findIndicator, indicators } from '../indicators/registry.ts';
import type { PriceName } from '../market/candles.ts';
import { timeframeMs } from '../market/timeframe.ts';
import { suggestion } from '../parameters/closest-match.ts';
import { completeParams } from '../parameters/param-spec.ts';
import type { IndicatorLine, LineSpec, PriceLine } from './line-spec.ts';
import type { LineOptions } from './strategy.ts';

const PRICES: readonly PriceName[] = ['open', 'high', 'low', 'close', 'volume'];

/** A field of the bars as a line. Throws a `RangeError` that names what is wrong. */
export function price(name: PriceName, options: Pick<LineOptions, 'timeframe' | 'shift'> = {}): PriceLine {
  if (!PRICES.includes(name)) throw new RangeError(`"${name}" is no field of a bar: ${suggestion(name, PRICES)}`);
  return { kind: 'price', name, ...placeOf(options) };
}

/**
 * An output of an indicator as a line: by its name in the registry, or an indicator of the user's own. Missing parameters take
 * their defaults. Throws a `RangeError` for an unknown indicator, parameter or output, and for a value out of its range.
 */
export function indicator(
  named: string | Indicator,
  params: Readonly<Record<string, number>> = {},
  options: LineOptions = {},
): IndicatorLine {
  const found = typeof named === 'string' ? registered(named) : named;
  const completed = completeParams(found.params, params);
  const [problem] = completed.problems;
  if (problem) {
    throw new RangeError(`${found.name}: ${problem.field} = ${String(problem.value)}: ${problem.message}`);
  }
  return {
    kind: 'indicator',
    indicator: found,
    params: completed.params,
    output: outputOf(found, options.output),
    ...placeOf(options),
    ...(options.of === undefined ? {} : { of: innerOf(found, options.of, options.timeframe) }),
  };
}

/** A line that plain JavaScript may have put together by hand, built anew. Throws what the builders throw. */
export function checkedLine(spec: LineSpec): LineSpec {
  if (spec.kind === 'price') return price(spec.name, spec);
  const { output: number, indicator: member, params, ...place } = spec;
  const output = member.outputs[number];
  if (output === undefined) throw new RangeError(`${member.name} has no output number ${number}`);
  return indicator(member, params, { ...place, output });
}

function registered(name: string): Indicator {
  const found = findIndicator(name);
  if (found !== undefined) return found;
  const known = indicators.map((member) => member.name);
  throw new RangeError(`unknown indicator "${name}": ${suggestion(name, known)}`);
}

function outputOf({ name, outputs }: Indicator, wanted: string | undefined): number {
  if (wanted === undefined) return 0;
  const output = outputs.indexOf(wanted);
  if (output < 0) throw new RangeError(`${name} has no output "${wanted}": ${suggestion(wanted, outputs)}`);
  return output;
}

function innerOf({ name, inputs }: Indicator, of: LineSpec, timeframe: string | undefined): LineSpec {
  if (inputs.length !== 1 || inputs[0] !== 'close') {
    throw new RangeError(
      `${name} reads ${inputs.join(', ')}: only an indicator of the close alone can read another line`,
    );
  }
  if (of.timeframe !== undefined && of.timeframe !== timeframe) {
    throw new RangeError(
      `${name} at ${timeframe ?? "the run's own timeframe"} cannot read a line at ${of.timeframe}: give both the same timeframe`,
    );
  }
  return of;
}

function placeOf({
  timeframe,
  shift,
}: Pick<LineOptions, 'timeframe' | 'shift'>): Pick<LineSpec, 'timeframe' | 'shift'> {
  if (timeframe !== undefined) timeframeMs(timeframe);
  if (shift !== undefined && !(Number.isSafeInteger(shift) && shift >= 0)) {
    throw new RangeError(
      `shift = ${shift}: give a whole number of bars, at least 0: a bar that has not closed cannot be read`,
    );
  }
  return {
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(shift === undefined || shift === 0 ? {} : { shift }),
  };
}
