import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a load adds to the addresses of its modules, so that they are new ones. */
const MARK = /[?&#]strategy=[0-9a-f]{16}-\d+/g;
/** This program's own code, be it source or built. */
const OWN_CODE = resolve(dirname(fileURLToPath(import.meta.url)), '../..') + sep;

/** A text without the marks of loads in the addresses that it names. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARK, '');
}

/**
 * The message of what a user's code has thrown, with the line that the stack names: of the strategy's file at `path`, or of a file that it imports, by its
 * path from there.
 */
export function messageOf(error: unknown, path: string): string {
  if (!isError(error)) return withoutMarks(String(error));
  const place = placeOf(error, path);
  const message = withoutMarks(error.message);
  return place === null ? message : `${message} (${place})`;
}

/** The uppermost place of a user's code in an error's stack: `line 3` of the file at `path`, `lib/helper.mjs line 3`; `null` when none is named. */
export function placeOf(error: Error, path: string): string | null {
  for (const text of (error.stack ?? '').split('\n')) {
    // A frame, or the head that Node writes above an error that is about the text of a module.
    const found = /(?:^|[\s(])(file:\/\/\/?[^\s()]+?|\/[^():?]+?)(\?[^\s:]*)?:(\d+)(?::\d+)?\)?$/.exec(text);
    if (found === null) continue;
    const [, address = '', query = '', line] = found;
    const file = address.startsWith('file:') ? fileURLToPath(address) : address;
    if (file === path) return `line ${line}`;
    const isImported =
      query.search(MARK) >= 0 || !(file.startsWith(OWN_CODE) || file.includes(`${sep}node_modules${sep}`));
    if (isImported) return `${relative(dirname(path), file)} line ${line}`;
  }
  return null;
}

/** By what it has: where modules live in a context of their own, the error is of that context's class. */
function isError(error: unknown): error is Error {
  return (
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error && 'stack' in error)
  );
}
