/** One of the files that a user's strategy is made of, or a package that one of them imports. */
export interface StrategyPart {
  /** A file, by its path from the folder of the strategy's own file, such as `./lib/levels.mjs`; or the name of a package. */
  readonly name: string;
  /** SHA-256 of a file, hex; the version of a package. */
  readonly version: string;
}

/**
 * What has changed between two loads of a strategy, in words: `./lib/levels.mjs has changed`. Parts begin with the strategy's own file, which may have
 * been renamed; one that imports nothing has none, and then it is that file that has changed.
 *
 * @param file what the strategy's own file is called in the text
 */
export function partChanges(file: string, before: readonly StrategyPart[], now: readonly StrategyPart[]): string {
  if (before.length === 0 || now.length === 0) return `${file} has changed${importsOf(before, now)}`;
  const [own, ...others] = before;
  const [ownNow, ...othersNow] = now;
  const changes = own!.version === ownNow!.version ? [] : [`${file} has changed`];
  for (const { name, version } of others) {
    const found = othersNow.find((part) => part.name === name);
    if (found === undefined) changes.push(`${name} is imported no longer`);
    else if (found.version !== version) changes.push(changeOf(name, version, found.version));
  }
  for (const { name } of othersNow) {
    if (others.every((part) => part.name !== name)) changes.push(`${name} is imported now`);
  }
  return changes.join(', ');
}

function changeOf(name: string, before: string, now: string): string {
  return isFile(name) ? `${name} has changed` : `the package ${name} is ${now} and was ${before}`;
}

function isFile(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/');
}

/** Where one of the two imported nothing. */
function importsOf(before: readonly StrategyPart[], now: readonly StrategyPart[]): string {
  const names = (parts: readonly StrategyPart[]): string =>
    parts
      .slice(1)
      .map(({ name }) => name)
      .join(', ');
  if (now.length > 0) return `, or what it imports: ${names(now)}`;
  return before.length > 0 ? `: it imports ${names(before)} no longer` : '';
}
