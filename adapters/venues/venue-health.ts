import type { EpochMs } from '../../domain/market/decimal.ts';
import type { WireAnswer } from './wire.ts';

/** So many failures in a row mean that the venue is down rather than having hiccuped. */
const DOWN_AFTER = 3;

/** What the venue's answers so far say about it. An answer that refuses an order is a healthy answer. */
export class HealthRecord {
  readonly #now: () => EpochMs;
  #failuresInARow = 0;
  lastOkAt: EpochMs | null = null;
  lastErrorAt: EpochMs | null = null;
  lastError: string | null = null;

  constructor(now: () => EpochMs) {
    this.#now = now;
  }

  /** `down` before the first answer and after several failures in a row, `degraded` after one. */
  get status(): 'up' | 'degraded' | 'down' {
    if (this.#failuresInARow === 0) return this.lastOkAt === null ? 'down' : 'up';
    return this.lastOkAt === null || this.#failuresInARow >= DOWN_AFTER ? 'down' : 'degraded';
  }

  onAnswer(answer: WireAnswer): void {
    if (answer.status >= 500 || answer.status === 418 || answer.status === 429) {
      this.#fail(`HTTP ${answer.status}`);
      return;
    }
    this.#failuresInARow = 0;
    this.lastOkAt = this.#now();
  }

  onFailure(error: unknown): void {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    this.#fail(cause instanceof Error && cause.message !== '' ? cause.message : String(cause));
  }

  #fail(reason: string): void {
    this.#failuresInARow += 1;
    this.lastErrorAt = this.#now();
    this.lastError = reason;
  }
}
