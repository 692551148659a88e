/** The options of a case as numbers, which is what most of them are. Throws a `RangeError` that names the one that is none. */
export function numbersOf<Name extends string>(
  options: Readonly<Record<string, unknown>>,
  ...names: readonly Name[]
): Readonly<Record<Name, number>> {
  return Object.fromEntries(
    names.map((name) => {
      const value = options[name];
      if (typeof value !== 'number') throw new RangeError(`option ${name} is ${String(value)}: give a number`);
      return [name, value];
    }),
  ) as Record<Name, number>;
}
