import { Fields, isObject } from '../../backtest/spec/fields.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';

export type Parsed<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Reads a JSON object by its fields; what is wrong with any of them is told at once. */
export function parseFields<Input>(
  document: unknown,
  known: readonly string[],
  read: (fields: Fields, problems: FieldProblem[]) => Input,
): Parsed<Input> {
  if (!isObject(document)) {
    const message = `give a JSON object with ${known.join(', ')}`;
    return { ok: false, problems: [{ field: '', value: document ?? null, message }] };
  }
  const problems: FieldProblem[] = [];
  const input = read(new Fields(document, '', problems, known), problems);
  return problems.length === 0 ? { ok: true, input } : { ok: false, problems };
}

const REPORTED_VALUES = 10;

/** Reads a list of returns, at least `least`, each a ratio of at least -1. */
export function readReturns(value: unknown, field: string, least: number, problems: FieldProblem[]): Float64Array {
  if (!Array.isArray(value) || value.length < least) {
    const found = Array.isArray(value) ? ` (there ${value.length === 1 ? 'is' : 'are'} ${value.length})` : '';
    const message = `give a list of at least ${least} ratios, such as [0.01, -0.02]${found}`;
    problems.push({ field, value: Array.isArray(value) ? `${value.length} values` : (value ?? null), message });
    return new Float64Array(0);
  }
  let wrong = 0;
  return Float64Array.from(value as readonly unknown[], (item, i) => {
    if (typeof item === 'number' && Number.isFinite(item) && item >= -1) return item;
    if (++wrong <= REPORTED_VALUES) {
      const message = 'give a ratio of at least -1: 0.01 is one percent, and nobody loses more than all of it';
      problems.push({ field: `${field}[${i}]`, value: item ?? null, message });
    }
    return 0;
  });
}
