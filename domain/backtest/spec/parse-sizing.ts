import type { FieldProblem } from '../../parameters/param-spec.ts';
import { DEFAULT_SIZING, type Sizing } from '../settings.ts';
import { Fields, isObject } from './fields.ts';

const KINDS = ['cashShare', 'cash', 'units', 'equityShare', 'riskPerTrade', 'volatilityTarget'] as const;
const DEFAULT_MAX_SHARE = 1;

/** Reads `sizing`; the default is all available cash. Problems are added to the list. */
export function parseSizing(value: unknown, problems: FieldProblem[]): Sizing {
  if (value === undefined) return DEFAULT_SIZING;
  if (!isObject(value)) {
    problems.push({ field: 'sizing', value, message: 'give a JSON object with kind and value' });
    return DEFAULT_SIZING;
  }
  const isVolatility = value['kind'] === 'volatilityTarget';
  const further = isVolatility ? ['window', 'barsPerYear', 'maxShare'] : [];
  const fields = new Fields(value, 'sizing', problems, ['kind', 'value', ...further]);
  const kind = fields.choice('kind', KINDS);
  const number = (meaning: string, max?: number): number =>
    fields.number('value', { above: 0, meaning, ...(max === undefined ? {} : { max }) });
  switch (kind) {
    case 'cashShare':
      return { kind, value: number('a share of the available cash', 1) };
    case 'cash':
      return { kind, value: number('an amount of quote currency') };
    case 'units':
      return { kind, value: number('a number of units') };
    case 'equityShare':
      return { kind, value: number('a share of equity (above 1 with leverage)') };
    case 'riskPerTrade':
      return { kind, value: number('the share of equity that a stopped trade loses', 1) };
    case 'volatilityTarget':
      return {
        kind,
        value: number('the volatility of a year as a ratio'),
        window: fields.number('window', { min: 3, integer: true, meaning: 'closes whose returns are measured' }),
        barsPerYear: fields.number('barsPerYear', { above: 0, meaning: 'bars of the data in a year' }),
        maxShare: fields.number('maxShare', { above: 0, meaning: 'the largest share of equity' }, DEFAULT_MAX_SHARE),
      };
  }
}
