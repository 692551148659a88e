import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ClosedPiece } from '../ports/closed-candles.ts';
import { pause } from '../abortable.ts';
import type { RunningPiece } from '../ports/running-candles.ts';
import type { DuePiece, DueRunning } from './symbol-candles.ts';

/** How long after a failure the candles are tried again. */
const FAILED_PAUSE_MS: DurationMs = 250;

export interface CandleWriterSettings {
  /** What is to be stored now, of all symbols. */
  readonly due: () => readonly DuePiece[];
  readonly save: (pieces: readonly ClosedPiece[]) => Promise<void>;
  /** The same of candles that are open; absent where none are kept. */
  readonly running?: {
    readonly due: () => readonly DueRunning[];
    readonly save: (pieces: readonly RunningPiece[]) => Promise<void>;
  };
}

/** Stores candles as soon as they are known: all that close while some are being stored go together with the next. */
export class CandleWriter {
  readonly #settings: CandleWriterSettings;
  #wakeUp: (() => void) | null = null;
  #isWoken = false;
  #storing: Promise<void> | null = null;

  constructor(settings: CandleWriterSettings) {
    this.#settings = settings;
  }

  /** There is something to store. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  /** Stores whatever is due. @throws what the database throws; the candles stay due */
  async store(): Promise<void> {
    await this.#storing?.catch(() => undefined);
    this.#storing = this.#storeDue();
    await this.#storing;
  }

  /** Calls `store` whenever there is something, until the signal aborts. @param store `this.store`, with its failures dealt with */
  async run(ended: AbortSignal, store: () => Promise<void>): Promise<void> {
    const wakeUp = (): void => this.#wakeUp?.();
    ended.addEventListener('abort', wakeUp, { once: true });
    while (!ended.aborted) {
      if (!this.#isWoken) {
        await new Promise<void>((resolve) => {
          this.#wakeUp = resolve;
        });
        this.#wakeUp = null;
      }
      this.#isWoken = false;
      await store();
      if (this.#isDue() && !this.#isWoken) {
        await pause(FAILED_PAUSE_MS, ended);
        this.#isWoken = true;
      }
    }
    ended.removeEventListener('abort', wakeUp);
  }

  async #storeDue(): Promise<void> {
    const { due, save, running } = this.#settings;
    await stored(due(), save);
    // After those that have closed: a candle never shows as open before the one before it has closed.
    if (running !== undefined) await stored(running.due(), running.save);
  }

  #isDue(): boolean {
    const { due, running } = this.#settings;
    return due().length > 0 || (running !== undefined && running.due().length > 0);
  }
}

async function stored<Piece>(
  due: readonly { readonly piece: Piece; readonly saved: () => void }[],
  save: (pieces: readonly Piece[]) => Promise<void>,
): Promise<void> {
  if (due.length === 0) return;
  await save(due.map(({ piece }) => piece));
  for (const { saved } of due) saved();
}
