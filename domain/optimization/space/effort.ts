/** What a look at one combination costs, in units of some 10 ns on a machine of 2026: measured, and rounded up. */
export const LOOK = 1;
/** A combination that a sampler draws: its number has to be made first. */
export const DRAW = 30;
/** Asking a strategy whether it takes a combination. */
export const ASK = 12;
/** The same, watching what it wants to know. */
export const WATCH = 120;
/** Asking a strategy for the lines of a combination. */
export const LINES = 600;

/** Some six seconds. */
const MOST = 600_000_000;

/** Thrown where a budget is spent: whoever gave it says what that means. */
export class EffortSpent extends Error {
  override readonly name = 'EffortSpent';
}

/**
 * A budget for looking at combinations before anything starts. It counts work and not time, so that a spec is refused or taken alike on
 * every machine and at every load.
 */
export class Effort {
  #left: number;

  constructor(most: number = MOST) {
    this.#left = most;
  }

  /** Takes so many units. Throws `EffortSpent` when they are not there. */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new EffortSpent('the effort is spent');
  }
}
