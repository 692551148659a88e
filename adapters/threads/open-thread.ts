import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Code of a thread, named by the module that starts it: a relative path without extension, and that module's own address. */
export interface ThreadCode {
  readonly path: string;
  readonly besides: string;
}

/**
 * Starts a thread from the code beside the module that asks: `.js` in what is built, `.ts` where that module is source itself, which
 * takes a detour since threads cannot load TypeScript.
 */
export function openThread({ path, besides }: ThreadCode, options: WorkerOptions): Worker {
  if (!besides.endsWith('.ts')) return new Worker(new URL(`${path}.js`, besides), options);
  const entry = new URL(`${path}.ts`, besides).href;
  return new Worker(new URL('./source-thread.mjs', import.meta.url), { ...options, workerData: { entry } });
}
