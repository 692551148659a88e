import type { DurationMs } from '../../domain/market/decimal.ts';

/** A reading is used again for at least this long … */
const LEAST_MS: DurationMs = 5_000;
/** … and for this many times what it took, so that however often it is asked for, reading takes a small share of the time. */
const TIMES_ITS_LENGTH = 20;

/** Reads something costly at most so often, and once for all who ask at the same time. A failure is not kept. */
export function cached<T>(read: () => Promise<T>, now: () => number = () => performance.now()): () => Promise<T> {
  let kept: { readonly value: T; readonly until: number } | null = null;
  let underWay: Promise<T> | null = null;
  const readAnew = async (): Promise<T> => {
    const began = now();
    const value = await read();
    const ended = now();
    kept = { value, until: ended + Math.max(LEAST_MS, TIMES_ITS_LENGTH * (ended - began)) };
    return value;
  };
  return () => {
    if (kept !== null && now() < kept.until) return Promise.resolve(kept.value);
    underWay ??= readAnew().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
