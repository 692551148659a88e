import { columnIndex, rowWidth } from '../../backtest/kernel/metrics-row.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import { componentNames, componentWriter } from '../objective/components.ts';

const SHARPE = columnIndex('sharpeRatio');
const WIDE = rowWidth(true);

/**
 * What ranking and statistics need of every trial, column by column in typed arrays: some dozens of bytes each, so that a million fit. Rows
 * are added in the order of their positions, in any portions; the order decides the last bits of sums.
 */
export class TrialTable {
  readonly prepared: PreparedOptimization;
  /** Numbers of the combinations; the first `count` are filled. */
  readonly #indices: Float64Array;
  /** Components of the objective: of the whole span first, then of each fold; one column each. */
  readonly #components: readonly Float64Array[];
  readonly #sharpe: Float64Array;
  readonly #names: readonly string[];
  readonly #write: ReturnType<typeof componentWriter>;
  #count = 0;

  constructor(prepared: PreparedOptimization) {
    const { input, plan } = prepared;
    const { objective } = input.spec;
    this.prepared = prepared;
    this.#names = componentNames(objective);
    this.#write = componentWriter(objective);
    this.#indices = new Float64Array(plan.total);
    this.#sharpe = new Float64Array(plan.total);
    const columns = this.#names.length * (1 + plan.folds.length);
    this.#components = Array.from({ length: columns }, () => new Float64Array(plan.total));
  }

  /** Takes in `count` rows of `evaluateRange`. Throws a `RangeError` when there are more than the plan has. */
  add(indices: Float64Array, rows: Float64Array, count: number): void {
    const { plan, columns, whole } = this.prepared;
    if (this.#count + count > plan.total) {
      throw new RangeError(`${this.#count + count} rows: the plan has ${plan.total} combinations`);
    }
    const own = new Float64Array(this.#names.length);
    const at = { rows, offset: 0, bars: whole.to - whole.from };
    for (let k = 0; k < count; k++, this.#count++) {
      at.offset = k * columns.length;
      this.#indices[this.#count] = indices[k]!;
      this.#sharpe[this.#count] = rows[at.offset + SHARPE]!;
      this.#write(at, own, 0);
      for (let c = 0; c < this.#components.length; c++) {
        const value = c < own.length ? own[c]! : rows[at.offset + WIDE + c - own.length]!;
        this.#components[c]![this.#count] = value;
      }
    }
  }

  get count(): number {
    return this.#count;
  }

  get indices(): Float64Array {
    return this.#indices.subarray(0, this.#count);
  }

  /** Annual Sharpe ratios; NaN where not defined. */
  get sharpeRatios(): Float64Array {
    return this.#sharpe.subarray(0, this.#count);
  }

  /** Components of the objective by name, on the whole span (-1) or where a fold chooses. */
  components(fold: number): ReadonlyMap<string, Float64Array> {
    const first = (fold + 1) * this.#names.length;
    return new Map(this.#names.map((name, c) => [name, this.#components[first + c]!.subarray(0, this.#count)]));
  }
}
