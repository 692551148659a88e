import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

const PACKAGES = `${sep}node_modules${sep}`;

/** A package as its `package.json` says. */
export interface VersionedPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * The package that a file belongs to. `null` where the file is one of the user's: it lies in no `node_modules`, in the same package as the strategy, or in a
 * folder whose `package.json` is missing or tells no version, which nothing but the content of its files tells from another one.
 *
 * @param own absolute path of the strategy's file
 */
export function packageOf(file: string, own: string): VersionedPackage | null {
  const found = folderOf(file);
  if (found === null || found.folder === folderOf(own)?.folder) return null;
  const version = versionIn(found.folder);
  return version === null ? null : { name: found.name, version };
}

/** The innermost folder of a package around a file. A file that lies in a `node_modules` itself is in none. */
function folderOf(file: string): { readonly folder: string; readonly name: string } | null {
  const start = file.lastIndexOf(PACKAGES) + PACKAGES.length;
  if (start < PACKAGES.length) return null;
  const segments = dirname(file.slice(start)).split(sep);
  const name = segments.slice(0, segments[0]!.startsWith('@') ? 2 : 1);
  return name[0] === '.' ? null : { folder: join(file.slice(0, start), ...name), name: name.join('/') };
}

function versionIn(folder: string): string | null {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version?: unknown;
    };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
