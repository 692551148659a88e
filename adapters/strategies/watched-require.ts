import Module, { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { packageOf } from './package-of.ts';

/** What of Node's loader of CommonJS all calls of `require` go through, also those of functions that `createRequire` has made. */
interface Loader {
  _load: (this: unknown, request: string, parent: NodeModule | null | undefined, isMain: boolean) => unknown;
  readonly _resolveFilename: (request: string, parent: NodeModule, isMain: boolean) => string;
}

const loader = Module as unknown as Loader;
const { cache } = createRequire(import.meta.url);

/** What CommonJS loads for one strategy at a time, in one thread. */
export interface WatchedRequire {
  /** Begins with a strategy's file: files of users are loaded anew. */
  begin(own: string): void;
  /** Ends, with the paths that files of the user's have required since. */
  end(): readonly string[];
}

/** Watches from now on what this thread requires; to be called once in it. */
export function watchRequire(): WatchedRequire {
  const load = loader._load;
  const ours = new Set(Object.keys(cache));
  /** Those that are being run, from the first to the one that the others wait for. */
  const underWay = new Set<string>();
  let watched: { readonly own: string; readonly files: Set<string> } | null = null;

  loader._load = function (request, parent, isMain) {
    const file = pathOf(request, parent);
    if (file === null || underWay.has(file)) return load.call(this, request, parent, isMain);
    if (watched !== null && parent?.filename && packageOf(parent.filename, watched.own) === null)
      watched.files.add(file);
    underWay.add(file);
    try {
      // An import puts modules that one passes on from others into the cache empty, to read their names. A `require` that was made in an earlier load takes
      // such a one for a module that is being run, and gets nothing of it; by its path alone it is run first.
      if (parent && !ours.has(file) && cache[file]?.loaded === false) load.call(this, file, undefined, false);
      return load.call(this, request, parent, isMain);
    } finally {
      underWay.delete(file);
    }
  };

  return {
    begin: (own) => {
      for (const file of Object.keys(cache)) if (!ours.has(file) && packageOf(file, own) === null) delete cache[file];
      watched = { own, files: new Set() };
    },
    end: () => {
      const files = [...(watched?.files ?? [])];
      watched = null;
      return files;
    },
  };
}

/** What is required; `null` for modules of Node's and for what is not found, of which the loader tells. */
function pathOf(request: string, parent: NodeModule | null | undefined): string | null {
  try {
    const file = parent ? loader._resolveFilename(request, parent, false) : request;
    return isAbsolute(file) ? file : null;
  } catch {
    return null;
  }
}
