import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { packageOf } from './package-of.ts';

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
/** The strategy's file by the mark of a load. */
const strategies = new Map<string, string>();

export function initialize(told: MessagePort): void {
  port = told;
}

/** Tells of all that modules with a mark at the end of their address import, and gives files the same mark, so that they are loaded anew with the strategy. */
export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Found>,
): Promise<Found> {
  const found = await next(specifier, context);
  const mark = markOf(context.parentURL);
  if (mark === null) {
    const begun = markOf(found.url);
    if (begun !== null) strategies.set(begun, fileURLToPath(found.url));
    return found;
  }
  // What a module imports whose text is its address may be a file again. Nothing after the # belongs to the text.
  if (found.url.startsWith('data:')) return { ...found, url: marked(found.url, mark, '#') };
  if (!found.url.startsWith('file:')) return found;
  const isOfPackage = packageOf(fileURLToPath(found.url), strategies.get(mark)!) !== null;
  const url = isOfPackage ? found.url : marked(found.url, mark, '?');
  port?.postMessage({ mark, url } satisfies SeenImport);
  return { ...found, url };
}

function markOf(url = ''): string | null {
  return /[?&#](strategy=[\da-f]{16}-\d+)$/.exec(url)?.[1] ?? null;
}

function marked(url: string, mark: string, begin: '?' | '#'): string {
  if (markOf(url) === mark) return url;
  return `${url}${url.includes(begin) ? '&' : begin}${mark}`;
}
