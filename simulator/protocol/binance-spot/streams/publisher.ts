import type { DurationMs, EpochMs } from '../../../../domain/market/decimal.ts';

/** Gives an instant as the venue's own clock has it, which a fault may have set wrong. */
export type Tell = (at: EpochMs) => EpochMs;

/** Makes the messages of one public stream. It exists only while somebody is subscribed. */
export interface Publisher {
  /** What there is to tell at the end of a turn, in order. */
  readonly turned: (now: EpochMs) => readonly unknown[];
  /** To be called when nobody listens any more. */
  readonly close: () => void;
}

/** Says when something that happens every `periodMs` of the clock is due. */
export class Pulse {
  readonly #periodMs: DurationMs;
  #last: number;

  /** The first time is due one period mark after `from`. */
  constructor(periodMs: DurationMs, from: EpochMs) {
    this.#periodMs = periodMs;
    this.#last = Math.floor(from / periodMs);
  }

  due(now: EpochMs): boolean {
    const mark = Math.floor(now / this.#periodMs);
    if (mark === this.#last) return false;
    this.#last = mark;
    return true;
  }
}
