import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { syntaxPlace } from './syntax-place.ts';
import { hashOfParts, type LoadedParts, sha256Of, watchedImport } from './watched-import.ts';

/** What a user's module exports. */
export interface UserModule {
  readonly value: unknown;
  /** What it is made of, once all is loaded. */
  readonly made: () => Promise<ModuleMade>;
}

/** What a module is made of: the file and what it imports; of no parts where it imports nothing. */
export interface ModuleMade extends LoadedParts {
  /** SHA-256, hex: of the file alone where it imports nothing, else of all parts. */
  readonly hash: string;
}

/**
 * Imports the default export of an absolute path, and what it imports, anew each time: nothing is left in it of earlier loads. Throws an `Error` that says
 * why it cannot: missing, not to be parsed, thrown while it ran, no default export.
 */
export async function importDefault(path: string): Promise<UserModule> {
  const hash = sha256Of(await contentOf(path));
  const watched = watchedImport(path, hash);
  const module = await moduleAt(path, watched.address);
  if (module.default === undefined) {
    const names = Object.keys(module);
    const found = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
    throw new Error(`${path} has no default export (${found}): write "export default ..."`);
  }
  const made = async (): Promise<ModuleMade> => {
    const { parts, isAsLoaded } = await watched.parts();
    return { hash: parts.length === 0 ? hash : hashOfParts(parts), parts, isAsLoaded };
  };
  return { value: module.default, made };
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

async function moduleAt(path: string, address: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(address)) as Readonly<Record<string, unknown>>;
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
