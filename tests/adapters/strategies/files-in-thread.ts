import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { ThreadPool } from '../../../adapters/threads/thread-pool.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import type { Told } from './loading-thread.ts';

/** A folder of strategies for the tests of one file, and the one thread that loads them: what it keeps of one load would be found by the next. */
export function filesInThread() {
  const folder = tempFolder();
  const pool = new ThreadPool({
    code: { path: './loading-thread', besides: import.meta.url },
    threads: 1,
    maxHeapMb: 256,
  });
  afterAll(() => pool.close());
  return {
    folder,
    loaded: async (file: string): Promise<Told> =>
      (await pool.run(file, { kill: new AbortController().signal, keepThread: true })) as Told,
    /** Writes a file below the folder; gives its path. */
    write: (name: string, content: string): string => {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}
