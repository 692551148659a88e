import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { syntaxPlace } from './syntax-place.ts';

/** What a user's module exports, and which bytes those are. */
export interface UserModule {
  readonly value: unknown;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
}

/** Imports afresh in this thread: each has an address of its own. */
let imports = 0;

/**
 * Imports the default export of an absolute path, anew when the file has changed, or whenever it is asked for `afresh`. Throws an `Error` that says why it cannot: missing,
 * not to be parsed, thrown while it ran, no default export.
 */
export async function importDefault(path: string, afresh: boolean): Promise<UserModule> {
  const hash = createHash('sha256')
    .update(await contentOf(path))
    .digest('hex');
  const module = await moduleAt(path, afresh ? `${hash}-${++imports}` : hash);
  if (module.default === undefined) {
    const names = Object.keys(module);
    const found = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
    throw new Error(`${path} has no default export (${found}): write "export default ..."`);
  }
  return { value: module.default, hash };
}

/** The message of what a user's code has thrown, with the line of the file that the stack names. */
export function messageOf(error: unknown, path: string): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? '';
  const at = [pathToFileURL(path).href, path].map((name) => stack.indexOf(name)).find((index) => index >= 0);
  const line = at === undefined ? null : /^(?:file:\/\/)?[^\s:]*:(\d+)/.exec(stack.slice(at));
  return line === null ? error.message : `${error.message} (line ${line[1]})`;
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new Error(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

async function moduleAt(path: string, query: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    // Node keeps modules by their address: the hash makes that of a changed file a new one.
    return (await import(`${pathToFileURL(path).href}?${query}`)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // By name: where modules live in a context of their own, the error is of that context's class.
    if ((error as Error | null)?.name === 'SyntaxError') throw await notParsed(error as Error, path);
    throw new Error(`${path} fails to load: ${messageOf(error, path)}`, { cause: error });
  }
}

async function notParsed(error: Error, path: string): Promise<Error> {
  const place = await syntaxPlace(path);
  const at = place === null ? 'in a module that it imports' : `line ${place.line}: ${place.text}`;
  return new Error(`${path} does not parse: ${error.message} (${at})`, { cause: error });
}
