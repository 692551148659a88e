import { readFile } from 'node:fs/promises';

const FOLDER = new URL('../../domain/strategies/', import.meta.url);

/** The README of a strategy of the registry, which lies beside its code; `null` when it has none. */
export async function readStrategyReadme(id: string): Promise<string | null> {
  try {
    return await readFile(new URL(`${id}/README.md`, FOLDER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
