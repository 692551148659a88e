import { halfSplits } from './splits.ts';

/** Returns of every trial summed over the blocks of time, one row for each trial. */
export interface BlockSums {
  readonly trials: number;
  /** Even, from 2 to 20; 16 is usual. */
  readonly blocks: number;
  /** Sum of returns of trial k in block b at `k * blocks + b`; and of their squares. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Returns in each block, the same for all trials. */
  readonly counts: ArrayLike<number>;
}

/** How often the trial that was best in one half of the time is below the middle in the other half. */
export interface BacktestOverfitting {
  /** Share of splits in which the best of the one half is in the lower half of the other. */
  readonly pbo: number;
  /** ln(w / (1 - w)) of each split, w the relative rank of the chosen trial outside of its sample. */
  readonly logits: Float64Array;
  /** Slope of the chosen trial's Sharpe ratio outside on that inside; `null` when all inside are equal. */
  readonly degradationSlope: number | null;
  /** Share of splits in which the chosen trial lost money outside. */
  readonly lossProbability: number;
}

const rootOf = (signed: number): number => Math.sign(signed) * Math.sqrt(Math.abs(signed));

/** Sums over every choice of some blocks: that of choice `mask` and trial k at `mask * trials + k`. */
function choiceSums(values: Float64Array, input: BlockSums, first: number, bits: number): Float64Array {
  const { trials, blocks } = input;
  const sums = new Float64Array(2 ** bits * trials);
  for (let mask = 1; mask < 2 ** bits; mask++) {
    const top = 31 - Math.clz32(mask);
    const rest = (mask - 2 ** top) * trials;
    const at = mask * trials;
    for (let k = 0; k < trials; k++) sums[at + k] = sums[rest + k]! + values[k * blocks + first + top]!;
  }
  return sums;
}

/**
 * What each trial earned in any choice of blocks as the sum of two numbers: of its choice among the lower blocks and among the upper ones.
 * That makes the work of a split independent of the number of blocks.
 */
class ChoiceTables {
  readonly #input: BlockSums;
  readonly #lowBits: number;
  readonly #low: readonly [sums: Float64Array, squares: Float64Array];
  readonly #high: readonly [sums: Float64Array, squares: Float64Array];

  constructor(input: BlockSums) {
    const { blocks, sums, squares } = input;
    this.#input = input;
    this.#lowBits = blocks >>> 1;
    const highBits = blocks - this.#lowBits;
    this.#low = [choiceSums(sums, input, 0, this.#lowBits), choiceSums(squares, input, 0, this.#lowBits)];
    this.#high = [
      choiceSums(sums, input, this.#lowBits, highBits),
      choiceSums(squares, input, this.#lowBits, highBits),
    ];
  }

  /**
   * Writes the square of every trial's Sharpe ratio (of one period) in the chosen blocks, with its sign: it ranks as the ratio does and needs
   * no root. 0 when the returns do not vary, as for a trial that never traded.
   *
   * @returns the trial with the highest, the first of equals.
   */
  fill(mask: number, out: Float64Array): number {
    const { trials, counts, blocks } = this.#input;
    let n = 0;
    for (let b = 0; b < blocks; b++) if ((mask >>> b) & 1) n += counts[b]!;
    const low = (mask & (2 ** this.#lowBits - 1)) * trials;
    const high = (mask >>> this.#lowBits) * trials;
    const [lowSums, lowSquares] = this.#low;
    const [highSums, highSquares] = this.#high;
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < trials; k++) {
      const sum = lowSums[low + k]! + highSums[high + k]!;
      const squares = lowSquares[low + k]! + highSquares[high + k]!;
      const mean = sum / n;
      const variance = (squares - sum * mean) / (n - 1);
      // What is left of equal returns is rounding. The first comparison is enough for almost all trials, and spares a division.
      const varies = variance * n > 2e-14 * squares || variance > 1e-14 * (squares / n);
      const value = varies ? (mean * Math.abs(mean)) / variance : 0;
      out[k] = value;
      if (value > highest) {
        highest = value;
        best = k;
      }
    }
    return best;
  }
}

/** Rank of `values[k]` from 1 (lowest) to n; equals share the middle of their ranks. */
function rankOf(values: Float64Array, k: number): number {
  const own = values[k]!;
  let notAbove = 0;
  let below = 0;
  for (let i = 0; i < values.length; i++) {
    below += values[i]! < own ? 1 : 0;
    notAbove += values[i]! <= own ? 1 : 0;
  }
  return (below + notAbove + 1) / 2;
}

/** What the splits have shown so far. */
class Tally {
  readonly logits: Float64Array;
  #count = 0;
  #overfitted = 0;
  #losses = 0;
  #sumX = 0;
  #sumY = 0;
  #sumXX = 0;
  #sumXY = 0;

  constructor(splits: number) {
    this.logits = new Float64Array(splits);
  }

  /** Takes in that `chosen` was the best inside. */
  add(chosen: number, inside: Float64Array, outside: Float64Array): void {
    const w = rankOf(outside, chosen) / (outside.length + 1);
    const logit = Math.log(w / (1 - w));
    this.logits[this.#count++] = logit;
    if (logit <= 0) this.#overfitted += 1;
    const [x, y] = [rootOf(inside[chosen]!), rootOf(outside[chosen]!)];
    if (y < 0) this.#losses += 1;
    this.#sumX += x;
    this.#sumY += y;
    this.#sumXX += x * x;
    this.#sumXY += x * y;
  }

  result(): BacktestOverfitting {
    const n = this.#count;
    const spread = this.#sumXX - (this.#sumX * this.#sumX) / n;
    const slope = (this.#sumXY - (this.#sumX * this.#sumY) / n) / spread;
    return {
      pbo: this.#overfitted / n,
      logits: this.logits,
      degradationSlope: spread > 1e-12 * this.#sumXX ? slope : null,
      lossProbability: this.#losses / n,
    };
  }
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation, with the Sharpe ratio as the measure: 12,870
 * splits for 16 blocks. Needs two trials and at least two returns in each half. The same input gives the same bits.
 *
 * @see Bailey, Borwein, Lopez de Prado and Zhu, "The Probability of Backtest Overfitting", Journal of Computational Finance 20(4), 2017.
 */
export function backtestOverfitting(input: BlockSums): BacktestOverfitting {
  const { trials, blocks } = input;
  if (trials < 2) throw new RangeError(`overfitting is measured among trials: give at least 2, not ${trials}`);
  if (blocks % 2 !== 0 || blocks < 2 || blocks > 20)
    throw new RangeError(`${blocks} blocks: give an even number from 2 to 20`);
  const masks = halfSplits(blocks);
  const tally = new Tally(masks.length * 2);
  const tables = new ChoiceTables(input);
  const [inside, outside] = [new Float64Array(trials), new Float64Array(trials)];
  for (const mask of masks) {
    const bestInside = tables.fill(mask, inside);
    const bestOutside = tables.fill(2 ** blocks - 1 - mask, outside);
    tally.add(bestInside, inside, outside);
    tally.add(bestOutside, outside, inside);
  }
  return tally.result();
}
