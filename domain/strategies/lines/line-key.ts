import type { LineSpec } from '../line-spec.ts';

/**
 * The name of a line, equal for equal lines: `close`, `SMA(20)`, `MACD(12,26,9).signal`, `EMA(RSI(14),9)`, `SMA(20)@1h[1]` for
 * the value one bar before on hourly bars. What tables, trade records and caches call it.
 */
export function lineKey(spec: LineSpec): string {
  const timeframe = spec.timeframe === undefined ? '' : `@${spec.timeframe}`;
  return nameOf(spec) + timeframe + shiftOf(spec);
}

function nameOf(spec: LineSpec): string {
  if (spec.kind === 'price') return spec.name;
  const { indicator, params, output, of } = spec;
  const inner = indicator.params.map(({ name }) => String(params[name]));
  // The inner line has the timeframe of this one, which is written once, at the end.
  if (of !== undefined) inner.unshift(nameOf(of) + shiftOf(of));
  const name = inner.length === 0 ? indicator.name : `${indicator.name}(${inner.join(',')})`;
  return indicator.outputs.length === 1 ? name : `${name}.${indicator.outputs[output]}`;
}

function shiftOf({ shift }: LineSpec): string {
  return shift === undefined || shift === 0 ? '' : `[${shift}]`;
}
