import type { Indicator, IndicatorParams, IndicatorStream, InputName } from '../indicators/indicator.ts';
import { streamFromFirstBar } from '../indicators/warm-up.ts';
import type { ParamSpec, ParamsOf } from '../parameters/param-spec.ts';

/** Takes the inputs of the next bar and says the value, or one for each output. */
export type Step = (...inputs: number[]) => number | readonly number[];

/** What makes an indicator of a user's own. */
export interface IndicatorDefinition<Specs extends readonly ParamSpec[]> {
  /** In capitals, unlike any name of the registry. */
  readonly name: string;
  readonly title?: string;
  readonly params?: Specs;
  readonly inputs: readonly InputName[];
  /** Names of what a step says; one, `value`, by default. */
  readonly outputs?: readonly string[];
  /** Bars before the first value; whatever is said before them counts as none. */
  readonly lookback: (params: ParamsOf<Specs>) => number;
  /** Called once for each series, and what it returns once for each bar, in order. */
  readonly start: (params: ParamsOf<Specs>) => Step;
}

/**
 * An indicator from one function of the next bar. Its column is made by that function too, bar after bar, so that it cannot look ahead, and
 * what it says in a backtest is what it says live.
 */
export function defineIndicator<const Specs extends readonly ParamSpec[]>(
  definition: IndicatorDefinition<Specs>,
): Indicator {
  const { name, title = name, params: specs = [], inputs, outputs = ['value'] } = definition;
  const lookback = (params: IndicatorParams): number => definition.lookback(params as ParamsOf<Specs>);
  const stream = (params: IndicatorParams): IndicatorStream => {
    const step = definition.start(params as ParamsOf<Specs>);
    if (typeof step !== 'function') throw new TypeError(`${name}: start has to return a function of the next bar`);
    const bars = lookback(params);
    let seen = 0;
    return streamFromFirstBar((values, written) => {
      const said = step(...Array.from(values));
      if (seen++ < bars) written.fill(Number.NaN);
      else write(name, outputs, said, written);
    });
  };
  return {
    name,
    title,
    params: specs,
    inputs,
    outputs,
    lookback,
    stream,
    compute(columns, params, written) {
      const next = stream(params);
      const row = new Float64Array(columns.length);
      const values = new Float64Array(outputs.length);
      for (let i = 0; i < (columns[0]?.length ?? 0); i++) {
        for (let k = 0; k < row.length; k++) row[k] = columns[k]![i]!;
        next.next(row, values);
        for (let k = 0; k < values.length; k++) written[k]![i] = values[k]!;
      }
    },
  };
}

function write(
  name: string,
  outputs: readonly string[],
  said: number | readonly number[],
  written: Float64Array,
): void {
  const values = typeof said === 'number' ? [said] : said;
  if (!Array.isArray(values) || values.length !== outputs.length || values.some((value) => typeof value !== 'number')) {
    const wanted = outputs.length === 1 ? 'a number' : `a list of ${outputs.length} numbers (${outputs.join(', ')})`;
    throw new TypeError(`${name}: a step has to return ${wanted}, it returned ${String(said)}`);
  }
  written.set(values);
}
