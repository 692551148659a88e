import type { FieldProblem, ParamSpec } from '../parameters/param-spec.ts';

/** A parameter whose name the compiler knows. */
type Named<Name extends string> = ParamSpec & { readonly name: Name };

/** A window in bars, from 2 to 10,000. */
export function barsParam<const Name extends string>(name: Name, title: string, standard: number): Named<Name> {
  return { name, kind: 'integer', title, min: 2, max: 10_000, default: standard };
}

/** A level of an oscillator, in percent. */
export function percentParam<const Name extends string>(name: Name, title: string, standard: number): Named<Name> {
  return { name, kind: 'number', title, min: 0, max: 100, default: standard };
}

/** How many times a measure of volatility (a standard deviation, an average true range), above 0 up to 100. */
export function multipleParam<const Name extends string>(name: Name, title: string, standard: number): Named<Name> {
  return { name, kind: 'number', title, min: 0.01, max: 100, default: standard };
}

/** A problem for each neighbours of `names` whose values do not rise. */
export function mustRise<Name extends string>(
  params: Readonly<Record<Name, number>>,
  ...names: readonly Name[]
): readonly FieldProblem[] {
  return names.slice(1).flatMap((name, i) => {
    const lower = names[i]!;
    if (params[lower] < params[name]) return [];
    return [{ field: lower, value: params[lower], message: `give less than ${name} (${params[name]})` }];
  });
}
