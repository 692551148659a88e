/** What a look at one combination costs, in units of some 10 ns on a machine of 2026: measured, and rounded up. */
export const LOOK = 1;
/** A combination that a sampler draws: its number has to be made first. */
export const DRAW = 30;
/** Asking a strategy whether it takes a combination. */
export const ASK = 12;
/** The same, watching what it wants to know. */
export const WATCH = 120;
/** Asking a strategy for the lines of a combination. */
const LINES = 600;

/** Some six seconds. */
const MOST = 600_000_000;

/** Thrown where a budget is spent: whoever gave it says what that means. */
export class EffortSpent extends Error {
  override readonly name = 'EffortSpent';
  /** Whether most of it went to questions about lines. */
  readonly isOnLines: boolean;

  constructor(isOnLines: boolean) {
    super('the effort is spent');
    this.isOnLines = isOnLines;
  }
}

/**
 * A budget for looking at combinations before anything starts. It counts work and not time, so that a spec is refused or taken alike on
 * every machine and at every load.
 */
export class Effort {
  readonly #most: number;
  #spent = 0;
  #onLines = 0;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** Takes so many units. Throws `EffortSpent` when they are not there. */
  spend(units: number): void {
    this.#spent += units;
    if (this.#spent > this.#most) throw new EffortSpent(this.#onLines > this.#most / 2);
  }

  /** Takes what it costs to ask for the lines of a combination. */
  spendOnLines(): void {
    this.#onLines += LINES;
    this.spend(LINES);
  }
}
