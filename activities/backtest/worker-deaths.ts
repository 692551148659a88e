import type { BacktestProgress } from '../../domain/backtest/commands.ts';
import { type BacktestFailure, failure } from '../../domain/backtest/failure.ts';

/** Workers that may die under a run before it is thought to be the cause. */
const MOST_DEATHS = 5;
/** Deaths from which on a run takes its turn with others of its kind, so that those it took with it are not counted again. */
const SUSPECT_FROM = 2;

/** What a run says with each heartbeat: the next attempt is told the last of it. */
export interface Beat extends BacktestProgress {
  /** Workers that have died under earlier attempts. */
  readonly deaths: number;
  /** Whether an attempt is at work: when it still says so at the next attempt, its worker died. */
  readonly isUnderWay: boolean;
}

/** Workers that have died under a run, by the last that was heard of its last attempt: anything, since another version may have said it. */
export function deathsBefore(last: unknown): number {
  const { deaths, isUnderWay } = (last ?? {}) as Partial<Beat>;
  return (typeof deaths === 'number' ? deaths : 0) + (isUnderWay === true ? 1 : 0);
}

export function isSuspect(deaths: number): boolean {
  return deaths >= SUSPECT_FROM;
}

/** Why a run is not begun once more, or `null`. A process that the system ends for want of memory looks the same as one that is killed. */
export function workerLost(deaths: number): BacktestFailure | null {
  if (deaths < MOST_DEATHS) return null;
  return failure(
    'WORKER_LOST',
    `${deaths} workers have died while they ran it: look for what ends a process (memory beyond that of the machine, a native module, a signal) in the strategy or in the log of the compute worker`,
  );
}

/** Lets one at a time through, in the order in which they came. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  /** Whether the next one has to wait. */
  get isTaken(): boolean {
    return this.#count > 0;
  }

  /** Gives what ends the turn, once it has come. Throws the signal's reason when that comes first. */
  async take(cancel: AbortSignal): Promise<() => void> {
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => (end = resolve));
    this.#count += 1;
    void this.#last.then(() => (this.#count -= 1));
    try {
      await orAborted(before, cancel);
    } catch (error) {
      // Whoever comes after still waits for those before.
      void before.then(end);
      throw error;
    }
    return end;
  }
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
