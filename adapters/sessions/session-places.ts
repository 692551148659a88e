import type { DurationMs } from '../../domain/market/decimal.ts';

/** Sessions of daily bars ask once a day, some a little later than the day before. */
const IN_USE_FOR: DurationMs = 25 * 3_600_000;

export interface SessionPlacesOptions {
  /** Most places of one file. */
  readonly threads: number;
  /** Threads that are kept for places of files. */
  readonly mostKept: number;
  /** Milliseconds that have passed since any instant. */
  readonly now: () => DurationMs;
}

/**
 * Which thread's place a session of a user's file has: always the same, so that its books wait there. A file has as many places as cores, but all files in use
 * have together no more than threads are kept, since with more each would be ended before its sessions ask again. Where another file comes into use or one has
 * gone out of it, sessions may get another place, and fold their past once.
 */
export class SessionPlaces {
  readonly #options: SessionPlacesOptions;
  /** When each file was last asked for, the one that has waited longest first. */
  readonly #asked = new Map<string, DurationMs>();

  constructor(options: SessionPlacesOptions) {
    this.#options = options;
  }

  /** @param file names it with its content */
  of(file: string, sessionId: string): string {
    const { threads, mostKept, now } = this.#options;
    const at = now();
    this.#asked.delete(file);
    this.#asked.set(file, at);
    for (const [other, askedAt] of this.#asked) {
      if (at - askedAt <= IN_USE_FOR) break;
      this.#asked.delete(other);
    }
    const places = Math.max(1, Math.min(threads, Math.floor(mostKept / this.#asked.size)));
    return `${placeOf(sessionId, places)} ${file}`;
  }
}

/** The same place for the same session, and all places alike. */
export function placeOf(sessionId: string, places: number): number {
  let hash = 0;
  for (let i = 0; i < sessionId.length; i++) hash = (Math.imul(hash, 31) + sessionId.charCodeAt(i)) >>> 0;
  return hash % places;
}
