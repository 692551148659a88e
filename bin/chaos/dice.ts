import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Odd and large, so that neighbouring runs of neighbouring seeds share no generator. */
const RUN_STRIDE = 0x9e3779b1;

/** Draws that a seed and the number of a run decide. */
export class Dice {
  readonly #random: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number, run: number) {
    this.#random = xoroshiro128plus((Math.imul(run, RUN_STRIDE) ^ seed) | 0);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return uniformInt(this.#random, least, most);
  }

  /** A number from `least` to below `most`, rounded to `decimals`. */
  real(least: number, most: number, decimals: number): number {
    return Number((least + uniformFloat64(this.#random) * (most - least)).toFixed(decimals));
  }

  chance(probability: number): boolean {
    return uniformFloat64(this.#random) < probability;
  }

  oneOf<T>(choices: readonly T[]): T {
    const chosen = choices[this.whole(0, choices.length - 1)];
    if (chosen === undefined) throw new RangeError('there is nothing to choose from');
    return chosen;
  }
}
