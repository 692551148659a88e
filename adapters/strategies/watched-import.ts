import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread, MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { SeenImport } from './import-hooks.ts';
import { packageOf } from './package-of.ts';
import { watchRequire, type WatchedRequire } from './watched-require.ts';

/** What this thread's loaders tell. */
interface WatchedLoaders {
  /** Where the hooks of imports tell what is imported. */
  readonly told: MessagePort;
  readonly required: WatchedRequire;
}

/** Loads of this thread: each has an address of its own. */
let loads = 0;
let loaders: WatchedLoaders | null = null;

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
  const { told, required } = (loaders ??= watchLoaders());
  const own = realpathSync(path);
  required.begin(own);
  return {
    address,
    parts: async () => {
      const files = new Set([...seenBy(told, mark), ...required.end()]);
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

function watchLoaders(): WatchedLoaders {
  const { port1, port2 } = new MessageChannel();
  // What runs is built; only in source the hooks are source as well.
  const hooks = import.meta.url.endsWith('.ts') ? './import-hooks.ts' : './import-hooks.js';
  register(hooks, import.meta.url, { data: port2, transferList: [port2] });
  return { told: port1, required: watchRequire() };
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

async function partOf(file: string, own: string): Promise<StrategyPart> {
  return packageOf(file, own) ?? { name: nameOf(file, own), version: sha256Of(await contentOf(file, own)) };
}

/** The same wherever the folder lies. */
function nameOf(file: string, own: string): string {
  const path = relative(dirname(own), file).replaceAll(sep, '/');
  return path.startsWith('.') || path.startsWith('/') ? path : `./${path}`;
}

async function contentOf(file: string, own: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${file}, which ${own} imports, cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
