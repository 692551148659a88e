import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { messageOf, placeOf, withoutMarks } from './message-of.ts';
import { syntaxPlace } from './syntax-place.ts';
import { hashOfParts, type LoadedParts, sha256Of, type WatchedImport, watchedImport } from './watched-import.ts';

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
  const module = await moduleAt(path, watched);
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

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw new Error(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

async function moduleAt(path: string, watched: WatchedImport): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(watched.address)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // By name: where modules live in a context of their own, the error is of that context's class.
    if ((error as Error | null)?.name === 'SyntaxError') throw await notParsed(error as Error, path, watched);
    throw new Error(`${path} fails to load: ${messageOf(error, path)}`, { cause: error });
  }
}

async function notParsed(error: Error, path: string, watched: WatchedImport): Promise<Error> {
  const own = await syntaxPlace(path);
  const at = own === null ? await placeInImports(error, path, watched) : `line ${own.line}: ${own.text}`;
  return new Error(`${path} does not parse: ${withoutMarks(error.message)} (${at})`, { cause: error });
}

/** Node says of CommonJS, and of names that are not exported, where it was; of a module that does not parse it does not, so all that were found are tried. */
async function placeInImports(error: Error, path: string, watched: WatchedImport): Promise<string> {
  const told = placeOf(error, path);
  if (told !== null) return told;
  const folder = dirname(await realpath(path));
  for (const file of await importsOf(folder, watched)) {
    const place = await syntaxPlace(file);
    if (place !== null) return `${relative(folder, file)} line ${place.line}: ${place.text}`;
  }
  return 'in a module that it imports';
}

/** Paths of the modules, packages left out, that were found before the load failed. */
async function importsOf(folder: string, watched: WatchedImport): Promise<readonly string[]> {
  try {
    const { parts } = await watched.parts();
    const files = parts.slice(1).filter(({ name }) => /^\.\.?\/.*\.[mc]?js$/.test(name));
    return files.map(({ name }) => resolve(folder, name));
  } catch {
    // One of them cannot be read: what does not parse is the matter here.
    return [];
  }
}
