import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, found by its package.json from wherever this code runs (source or dist). */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isProject(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the project folder (package.json of "tradewind") was not found');
    folder = parent;
  }
  return folder;
}

function isProject(folder: string): boolean {
  const file = join(folder, 'package.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'tradewind';
}

/** The home to use, absolute: `--home`, else `TRADEWIND_HOME`, else `.tradewind` in the project folder. */
export function resolveHome(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const fromEnv = env['TRADEWIND_HOME'];
  return resolve(option ?? (fromEnv || join(projectRoot(), '.tradewind')));
}
