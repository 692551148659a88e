import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A script of `scripts/`, which is plain JavaScript without types: the caller says what it exports. */
export async function importScript<T>(name: string): Promise<T> {
  return (await import(join(ROOT, 'scripts', name))) as T;
}
