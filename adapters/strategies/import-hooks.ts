import type { MessagePort } from 'node:worker_threads';

// Runs in Node's own thread for hooks of its module loader, beside the thread that loads the strategy.

interface Found {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean | undefined;
}

interface Context {
  readonly parentURL?: string | undefined;
}

/** What the loader's thread is told: a module of a strategy imports another one. */
export interface SeenImport {
  /** The mark of the load that it belongs to. */
  readonly mark: string;
  /** Address of what is imported. */
  readonly url: string;
}

let port: MessagePort | null = null;

export function initialize(told: MessagePort): void {
  port = told;
}

/** Tells of all that modules with a mark in their address import, and gives files the same mark, so that they are loaded anew with the strategy. */
export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Found>,
): Promise<Found> {
  const found = await next(specifier, context);
  const mark = /[?&](strategy=[\w-]+)/.exec(context.parentURL ?? '')?.[1];
  if (mark === undefined || !found.url.startsWith('file:')) return found;
  const isOfPackage = found.url.includes('/node_modules/');
  const url = isOfPackage ? found.url : `${found.url}${found.url.includes('?') ? '&' : '?'}${mark}`;
  port?.postMessage({ mark, url } satisfies SeenImport);
  return { ...found, url };
}
