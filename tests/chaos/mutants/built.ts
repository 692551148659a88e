import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DIST = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), 'dist');

/** Loads a file of the built program, the very one that its processes run: what is changed in it is changed for them. */
export async function built<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(DIST, path)).href)) as Module;
}
