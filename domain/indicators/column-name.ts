import { suggestion } from '../parameters/closest-match.ts';
import { completeParams, type FieldProblem } from '../parameters/param-spec.ts';
import type { Indicator, IndicatorParams } from './indicator.ts';
import { indicators } from './registry.ts';

/** One line of an indicator, as a column name says it. */
export interface IndicatorColumn {
  readonly indicator: Indicator;
  readonly params: IndicatorParams;
  /** Which of `indicator.outputs`. */
  readonly output: number;
}

export type ParsedColumn =
  | { readonly column: IndicatorColumn; readonly problem: null }
  | { readonly column: null; readonly problem: FieldProblem };

/** Where TA-Lib names a kind of average: after so many parameters. All of ours are simple averages. */
const AVERAGE_AFTER: Readonly<Record<string, readonly number[]>> = {
  APO: [2],
  BBANDS: [3],
  PPO: [2],
  STOCH: [2, 3],
  STOCHF: [2],
  STOCHRSI: [3],
};
const AVERAGE = 'SMA';

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;
/** An output begins with a letter, so that the point of a number is none. */
const OUTPUT = /\.([A-Za-z]\w*)$/;

/**
 * Reads a column name: the indicator, its parameters in order, the kind of average where TA-Lib has one, and the output where there are
 * several, e.g. `SMA_10`, `T3_5_0.7`, `MACD_12_26_9.signal`, `STOCH_14_3_SMA_3_SMA.slowk`. Parameters left out at the end, and the
 * kind of average, take their defaults.
 */
export function parseColumnName(text: string): ParsedColumn {
  const failed = (message: string): ParsedColumn => ({
    column: null,
    problem: { field: 'column', value: text, message: `"${text}": ${message}` },
  });
  const outputName = OUTPUT.exec(text)?.[1];
  const body = outputName === undefined ? text : text.slice(0, -outputName.length - 1);
  const indicator = indicatorOf(body);
  if (indicator === undefined) {
    const name = body.replace(/_[\d.-].*$/, '');
    return failed(
      `there is no indicator "${name}"; ${suggestion(
        name,
        indicators.map((known) => known.name),
      )}`,
    );
  }

  const values = valuesOf(indicator, body === indicator.name ? [] : body.slice(indicator.name.length + 1).split('_'));
  if (typeof values === 'string') return failed(values);
  const given = Object.fromEntries(values.map((value, k) => [indicator.params[k]!.name, value]));
  const { params, problems } = completeParams(indicator.params, given);
  const [problem] = problems;
  if (problem !== undefined) return failed(`${problem.field} is ${String(problem.value)}: ${problem.message}`);

  const output = indicator.outputs.indexOf(outputName ?? 'value');
  if (output === -1) {
    const names = indicator.outputs.map((known) => (known === 'value' ? body : `${body}.${known}`)).join(', ');
    if (outputName === undefined) return failed(`${indicator.name} has several lines; name one of ${names}`);
    return failed(`${indicator.name} has no line "${outputName}"; known: ${names}`);
  }
  return { column: { indicator, params, output }, problem: null };
}

/**
 * The column name that `parseColumnName` reads as this column. All parameters are written out, but for those of a candle pattern at their
 * defaults: there TA-Lib's names have none.
 */
export function columnName({ indicator, params, output }: IndicatorColumn): string {
  const { name, outputs } = indicator;
  const plain = name.startsWith('CDL') && indicator.params.every((spec) => params[spec.name] === spec.default);
  const tokens = [name];
  for (const [k, spec] of (plain ? [] : indicator.params).entries()) {
    tokens.push(String(params[spec.name]!));
    if (AVERAGE_AFTER[name]?.includes(k + 1)) tokens.push(AVERAGE);
  }
  const line = outputs[output]!;
  return tokens.join('_') + (line === 'value' ? '' : `.${line}`);
}

/** The indicator with the longest name that `body` begins with, as names may hold a `_` themselves. */
function indicatorOf(body: string): Indicator | undefined {
  let found: Indicator | undefined;
  for (const indicator of indicators) {
    const matches = body === indicator.name || body.startsWith(`${indicator.name}_`);
    if (matches && (found === undefined || found.name.length < indicator.name.length)) found = indicator;
  }
  return found;
}

/** The numbers of a name in order, or what is wrong with them. */
function valuesOf(indicator: Indicator, tokens: readonly string[]): readonly number[] | string {
  const { name, params } = indicator;
  const values: number[] = [];
  for (const token of tokens) {
    if (NUMBER.test(token)) values.push(Number(token));
    else if (!AVERAGE_AFTER[name]?.includes(values.length)) return `"${token}" is no number`;
    else if (token !== AVERAGE) return `${name} is made of simple averages; write ${AVERAGE} in place of "${token}"`;
  }
  if (values.length > params.length) {
    const known = params.map((param) => param.name).join(', ');
    return `${name} takes ${params.length === 0 ? 'no parameters' : `at most ${params.length} (${known})`}; ${values.length} are given`;
  }
  return values;
}
