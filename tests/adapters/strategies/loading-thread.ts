import { collectRejections } from '../../../adapters/backtests/unheard-rejections.ts';
import { loadStrategy } from '../../../adapters/strategies/load-strategy.ts';
import { serveThread } from '../../../adapters/threads/serve-thread.ts';

/** What of a loaded strategy can be told to another thread, and whether it is still as it was loaded. */
export interface Told {
  readonly title: string;
  readonly hash: string;
  readonly parts: readonly { readonly name: string; readonly version: string }[];
  /** Of the strategy that was loaded before this one. */
  readonly wasAsLoaded: boolean | null;
}

let isAsLoaded: (() => Promise<boolean>) | null = null;

collectRejections();
// Loads one file after the other.
serveThread(async (file) => {
  const wasAsLoaded = (await isAsLoaded?.()) ?? null;
  const strategy = await loadStrategy(String(file));
  ({ isAsLoaded } = strategy);
  const { title, hash, parts } = strategy;
  return { value: { title, hash, parts, wasAsLoaded } satisfies Told };
});
