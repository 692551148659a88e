/**
 * How the next average is computed: as a step from the last one towards the input, or as a weighted sum of both. They are equal but
 * for the last bits, and TA-Lib has the second in T3 only.
 */
export type EmaForm = 'step' | 'sum';

/** An exponential moving average fed value by value, seeded with the plain average of its first `period` values. */
export class RunningEma {
  readonly #period: number;
  readonly #weight: number;
  readonly #step: boolean;
  #seen = 0;
  #sum = 0;
  /** The average after the last value; NaN until there were `period` values. */
  value = Number.NaN;

  constructor(period: number, form: EmaForm = 'step') {
    this.#period = period;
    this.#weight = emaWeight(period);
    this.#step = form === 'step';
  }

  /** Whether there were `period` values. */
  get warm(): boolean {
    return this.#seen === this.#period;
  }

  next(input: number): number {
    if (this.#seen < this.#period) {
      this.#sum += input;
      if (++this.#seen === this.#period) this.value = this.#sum / this.#period;
    } else if (this.#step) {
      this.value = (input - this.value) * this.#weight + this.value;
    } else {
      this.value = this.#weight * input + (1 - this.#weight) * this.value;
    }
    return this.value;
  }
}

/** Weight of the newest value in an EMA of `period` bars. */
export function emaWeight(period: number): number {
  return 2 / (period + 1);
}
