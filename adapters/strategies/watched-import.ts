import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { createRequire, register } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread, MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { SeenImport } from './import-hooks.ts';

const PACKAGES = `${sep}node_modules${sep}`;
const require = createRequire(import.meta.url);
const { cache } = require;

/** Loads of this thread: each has an address of its own. */
let loads = 0;
/** Where the hooks of this thread's loader tell what is imported. */
let told: MessagePort | null = null;
/** Files of users' that are kept as CommonJS modules of this thread, with the module that they were loaded for. */
const required = new Map<string, string>();

/** One load of a user's module, with all that it imports from disk. */
export interface WatchedImport {
  /** What to import: a new module each time, and with it new ones of the files that it imports. */
  readonly address: string;
  /**
   * The files that were loaded, the module's own first, and the packages that they import; none where it has imported nothing. To be asked once, when all is
   * loaded. Throws an `Error` when one cannot be read any more.
   */
  parts(): Promise<LoadedParts>;
}

/** What has been loaded from disk. */
export interface LoadedParts {
  readonly parts: readonly StrategyPart[];
  /** Whether all of it is on disk as it was then. */
  readonly isAsLoaded: () => Promise<boolean>;
}

/**
 * Begins to load the module of an absolute path. One load at a time; imports are known in threads only, where code of a user's belongs.
 *
 * @param hash SHA-256 of that file, hex
 */
export function watchedImport(path: string, hash: string): WatchedImport {
  const mark = `strategy=${hash.slice(0, 16)}-${++loads}`;
  const address = `${pathToFileURL(path).href}?${mark}`;
  if (isMainThread) return { address, parts: async () => loaded(path, hash, []) };
  const port = (told ??= watchLoader());
  const before = new Set(Object.keys(cache).filter((file) => required.get(file) !== path));
  requireAnew();
  return {
    address,
    parts: async () => {
      const loadedNow = Object.keys(cache).filter((file) => !before.has(file) && !isOfPackage(file));
      for (const file of loadedNow) required.set(file, path);
      const files = withRequired([...seenBy(port, mark), ...loadedNow]);
      const own = await realpath(path);
      files.delete(own);
      return loaded(own, hash, [...files]);
    },
  };
}

/** @param others what the file `own` imports */
async function loaded(own: string, hash: string, others: readonly string[]): Promise<LoadedParts> {
  const parts = await othersNow(own, others);
  return {
    parts: parts.length === 0 ? [] : [{ name: nameOf(own, own), version: hash }, ...parts],
    isAsLoaded: async () => {
      try {
        const [content, now] = await Promise.all([readFile(own), othersNow(own, others)]);
        return sha256Of(content) === hash && JSON.stringify(now) === JSON.stringify(parts);
      } catch {
        // One is gone: whoever loads it anew says which.
        return false;
      }
    },
  };
}

/** Those parts as they are on disk, each package once. */
async function othersNow(own: string, files: readonly string[]): Promise<readonly StrategyPart[]> {
  const parts = await Promise.all(files.map((file) => partOf(file, own)));
  const byName = new Map(parts.map((part) => [part.name, part]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Hex. */
export function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 of all parts, whatever the first is called. */
export function hashOfParts([own, ...others]: readonly StrategyPart[]): string {
  const text = JSON.stringify([own?.version, ...others.map(({ name, version }) => [name, version])]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function watchLoader(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  // What runs is built; only in source the hooks are source as well.
  const hooks = import.meta.url.endsWith('.ts') ? './import-hooks.ts' : './import-hooks.js';
  register(hooks, import.meta.url, { data: port2, transferList: [port2] });
  return port1;
}

/** Paths of what ES modules of that load have imported. */
function seenBy(port: MessagePort, mark: string): readonly string[] {
  const paths: string[] = [];
  for (let given = receiveMessageOnPort(port); given !== undefined; given = receiveMessageOnPort(port)) {
    const { mark: of, url } = given.message as SeenImport;
    if (of === mark) paths.push(fileURLToPath(url));
  }
  return paths;
}

function isOfPackage(file: string): boolean {
  return file.includes(PACKAGES);
}

/** Those files and all that they require; what packages require is theirs. */
function withRequired(files: readonly string[]): Set<string> {
  const found = new Set(files);
  // What is added on the way is visited as well.
  for (const file of found) {
    if (!isOfPackage(file)) for (const { filename } of cache[file]?.children ?? []) found.add(filename);
  }
  return found;
}

/**
 * Loads anew what was required by loads before. It is done here and not left to the import: that first puts all modules that one passes on from others into
 * the cache empty, to read their names, and a second `require` of the same module finds those there.
 */
function requireAnew(): void {
  const files = [...required.keys()];
  for (const file of files) delete cache[file];
  for (const file of files) {
    try {
      require(file);
    } catch {
      // It is gone or throws, which whoever imports it will say.
      required.delete(file);
    }
  }
}

async function partOf(file: string, own: string): Promise<StrategyPart> {
  return isOfPackage(file)
    ? packageOf(file)
    : { name: nameOf(file, own), version: sha256Of(await contentOf(file, own)) };
}

/** The same wherever the folder lies. */
function nameOf(file: string, own: string): string {
  const path = relative(dirname(own), file).replaceAll(sep, '/');
  return path.startsWith('.') || path.startsWith('/') ? path : `./${path}`;
}

/** A package is what its version says. */
async function packageOf(file: string): Promise<StrategyPart> {
  const start = file.lastIndexOf(PACKAGES) + PACKAGES.length;
  const segments = file.slice(start).split(sep);
  const name = segments.slice(0, segments[0]!.startsWith('@') ? 2 : 1);
  const described = join(file.slice(0, start), ...name, 'package.json');
  const { version } = JSON.parse(await readFile(described, 'utf8')) as { readonly version?: unknown };
  return { name: name.join('/'), version: typeof version === 'string' ? version : 'none' };
}

async function contentOf(file: string, own: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${file}, which ${own} imports, cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
