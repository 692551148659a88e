import { firstAtOrAfter } from '../../backtest/engine/equity-curve.ts';
import { ColumnStore } from '../../backtest/kernel/column-store.ts';
import { compileSignals } from '../../backtest/kernel/signal-program.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { Strategy, StrategyParams } from '../../strategies/strategy.ts';
import { baseParams } from '../check-space.ts';
import { type Effort, LOOK } from '../space/effort.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { OptimizationInput } from './optimization.ts';

/** The most bars that any combination needs before it can trade, and such a combination. */
export interface WarmUp {
  readonly bars: number;
  readonly params: StrategyParams;
}

/** Combinations that are kept to compare with. */
const MOST_KEPT = 64;

/**
 * Finds the longest warm-up among combinations without asking the strategy about each. Where a strategy says that its warm-up rises with a
 * parameter (`warmUpRisesWith`), a combination need not be asked about when one that was has values that are as high or higher there, and
 * equal elsewhere: its warm-up is as long or longer. A strategy that says nothing is asked about every combination.
 */
export class LongestWarmUp {
  readonly #space: SearchSpace;
  readonly #effort: Effort;
  readonly #base: Readonly<Record<string, number>>;
  readonly #barsOf: (params: StrategyParams) => number;
  readonly #least: number;
  readonly #rises: readonly boolean[];
  /** Combinations that were asked about, the last that spared a question first. */
  readonly #kept: Float64Array[] = [];
  #longest: WarmUp = { bars: -1, params: {} };

  constructor(input: OptimizationInput, times: Float64Array, space: SearchSpace, effort: Effort) {
    const { spec, strategy, markets } = input;
    const { sizing } = spec.backtest;
    const rising = strategy.warmUpRisesWith ?? [];
    this.#space = space;
    this.#effort = effort;
    this.#base = baseParams(spec, strategy);
    this.#barsOf = warmUpOf(input, times);
    this.#least = sizing.kind === 'volatilityTarget' && markets.length === 1 ? sizing.window - 1 : 0;
    this.#rises = space.names.map((name) => rising === 'all' || rising.includes(name));
  }

  /** The longest of all that was met. */
  get longest(): WarmUp {
    return this.#longest;
  }

  /** Meets combinations: values by axis, those from axis `free` on being any. Throws `EffortSpent`. */
  meet(values: Float64Array, free: number): void {
    const own = values.slice();
    this.#meetFrom(own, free);
  }

  #meetFrom(own: Float64Array, axis: number): void {
    const { axes } = this.#space;
    if (axis === axes.length) return this.#meetOne(own);
    const { count, at, highest } = axes[axis]!;
    if (this.#rises[axis]!) {
      own[axis] = highest;
      return this.#meetFrom(own, axis + 1);
    }
    for (let position = count - 1; position >= 0; position--) {
      own[axis] = at(position);
      this.#meetFrom(own, axis + 1);
    }
  }

  #meetOne(own: Float64Array): void {
    const known = this.#kept.findIndex((other) => this.#covers(other, own));
    this.#effort.spend(LOOK * (known < 0 ? this.#kept.length + 1 : known + 1));
    if (known === 0) return;
    if (known > 0) {
      const [other] = this.#kept.splice(known, 1);
      this.#kept.unshift(other!);
      return;
    }
    this.#effort.spendOnLines();
    const params = this.#space.exclusion.params(own);
    const bars = Math.max(this.#barsOf({ ...this.#base, ...params }), this.#least);
    if (bars > this.#longest.bars) this.#longest = { bars, params };
    if (!this.#rises.includes(true)) return;
    this.#kept.unshift(own.slice());
    if (this.#kept.length > MOST_KEPT) this.#kept.pop();
  }

  /** Whether the warm-up of `one` is at least that of `other`. */
  #covers(one: Float64Array, other: Float64Array): boolean {
    for (let axis = 0; axis < other.length; axis++) {
      const [mine, yours] = [one[axis]!, other[axis]!];
      if (this.#rises[axis]! ? mine < yours : mine !== yours) return false;
    }
    return true;
  }
}

/** Tells how many bars of the axis pass before a combination's lines have values. */
function warmUpOf({ strategy, markets }: OptimizationInput, times: Float64Array): (params: StrategyParams) => number {
  const [only] = markets;
  if (strategy.rules !== undefined && markets.length === 1) {
    const store = new ColumnStore(only!, { maxBytes: 0 });
    return (params) => compileSignals(strategy.rules!(params), store).warmUp;
  }
  return (params) => {
    const first = markets.map(
      (candles) => candles.time[boardBars(strategy, params, candles)] ?? Number.POSITIVE_INFINITY,
    );
    const time = Math.min(...first);
    return time === Number.POSITIVE_INFINITY ? times.length : firstAtOrAfter(times, time);
  };
}

/** A board for the declarations alone: no line is computed. */
function boardBars(strategy: Strategy, params: StrategyParams, candles: OptimizationInput['markets'][number]): number {
  const board = LineBoard.withoutValues(candles);
  board.prepare(strategy, params);
  return board.warmUpBars;
}
